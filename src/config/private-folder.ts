/** Makes the folders of settings level by level: Node's recursive mkdir never returns below /proc (seen on 24.21). */
import { chmodSync, lstatSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Levels that may be missing; a deeper path is a mistake. */
const MAX_DEPTH = 64;

/** Makes `path` and what is missing above it, each 0700; what exists stays as it is. Throws what mkdir throws. */
export function makePrivateFolder(path: string, depth = 0): void {
  if (isMade(path, depth < MAX_DEPTH && dirname(path) !== path)) return;
  makePrivateFolder(dirname(path), depth + 1);
  isMade(path, false);
}

/** False: something above it is missing, and `mayBeMissing` allows that. */
function isMade(path: string, mayBeMissing: boolean): boolean {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && mayBeMissing) return false;
    if (code !== 'EEXIST') throw error;
  }
  return true;
}

/**
 * Makes below `base` the folders `names`, one in the other, each 0700, and returns the innermost. Throws where one of
 * them is somebody else's, since a setting may point to a place where others write.
 */
export function makeOwnFolders(base: string, names: readonly string[]): string {
  return names.reduce((path, name) => makeOwnFolder(join(path, name)), makeOwnFolder(base));
}

/** Makes `path`, 0700. Throws where it is somebody else's. */
export function makeOwnFolder(path: string): string {
  makePrivateFolder(path);
  assertOwnFolder(path);
  return path;
}

/** A link is ours when we made it and it leads to a folder of ours: people put their data on another disk. */
export function assertOwnFolder(path: string): void {
  const own = process.getuid?.();
  const found = lstatSync(path);
  const target = found.isSymbolicLink() ? statSync(path) : found;
  const isOurs = own === undefined || (found.uid === own && target.uid === own);
  const fault = !target.isDirectory() ? 'is no folder' : isOurs ? undefined : 'belongs to another user';
  if (fault !== undefined) throw Object.assign(new Error(`${path} ${fault}`), { code: 'EPERM', syscall: 'lstat' });
  if (process.platform !== 'win32' && (target.mode & 0o077) !== 0) chmodSync(path, 0o700);
}
