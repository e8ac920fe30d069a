/** The git folder of a worktree, and bounded reads of the small files of git. What is missing or odd is unknown. */
import { closeSync, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The files that are read are small; protects from a huge one in their place. */
const MAX_FILE_BYTES = 65_536;

/** `.git`, or the folder that a `.git` file of a linked worktree points to; undefined in a bare repository. */
export function gitFolderIn(worktree: string): string | undefined {
  const git = join(worktree, '.git');
  if (isFolder(git)) return git;
  const target = /^gitdir: (.+)$/m.exec(readSmall(git)?.text ?? '')?.[1];
  return target === undefined ? undefined : resolve(worktree, target);
}

export function isFolder(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch {
    // Not allowed to look.
    return false;
  }
}

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
