/** File functions that Node composes from the public `fs`, here composed from what is kept: a mock is never called. */
import type * as Fs from 'node:fs';

/** Bytes read at a time from a file that reports no size, as those of `/proc`. */
const PIECE_BYTES = 64 * 1024;

type Options =
  { readonly encoding?: BufferEncoding | null; readonly flag?: string; readonly mode?: number } | BufferEncoding | null | undefined;

/** `fs` holds functions that only call the system. The results do what Node's of the same names do, as far as used. */
export function ownFiles(fs: typeof Fs): Pick<typeof Fs, 'readFileSync' | 'writeFileSync' | 'rmSync'> {
  const { openSync, closeSync, fstatSync, readSync, writeSync, lstatSync, readdirSync, unlinkSync, rmdirSync } = fs;
  // Node reads and writes text in UTF-8 without its other functions.
  const { readFileSync: readText, writeFileSync: writeText } = fs;

  const withFile = <T>(path: Fs.PathOrFileDescriptor, flag: string, mode: number | undefined, use: (fd: number) => T): T => {
    if (typeof path === 'number') return use(path);
    const fd = openSync(path, flag, mode);
    try {
      return use(fd);
    } finally {
      closeSync(fd);
    }
  };

  const readAll = (fd: number): Buffer => {
    const pieces: Buffer[] = [];
    for (let size = fstatSync(fd).size || PIECE_BYTES; ; size = PIECE_BYTES) {
      const piece = Buffer.allocUnsafe(size);
      const bytes = readSync(fd, piece, 0, size, null);
      if (bytes === 0) return Buffer.concat(pieces);
      pieces.push(piece.subarray(0, bytes));
    }
  };

  const remove = (path: string, { recursive = false, force = false }: Fs.RmOptions): void => {
    try {
      if (recursive && lstatSync(path).isDirectory()) {
        for (const name of readdirSync(path)) remove(`${path}/${name}`, { recursive, force });
        rmdirSync(path);
      } else unlinkSync(path);
    } catch (error) {
      if (!force || (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  };

  return {
    readFileSync: ((path: Fs.PathOrFileDescriptor, options: Options) => {
      const { encoding, flag = 'r' } = named(options);
      if (encoding === 'utf8') return readText(path, { encoding, flag });
      const bytes = withFile(path, flag, undefined, readAll);
      return encoding === undefined || encoding === null ? bytes : bytes.toString(encoding);
    }) as typeof Fs.readFileSync,
    writeFileSync: (path, data, options) => {
      const { flag = 'w', mode } = named(options as Options);
      if (typeof data === 'string') {
        // Without a named encoding, Node composes the function from others of the public `fs`.
        writeText(path, data, { encoding: 'utf8', flag, mode });
        return;
      }
      withFile(path, flag, mode, (fd) => {
        for (let at = 0; at < data.byteLength;) at += writeSync(fd, data, at, data.byteLength - at, null);
      });
    },
    rmSync: (path, options = {}) => remove(String(path), options),
  };
}

const named = (options: Options) => (typeof options === 'string' ? { encoding: options } : (options ?? {}));
