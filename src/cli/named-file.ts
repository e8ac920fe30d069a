/** Files that the user named for a result: what stands in them afterwards is for this user alone. */
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  ftruncateSync,
  lstatSync,
  openSync,
  realpathSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { resolve } from 'node:path';
import { pause } from '../config/originals.ts';
import { writeWhole } from '../config/write-whole.ts';

/** Longest wait for the reader of a pipe that takes nothing. */
const PIPE_MS = 5_000;
const PIPE_LOOK_MS = 5;

/**
 * A new file of mode 0600 takes the place of an old one, whatever its mode was and whoever has it open. A pipe or a device
 * is written to. Throws what the system throws.
 */
export function writeNamedFile(file: string, text: string): void {
  const path = resolve(file);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found !== undefined && (!found.isFile() || /^\/(?:dev|proc)\//.test(path))) return pour(path, text);
  assertNoTrap(path);
  const target = found === undefined ? path : realpathSync(path);
  try {
    writeWhole(target, text);
  } catch (error) {
    // EACCES, EPERM: a folder where nothing can be made. EBUSY: a file that is mounted alone, as containers do.
    if (found === undefined || !['EACCES', 'EPERM', 'EBUSY', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    overwrite(target, text);
  }
}

function overwrite(path: string, text: string): void {
  withFile(path, constants.O_WRONLY | (constants.O_NOFOLLOW ?? 0), (file) => {
    const own = process.getuid?.();
    if (own !== undefined && fstatSync(file).uid !== own) throw new Error('it belongs to another user');
    fchmodSync(file, 0o600);
    ftruncateSync(file);
    writeFileSync(file, text);
  });
}

/** Somebody else's link in a folder that all may write to (/tmp) leads where its owner wants, and not where the user does. */
function assertNoTrap(path: string): void {
  const own = process.getuid?.();
  const link = lstatSync(path, { throwIfNoEntry: false });
  if (own !== undefined && link?.isSymbolicLink() === true && link.uid !== own && link.uid !== 0)
    throw new Error('it is a link of another user');
}

/** Without a reader a pipe refuses at once (ENXIO); one whose reader takes nothing is left after a while. */
function pour(path: string, text: string): void {
  withFile(path, constants.O_WRONLY | constants.O_APPEND | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0), (file) => {
    let rest = Buffer.from(text);
    const deadline = performance.now() + PIPE_MS;
    while (rest.length > 0) {
      try {
        rest = rest.subarray(writeSync(file, rest));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || performance.now() > deadline) throw error;
        pause(PIPE_LOOK_MS);
      }
    }
  });
}

function withFile(path: string, flags: number, use: (file: number) => void): void {
  const file = openSync(path, flags);
  try {
    use(file);
  } finally {
    closeSync(file);
  }
}
