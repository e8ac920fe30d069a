/** Makes the folders that settings name, level by level: Node's own recursive mkdir never returns below /proc (seen on 24.21). */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/** Levels that may be missing; a deeper path is a mistake. */
const MAX_DEPTH = 64;

type Make = (path: string, options: { mode: number }) => unknown;

/**
 * Makes `path` and what is missing above it, each 0700; what exists stays as it is. Throws what mkdir throws.
 * @param make the mkdir captured before the app could replace it
 */
export function makePrivateFolder(path: string, make: Make = mkdirSync, depth = 0): void {
  if (isMade(path, make, depth < MAX_DEPTH && dirname(path) !== path)) return;
  makePrivateFolder(dirname(path), make, depth + 1);
  isMade(path, make, false);
}

/** False: something above it is missing, and `mayBeMissing` allows that. */
function isMade(path: string, make: Make, mayBeMissing: boolean): boolean {
  try {
    make(path, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && mayBeMissing) return false;
    if (code !== 'EEXIST') throw error;
  }
  return true;
}
