// Installs a project of third-party packages once per lock file, into the user's cache folder.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheFolder } from '../../tools/cache-folder.ts';

export interface ProjectOptions {
  /** Where package.json and package-lock.json lie. */
  readonly project: string;
  /** Below the cache folder, in front of the version: `sdks/`. */
  readonly into: string;
  /** What an error calls it. */
  readonly name: string;
  /** What npm is told besides to be quiet; default: what the lock file names, without install scripts. */
  readonly npm?: readonly string[];
  /** It holds binaries of this platform. */
  readonly isNative?: boolean;
  /** Runs in the fresh folder after npm. */
  readonly finish?: (folder: string) => void;
}

/** The folder that holds its `node_modules`. Throws with npm's words when it can neither be found nor installed. */
export function installProject(options: ProjectOptions): string {
  const { project, into, isNative = false } = options;
  const hash = createHash('sha256').update(readFileSync(join(project, 'package-lock.json')));
  if (isNative) hash.update(`${process.platform}-${process.arch}`);
  const folder = cacheFolder(`${into}${hash.digest('hex').slice(0, 16)}`);
  if (!existsSync(folder)) install(folder, options);
  return folder;
}

/** The folder appears whole, by one rename. */
function install(folder: string, { project, name, npm = ['ci', '--ignore-scripts'], finish }: ProjectOptions): void {
  const cache = dirname(folder);
  mkdirSync(cache, { recursive: true });
  const fresh = mkdtempSync(join(cache, 'new-'));
  try {
    for (const file of ['package.json', 'package-lock.json']) copyFileSync(join(project, file), join(fresh, file));
    execFileSync('npm', [...npm, '--no-audit', '--no-fund'], { cwd: fresh, stdio: ['ignore', 'pipe', 'pipe'] });
    finish?.(fresh);
    renameSync(fresh, folder);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    // Another process has installed the same version meanwhile.
    if (!existsSync(folder)) throw new Error(`${name} could not be installed; is the npm registry reachable?`, { cause: error });
  }
}
