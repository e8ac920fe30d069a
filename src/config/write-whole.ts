/** Writes files of ours whole or not at all, and adds lines to them, past whatever stands in their place. */
import { closeSync, constants, openSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs';

/** In the name of a file that is not whole yet. One that is left over was being written when its process was killed. */
export const PART_SUFFIX = '.part';

const { O_WRONLY, O_CREAT, O_APPEND, O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants;
/** Adds to a file, which is made where it is missing; never waits, follows no link. */
export const APPEND_FLAGS = O_WRONLY | O_CREAT | O_APPEND | O_NONBLOCK | O_NOFOLLOW;

/**
 * Writes beside the file (0600) and renames, so that a reader never sees half of it and a link or a FIFO in its place is
 * replaced, not opened. Throws what the file system throws; then nothing is left behind.
 */
export function writeWhole(path: string, content: string | Buffer): void {
  const part = `${path}.${process.pid}-${Math.random().toString(36).slice(2, 10)}${PART_SUFFIX}`;
  try {
    writeFileSync(part, content, { mode: 0o600, flag: 'wx' });
    renameSync(part, path);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}

/** Adds a line to a file, which is made (0600) where it is missing. Throws where a link or a FIFO stands in its place. */
export function appendLine(path: string, line: string): void {
  const file = openSync(path, APPEND_FLAGS, 0o600);
  try {
    writeSync(file, `${line}\n`);
  } finally {
    closeSync(file);
  }
}
