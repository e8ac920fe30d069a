/** Installs one version of p-queue into the user's cache folder, once, as a small project of its own. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../../tools/cache-folder.ts';

/** The newest of every major that is watched. */
export const versions = ['6.6.2', '7.4.1', '8.1.1', '9.3.5', '10.0.0'] as const;

const cache = cacheFolder('p-queue');

/** Path of the package's entry. Throws when it can neither be found nor installed. */
export function installQueue(version: string): string {
  const folder = join(cache, version);
  const entry = join(folder, 'node_modules', 'p-queue', 'dist', 'index.js');
  if (existsSync(entry)) return entry;
  mkdirSync(cache, { recursive: true });
  const fresh = mkdtempSync(join(cache, 'new-'));
  try {
    writeFileSync(join(fresh, 'package.json'), JSON.stringify({ private: true, dependencies: { 'p-queue': version } }));
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts'], { cwd: fresh, stdio: ['ignore', 'ignore', 'pipe'] });
    renameSync(fresh, folder);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    // Another process has installed the same version meanwhile.
    if (!existsSync(entry)) throw new Error(`p-queue ${version} could not be installed; is the npm registry reachable?`, { cause: error });
  }
  return entry;
}
