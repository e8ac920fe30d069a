// Packs the built package and installs it, as a user does, into an empty folder.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt, freshFolder, repository } from '../harness/index.ts';

/** Folder of a project whose only dependency is the packed swarmscope. */
export function installPackage(): string {
  ensureBuilt();
  const folder = freshFolder('package');
  const npm = (args: readonly string[], cwd: string): string =>
    execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const [packed] = JSON.parse(npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder], repository)) as [
    { filename: string },
  ];
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'user', private: true }));
  npm(['install', '--offline', '--no-audit', '--no-fund', `./${packed.filename}`], folder);
  return folder;
}
