/**
 * The one place that opens files for reading: regular ones, with a bound in bytes. A FIFO, a device, a folder or an
 * endless file in the place of one never blocks us: it is undefined, as what is missing or not readable is.
 */
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, statSync, type Stats } from 'node:fs';

/** The files that are read are small; protects from a huge one in their place. */
const MAX_FILE_BYTES = 65_536;
/** Certificates with all their authorities are 200 KB; so are the longest files of `/proc`. */
const MAX_NAMED_BYTES = 1_048_576;
/** Read at least at a time: a file may grow while it is read, and those of `/proc` report no size. */
const PIECE_BYTES = 65_536;
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
const OWN_FLAGS = FLAGS | (constants.O_NOFOLLOW ?? 0);

/** The beginning of a file as text, and the time of its last change. Links are followed. */
export function readSmall(path: string, maxBytes = MAX_FILE_BYTES): { text: string; modifiedMs: number } | undefined {
  return readAny(path, (file, { mtimeMs: modifiedMs }) => ({ text: read(file, maxBytes).toString('utf8'), modifiedMs }));
}

/** A whole file, unless it is longer than `maxBytes` or not `wanted`. Links are followed. */
export function readBytes(
  path: string,
  maxBytes: number,
  wanted: (file: { modifiedMs: number }) => boolean = () => true,
): Buffer | undefined {
  return readAny(path, (file, { mtimeMs: modifiedMs }) => (wanted({ modifiedMs }) ? readWhole(file, maxBytes) : undefined));
}

/** For files that the user names. Links are followed. Throws an error whose `code` says why it cannot be read. */
export function readNamed(path: string, maxBytes = MAX_NAMED_BYTES): Buffer {
  // It throws what the system says: ENOENT, EACCES.
  const { size } = statSync(path);
  const bytes = readBytes(path, maxBytes);
  if (bytes !== undefined) return bytes;
  throw Object.assign(new Error(`no regular file of at most ${maxBytes} bytes`), { code: size > maxBytes ? 'EFBIG' : 'EACCES' });
}

/** Follows no link. undefined: not there, not a plain file of this user's alone (or `wanted`), larger than `maxBytes`. */
export function readPrivate(path: string, maxBytes: number, wanted = isPrivate): Buffer | undefined {
  return using(openOwn(path, wanted), (file) => readWhole(file, maxBytes));
}

/** The beginning, as text, of a file that this user or root wrote. Follows no link. */
export function readOurs(path: string, maxBytes = MAX_FILE_BYTES): string | undefined {
  return using(openOwn(path, isOurs), (file) => read(file, maxBytes).toString('utf8'));
}

/**
 * A descriptor of a regular file that is `wanted`, opened without waiting and without following a link; to be closed by
 * the caller.
 */
export function openOwn(path: string, wanted: (file: Stats) => boolean): number | undefined {
  return open(path, OWN_FLAGS, wanted);
}

/** Of what stands there itself, be it a link; undefined: nothing, or nothing that we may see. */
export function statusOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    // ENOTDIR, EACCES
    return undefined;
  }
}

export function isOurs({ uid }: Stats): boolean {
  return uid === 0 || uid === (process.getuid?.() ?? uid);
}

/** Nobody but this user can have written it. */
function isPrivate({ mode, uid, nlink }: Stats): boolean {
  return (mode & 0o077) === 0 && nlink === 1 && uid === (process.getuid?.() ?? uid);
}

function readAny<Content>(path: string, take: (file: number, status: Stats) => Content): Content | undefined {
  try {
    // Not even opened: a device may do something when it is (a tape winds back).
    if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
  } catch {
    // EACCES, ELOOP
    return undefined;
  }
  return using(
    open(path, FLAGS, () => true),
    (file) => take(file, fstatSync(file)),
  );
}

function open(path: string, flags: number, wanted: (file: Stats) => boolean): number | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, flags);
    const status = fstatSync(file);
    if ((status.mode & constants.S_IFMT) === constants.S_IFREG && wanted(status)) return file;
  } catch {
    // ENOENT, ELOOP, EACCES, ENXIO
  }
  if (file !== undefined) closeSync(file);
  return undefined;
}

function using<Content>(file: number | undefined, take: (file: number) => Content): Content | undefined {
  if (file === undefined) return undefined;
  try {
    return take(file);
  } catch {
    // EIO, or it is longer than a string can be.
    return undefined;
  } finally {
    closeSync(file);
  }
}

function readWhole(file: number, maxBytes: number): Buffer | undefined {
  const bytes = read(file, maxBytes + 1);
  return bytes.length > maxBytes ? undefined : bytes;
}

/** At most `maxBytes` from the beginning. */
function read(file: number, maxBytes: number): Buffer {
  const pieces: Buffer[] = [];
  const { size } = fstatSync(file);
  for (let at = 0; at < maxBytes;) {
    const piece = Buffer.allocUnsafe(Math.min(Math.max(size + 1 - at, PIECE_BYTES), maxBytes - at));
    const length = readSync(file, piece, 0, piece.length, at);
    if (length === 0) break;
    pieces.push(piece.subarray(0, length));
    at += length;
  }
  return Buffer.concat(pieces);
}
