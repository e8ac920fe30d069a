/** Bounded reads of small files. What is missing, odd or too large is undefined; a FIFO in its place never blocks. */
import { closeSync, constants, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs';

/** The files that are read are small; protects from a huge one in their place. */
const MAX_FILE_BYTES = 65_536;

/** The beginning of a file as text, and the time of its last change. */
export function readSmall(path: string, maxBytes = MAX_FILE_BYTES): { text: string; modifiedMs: number } | undefined {
  return read(path, (file) => {
    const buffer = Buffer.allocUnsafe(maxBytes);
    const text = buffer.toString('utf8', 0, readSync(file, buffer, 0, maxBytes, 0));
    return { text, modifiedMs: fstatSync(file).mtimeMs };
  });
}

/** A whole file, unless it is longer than `maxBytes` or not `wanted`. */
export function readBytes(path: string, maxBytes: number, wanted: (file: { modifiedMs: number }) => boolean): Buffer | undefined {
  return read(path, (file) => {
    const { size, mtimeMs: modifiedMs } = fstatSync(file);
    return size > maxBytes || !wanted({ modifiedMs }) ? undefined : readFileSync(file);
  });
}

function read<Content>(path: string, take: (file: number) => Content): Content | undefined {
  let file: number | undefined;
  try {
    // A FIFO in the place of a file would block the program.
    if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
    file = openSync(path, 'r');
    return take(file);
  } catch {
    // Gone or not readable.
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Follows no link. undefined: not there, not a plain file of this user's alone, or larger than `maxBytes`. */
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
