/** Makes the folders that settings name, one by one: Node's own recursive mkdir never returns below /proc (seen on 24.21). */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/** Levels that may be missing; a deeper path is a mistake. */
const MAX_DEPTH = 64;

type Make = (path: string, options: { mode: number }) => unknown;

/**
 * Makes `path` and what is missing above it, each 0700. Throws what mkdir throws, except that it exists already.
 * @param make the mkdir captured before the app could replace it
 */
export function makePrivateFolder(path: string, make: Make = mkdirSync): void {
  const missing = [path];
  while (missing.length > 0 && missing.length <= MAX_DEPTH) {
    const folder = missing.at(-1) ?? path;
    const code = tryMake(folder, make);
    if (code === 'made') missing.pop();
    else missing.push(dirname(folder));
  }
  if (missing.length > 0) throw new Error(`more than ${MAX_DEPTH} folders are missing above ${path}`);
}

function tryMake(folder: string, make: Make): 'made' | 'parent-missing' {
  try {
    make(folder, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Below /proc a missing folder cannot be made although its parent is there: the same answer would come for ever.
    if (code === 'ENOENT' && dirname(folder) !== folder && !isThere(dirname(folder), make)) return 'parent-missing';
    if (code !== 'EEXIST') throw error;
  }
  return 'made';
}

/** Whether a folder exists, asked with the only call we have captured. */
function isThere(folder: string, make: Make): boolean {
  try {
    make(folder, { mode: 0o700 });
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EEXIST';
  }
}
