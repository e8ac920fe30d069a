/** Other versions of Node, fetched once through npm into the user's cache: what the matrix tests run on. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { arch, platform } from 'node:process';
import { cacheFolder } from './cache-folder.ts';

/** The oldest supported version, the current one of its line, the one the house runs on, and the newest. */
export const NODE_VERSIONS = ['22.15.0', '22.23.3', '24.21.0', '26.10.0'] as const;

/**
 * Absolute path of that version's `node`; installs it on the first call (about 10 s). Throws npm's error when that
 * fails.
 */
export function nodeBinary(version: string): string {
  const family = platform === 'win32' ? 'win' : platform;
  const packageName = `node-${family}-${arch}`;
  const versions = cacheFolder('node');
  const folder = join(versions, version);
  const binary = join('node_modules', packageName, 'bin', platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(join(folder, binary))) return join(folder, binary);
  mkdirSync(versions, { recursive: true });
  const building = mkdtempSync(join(versions, 'installing-'));
  try {
    const args = ['install', '--prefix', building, '--no-audit', '--no-fund', '--no-save', '--ignore-scripts', `${packageName}@${version}`];
    execFileSync('npm', args, { cwd: building, stdio: ['ignore', 'ignore', 'pipe'] });
    moveInto(building, folder, binary);
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
  return join(folder, binary);
}

/** One rename, so that nobody meets a half installed version; another process may have been faster. */
function moveInto(building: string, folder: string, binary: string): void {
  try {
    renameSync(building, folder);
  } catch (error) {
    if (!existsSync(join(folder, binary))) throw error;
  }
}
