// Installs the projects of this folder once per lock file, into the user's cache folder, and makes programs that use one.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { freshFolder } from '../../harness/index.ts';

/** One folder each below `projects/`: the API and SDK of one time. */
export type Project = 'api-1.0' | 'sdk-1' | 'sdk-1-last' | 'sdk-2' | 'sdk-3' | 'libraries';

const cacheBase = process.env['XDG_CACHE_HOME'] ?? '';
const cache = join(cacheBase === '' ? join(homedir(), '.cache') : cacheBase, 'swarmscope', 'own-otel');

/** The project's `node_modules`. Throws with npm's words when it can neither be found nor installed. */
export function installed(project: Project): string {
  const source = join(import.meta.dirname, 'projects', project);
  const version = createHash('sha256')
    .update(readFileSync(join(source, 'package-lock.json')))
    .digest('hex')
    .slice(0, 16);
  const folder = join(cache, `${project}-${version}`);
  if (!existsSync(folder)) install(source, folder);
  return join(folder, 'node_modules');
}

function install(source: string, folder: string): void {
  mkdirSync(cache, { recursive: true });
  const fresh = mkdtempSync(join(cache, 'new-'));
  try {
    for (const name of ['package.json', 'package-lock.json']) copyFileSync(join(source, name), join(fresh, name));
    execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts'], { cwd: fresh, stdio: ['ignore', 'pipe', 'pipe'] });
    renameSync(fresh, folder);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    // Another process has installed the same lock file meanwhile.
    if (!existsSync(folder)) throw new Error(`${source} could not be installed; is the npm registry reachable?`, { cause: error });
  }
}

/** A fresh folder with these files and the project's packages; returns it. */
export function programFolder(project: Project, files: Readonly<Record<string, string>>): string {
  const folder = freshFolder('program');
  symlinkSync(installed(project), join(folder, 'node_modules'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}
