/** Installs the runners, bundlers, package managers, test frameworks and runtimes of this project, once per lock file and platform, into the user's cache folder. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const project = import.meta.dirname;
const cacheBase = process.env['XDG_CACHE_HOME'] ?? '';
const cache = join(cacheBase === '' ? join(homedir(), '.cache') : cacheBase, 'swarmscope', 'platform-tools');

/** Path of its `node_modules`. Some 400 MB the first time. Throws with npm's words when they cannot be had. */
export function installTools(): string {
  const version = createHash('sha256')
    .update(readFileSync(join(project, 'package-lock.json')))
    .update(`${process.platform}-${process.arch}`)
    .digest('hex')
    .slice(0, 16);
  const folder = join(cache, version);
  if (!existsSync(join(folder, 'installed'))) install(folder);
  return join(folder, 'node_modules');
}

function install(folder: string): void {
  mkdirSync(cache, { recursive: true });
  const fresh = mkdtempSync(join(cache, 'new-'));
  try {
    for (const name of ['package.json', 'package-lock.json']) copyFileSync(join(project, name), join(fresh, name));
    // Not `npm ci`: it refuses a lock file whose optional binaries of other platforms are not in the registry that it was made with.
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts'], { cwd: fresh, stdio: ['ignore', 'pipe', 'pipe'] });
    mkdirSync(join(fresh, 'installed'));
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    // Another process has installed the same version meanwhile.
    if (existsSync(join(folder, 'installed'))) return;
    throw new Error('the platform tools could not be installed; is the npm registry reachable?', { cause: error });
  }
}
