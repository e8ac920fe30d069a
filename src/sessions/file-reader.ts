/** Reads one file of sessions as it grows: what was read is not read again, and nothing of it is kept but numbers and names. */
import { closeSync, fstatSync, readSync, type Stats } from 'node:fs';
import { openOwn, statusOf } from '../config/small-file.ts';
import type { RowReader, SessionFile, SessionFormat } from './format.ts';
import { parseRow } from './json-values.ts';
import type { SessionStore } from './store.ts';

/** Read at once. */
const PIECE_BYTES = 262_144;
/** Longest row that is read: pictures in a request make rows of some MB. */
const MAX_ROW_BYTES = 16 * 1_048_576;
/** Of a longer file the end is read first: it tells what the agent does now. */
const LONG_BYTES = 1_048_576;
const TAIL_BYTES = 131_072;
/** Longest file that is one value; read whole each time it changes. */
const MAX_WHOLE_BYTES = 64 * 1_048_576;
const LINE_FEED = 0x0a;

/** Bytes that may still be read; counted down. */
export interface Budget {
  bytes: number;
}

export interface FileReader {
  readonly file: SessionFile;
  readonly agent: string;
  /** Reads what is new; of a long file that is met for the first time its end alone. */
  read(budget: Budget): void;
  /** Everything was read that stood there at the last look. */
  readonly isComplete: boolean;
}

export interface Limits {
  readonly maxRowBytes?: number;
  readonly longBytes?: number;
  readonly tailBytes?: number;
}

export function openReader(format: SessionFormat, file: SessionFile, store: SessionStore, limits: Limits = {}): FileReader {
  store.counts.files++;
  if (format.kind === 'lines') return linesReader(format.agent, file, store, () => format.open(file, store), limits);
  if (format.kind === 'whole')
    return changeReader(
      format.agent,
      file,
      store,
      wholeOf(file, store, () => format.open(file, store)),
    );
  let database: { poll(): void } | undefined;
  return changeReader(format.agent, file, store, () => {
    database ??= format.open(file, store);
    database.poll();
  });
}

/** A file of this user; root reads everybody's. Links, devices and pipes in its place are not opened. */
function isReadable({ uid }: Stats): boolean {
  const own = process.getuid?.() ?? uid;
  return uid === own || uid === 0 || own === 0;
}

function linesReader(
  agent: string,
  file: SessionFile,
  store: SessionStore,
  open: () => RowReader,
  { maxRowBytes = MAX_ROW_BYTES, longBytes = LONG_BYTES, tailBytes = TAIL_BYTES }: Limits,
): FileReader {
  let [offset, size, inode] = [0, -1, -1];
  let isComplete = false;
  let isSkipping = false;
  let isCounted = false;
  let reader = open();

  function take(row: RowReader, bytes: Buffer): void {
    if (bytes.length === 0) return;
    store.counts.rows++;
    const value = parseRow(bytes.toString('utf8'));
    if (value === undefined) store.counts.unreadableRows++;
    else row(value);
  }

  /** The last rows of a long file. They are met again when it is read from its beginning. */
  function readTail(descriptor: number, budget: Budget): void {
    const bytes = Buffer.allocUnsafe(tailBytes);
    const length = readSync(descriptor, bytes, 0, tailBytes, size - tailBytes);
    budget.bytes -= length;
    const first = bytes.indexOf(LINE_FEED);
    const last = bytes.subarray(0, length).lastIndexOf(LINE_FEED);
    if (first < 0 || last <= first) return;
    const { rows, callRows, unreadableRows } = store.counts;
    const row = open();
    for (const line of lines(bytes.subarray(first + 1, last + 1))) take(row, line);
    Object.assign(store.counts, { rows, callRows, unreadableRows });
  }

  /** From `offset` on, whole rows only: the last one may still be being written. */
  function readOn(descriptor: number, budget: Budget): void {
    let piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, Math.max(1, size - offset)));
    while (offset < size && budget.bytes > 0) {
      const length = readSync(descriptor, piece, 0, piece.length, offset);
      if (length === 0) break;
      budget.bytes -= length;
      const read = piece.subarray(0, length);
      const end = read.lastIndexOf(LINE_FEED);
      if (end < 0) {
        if (isSkipping || piece.length >= maxRowBytes) {
          if (!isSkipping) store.counts.overlongRows++;
          isSkipping = true;
          offset += length;
          store.counts.bytes += length;
        } else if (offset + length >= size) break;
        else piece = Buffer.allocUnsafe(Math.min(maxRowBytes, piece.length * 4));
        continue;
      }
      const begin = isSkipping ? read.indexOf(LINE_FEED) + 1 : 0;
      isSkipping = false;
      for (const line of lines(read.subarray(begin, end + 1))) take(reader, line);
      offset += end + 1;
      store.counts.bytes += end + 1;
      if (piece.length > PIECE_BYTES) piece = Buffer.allocUnsafe(PIECE_BYTES);
    }
    // What is left without a line feed is half a row: it is read when the file has grown.
    isComplete = offset >= size || budget.bytes > 0;
  }

  return {
    file,
    agent,
    get isComplete() {
      return isComplete;
    },
    read(budget) {
      const status = statusOf(file.path);
      if (isComplete && status?.size === size && status.ino === inode) return;
      const descriptor = openOwn(file.path, isReadable);
      if (descriptor === undefined) {
        if (!isCounted) store.counts.unreadableFiles++;
        [isCounted, isComplete] = [true, true];
        return;
      }
      try {
        const now = fstatSync(descriptor);
        // Another file under its name, or a shorter one: its rows are told anew, which changes no count.
        if (inode >= 0 && (now.ino !== inode || now.size < offset)) [offset, isSkipping, reader] = [0, false, open()];
        const isFirst = size < 0;
        [size, inode, isComplete] = [now.size, now.ino, false];
        // The rest comes with the next call, when the ends of all long files were read.
        if (isFirst && size > longBytes) readTail(descriptor, budget);
        else readOn(descriptor, budget);
      } catch {
        // EIO, ESTALE: told by the count.
        store.counts.unreadableFiles++;
        isComplete = true;
      } finally {
        closeSync(descriptor);
      }
    },
  };
}

function* lines(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(LINE_FEED, at);
    const stop = end < 0 ? bytes.length : end;
    yield bytes.subarray(at, stop);
    at = stop + 1;
  }
}

function wholeOf({ path }: SessionFile, store: SessionStore, open: () => RowReader): (budget: Budget) => void {
  return (budget) => {
    const descriptor = openOwn(path, isReadable);
    if (descriptor === undefined) throw new Error('not readable');
    try {
      const { size } = fstatSync(descriptor);
      if (size > MAX_WHOLE_BYTES) throw new Error('too long');
      const bytes = Buffer.allocUnsafe(size);
      const length = readSync(descriptor, bytes, 0, size, 0);
      budget.bytes -= length;
      store.counts.bytes += length;
      store.counts.rows++;
      const value = parseRow(bytes.toString('utf8', 0, length));
      // Being written at this moment: it is whole at the next look.
      if (value === undefined) store.counts.unreadableRows++;
      else open()(value);
    } finally {
      closeSync(descriptor);
    }
  };
}

/** Reads again when the file, or the journal of a database beside it, has changed. */
function changeReader(agent: string, file: SessionFile, store: SessionStore, change: (budget: Budget) => void): FileReader {
  let mark: string | undefined;
  let isCounted = false;
  return {
    file,
    agent,
    get isComplete() {
      return mark !== undefined;
    },
    read(budget) {
      const now = [file.path, `${file.path}-wal`]
        .map((path) => statusOf(path))
        .map((found) => `${found?.ino}:${found?.size}:${found?.mtimeMs}`);
      if (mark === now.join()) return;
      mark = now.join();
      try {
        change(budget);
      } catch {
        // Locked, of an unknown version, not ours, not regular: told by the count, and tried again when it changes.
        if (!isCounted) store.counts.unreadableFiles++;
        isCounted = true;
      }
    },
  };
}
