/** Installs the libraries of this project once per lock file into the user's cache folder. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const project = import.meta.dirname;
const cacheBase = process.env['XDG_CACHE_HOME'] ?? '';
const cache = join(cacheBase === '' ? join(homedir(), '.cache') : cacheBase, 'swarmscope', 'child-libraries');

/** Path of its `node_modules`, some 7 MB. Throws with npm's words when they cannot be had. */
export function installLibraries(): string {
  const lock = readFileSync(join(project, 'package-lock.json'));
  const folder = join(cache, createHash('sha256').update(lock).digest('hex').slice(0, 16));
  if (!existsSync(folder)) install(folder);
  return join(folder, 'node_modules');
}

/** The folder appears whole, by one rename. */
function install(folder: string): void {
  mkdirSync(cache, { recursive: true });
  const fresh = mkdtempSync(join(cache, 'new-'));
  try {
    for (const name of ['package.json', 'package-lock.json']) copyFileSync(join(project, name), join(fresh, name));
    execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts'], { cwd: fresh, stdio: ['ignore', 'pipe', 'pipe'] });
    renameSync(fresh, folder);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    // Another process has installed the same version meanwhile.
    if (existsSync(folder)) return;
    throw new Error('the libraries could not be installed; is the npm registry reachable?', { cause: error });
  }
}
