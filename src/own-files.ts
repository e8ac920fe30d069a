/** File functions that Node builds from others of the public `fs`: built here from what it had at the start, so that a mocked `fs` is never called by us. */
import type * as Fs from 'node:fs';

/** Read at once from what tells no size, as `/proc` does. */
const PIECE_BYTES = 64 * 1024;

type Options =
  { readonly encoding?: BufferEncoding | null; readonly flag?: string; readonly mode?: number } | BufferEncoding | null | undefined;

/** `fs`: whose functions do no more than ask the system. Arguments, results and errors are those of Node's functions of the same names, as far as we use them. */
export function ownFiles(fs: typeof Fs): Pick<typeof Fs, 'readFileSync' | 'writeFileSync' | 'rmSync'> {
  const { openSync, closeSync, fstatSync, readSync, writeSync, lstatSync, readdirSync, unlinkSync, rmdirSync } = fs;
  // Of text in UTF-8 both are single calls of the system.
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
        // Named: left out, Node takes the long way through the public `fs`.
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
