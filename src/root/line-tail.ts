/** Reads what processes of the run add to a file of its folder, whole lines only, each once. */
import { closeSync, fstatSync, readSync, statSync, type Stats } from 'node:fs';
import { openOwn } from '../config/small-file.ts';

/** Read at once; more waits for the next look. */
const MAX_READ_BYTES = 4_194_304;
/** A longer line is not ours. */
const MAX_LINE_BYTES = 65_536;
const NEWLINE = 0x0a;

export class LineTail {
  readonly #path: string;
  readonly #onBad: () => void;
  #offset = 0;

  constructor(path: string, onBad: () => void) {
    this.#path = path;
    this.#onBad = onBad;
  }

  /** Parsed lines that came since the last call; none where there is no file. */
  read(): unknown[] {
    const size = sizeOf(this.#path);
    // The folder was emptied, and the file made again.
    if (size < this.#offset) this.#offset = 0;
    if (size === this.#offset) return [];
    const bytes = this.#bytes(size);
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    if (end === 0) {
      if (bytes.length >= MAX_LINE_BYTES) this.#skip(bytes.length);
      return [];
    }
    this.#offset += end;
    return bytes
      .toString('utf8', 0, end)
      .split('\n')
      .flatMap((line) => (line === '' ? [] : this.#parse(line)));
  }

  #bytes(size: number): Buffer {
    const file = openOwn(this.#path, isOwn);
    if (file === undefined) return Buffer.alloc(0);
    try {
      const bytes = Buffer.allocUnsafe(Math.min(size, fstatSync(file).size) - this.#offset);
      return bytes.subarray(0, readSync(file, bytes, 0, Math.min(bytes.length, MAX_READ_BYTES), this.#offset));
    } catch {
      // EIO, or it was cut meanwhile.
      return Buffer.alloc(0);
    } finally {
      closeSync(file);
    }
  }

  #skip(bytes: number): void {
    this.#offset += bytes;
    this.#onBad();
  }

  #parse(line: string): unknown[] {
    try {
      return [JSON.parse(line)];
    } catch {
      // Cut off by a full disk.
      this.#onBad();
      return [];
    }
  }
}

/** 0 where there is none. */
export function sizeOf(path: string): number {
  try {
    return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  } catch {
    // EACCES, ENOTDIR
    return 0;
  }
}

function isOwn({ uid }: Stats): boolean {
  return uid === (process.getuid?.() ?? uid);
}
