/** Reads and writes private files: whole or not at all, never through a link, never somebody else's. */
import process from 'node:process';
import { closeSync, constants, fstatSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** Undefined: not there, not a plain file of this user's alone, or larger than `maxBytes`. */
export function readPrivate(path: string, maxBytes: number): Buffer | undefined {
  let file: number | undefined;
  try {
    // A pipe in its place must not make us wait.
    file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    const { size, mode, uid, nlink } = fstatSync(file);
    const isPlain = (mode & constants.S_IFMT) === constants.S_IFREG && nlink === 1;
    const isOurs = (mode & 0o077) === 0 && uid === (process.getuid?.() ?? uid);
    return isPlain && isOurs && size <= maxBytes ? readFileSync(file) : undefined;
  } catch {
    // ENOENT, ELOOP, EACCES
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Throws what the file system throws (ENOSPC, EROFS); then nothing is left behind. */
export function writePrivate(path: string, bytes: Buffer): void {
  const part = `${path}.part`;
  try {
    writeFileSync(part, bytes, { mode: 0o600, flag: 'wx' });
    renameSync(part, path);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}
