/** A log in memory that two threads share: one appends entries and forgets the oldest, the other reads what is left. */

/** Large enough that a thread which only works needs one piece per log, small enough that many threads do. */
const PIECE_BYTES = 65_536;
/** Beyond this the newest entries are not kept: a thread whose endpoint is away must not fill the memory. */
const MAX_BYTES = 33_554_432;

/** Places in the head of a piece, which is made of 32-bit integers. Each is changed by one store. */
const [END, START, ORDER, LOG] = [0, 1, 2, 3];
const HEAD_BYTES = 16;

interface Piece {
  readonly head: Int32Array;
  readonly bytes: Buffer;
  /** Where the next entry begins. */
  end: number;
  /** Where each entry ends; the first `forgotten` of them are no more. */
  ends: number[];
  forgotten: number;
}

export class SharedLog {
  readonly #log: number;
  readonly #share: (memory: SharedArrayBuffer) => void;
  /** The oldest first; the last one is written to. */
  readonly #pieces: Piece[] = [];
  readonly #spare: Piece[] = [];
  #order = 0;
  #bytes = 0;
  #count = 0;

  /** `share` hands each new piece of memory to whoever reads. `log` is a number by which the reader knows it. */
  constructor(log: number, share: (memory: SharedArrayBuffer) => void) {
    this.#log = log;
    this.#share = share;
  }

  /** Entries that are there. */
  get count(): number {
    return this.#count;
  }

  /** One entry of two parts. It is there for the reader as a whole, or not at all. */
  append(head: Uint8Array, rest: Uint8Array): void {
    this.#write(head.length + rest.length, (bytes, at) => {
      bytes.set(head, at);
      bytes.set(rest, at + head.length);
      return head.length + rest.length;
    });
  }

  /** One entry in UTF-8. */
  appendText(text: string): void {
    this.#write(text.length * 3, (bytes, at) => bytes.write(text, at, 'utf8'));
  }

  /** `write` is told where, takes at most `maxLength` bytes and returns how many. */
  #write(maxLength: number, write: (bytes: Buffer, at: number) => number): void {
    const piece = this.#pieceFor(maxLength + 4);
    this.#count++;
    const { end } = piece;
    if (end + 4 + maxLength > piece.bytes.length) {
      // No space: the entry counts, so that the oldest are forgotten in step, and is empty.
      piece.ends.push(end);
      return;
    }
    const length = write(piece.bytes, end + 4);
    piece.head[end >> 2] = length;
    piece.end = (end + 4 + length + 3) & ~3;
    piece.ends.push(piece.end);
    Atomics.store(piece.head, END, piece.end);
  }

  /** Forgets the `count` oldest entries. */
  forget(count: number): void {
    for (let left = count; left > 0;) {
      const piece = this.#pieces[0];
      const gone = Math.min(left, piece === undefined ? 0 : piece.ends.length - piece.forgotten);
      if (piece === undefined || gone === 0) return;
      left -= gone;
      this.#count -= gone;
      piece.forgotten += gone;
      if (piece.forgotten < piece.ends.length) Atomics.store(piece.head, START, piece.ends[piece.forgotten - 1] ?? HEAD_BYTES);
      else this.#empty(piece);
    }
  }

  #empty(piece: Piece): void {
    piece.ends = [];
    piece.end = HEAD_BYTES;
    piece.forgotten = 0;
    // In this order: an end before the start reads as empty.
    Atomics.store(piece.head, END, HEAD_BYTES);
    Atomics.store(piece.head, START, HEAD_BYTES);
    if (this.#pieces.length === 1) return;
    this.#pieces.shift();
    if (piece.bytes.length === PIECE_BYTES) this.#spare.push(piece);
    else this.#bytes -= piece.bytes.length;
  }

  /** One with space for `bytes`; the last one as it is where there may be no more. */
  #pieceFor(bytes: number): Piece {
    const last = this.#pieces.at(-1);
    if (last !== undefined && last.end + bytes <= last.bytes.length) return last;
    const size = Math.max(PIECE_BYTES, (bytes + HEAD_BYTES + 3) & ~3);
    const spare = size === PIECE_BYTES ? this.#spare.pop() : undefined;
    if (last !== undefined && spare === undefined && this.#bytes + size > MAX_BYTES) return last;
    const piece = spare ?? this.#make(size);
    Atomics.store(piece.head, ORDER, ++this.#order);
    this.#pieces.push(piece);
    return piece;
  }

  #make(size: number): Piece {
    const memory = new SharedArrayBuffer(size);
    this.#bytes += size;
    const head = new Int32Array(memory);
    head[END] = HEAD_BYTES;
    head[START] = HEAD_BYTES;
    head[LOG] = this.#log;
    this.#share(memory);
    return { head, bytes: Buffer.from(memory), end: HEAD_BYTES, ends: [], forgotten: 0 };
  }
}

/** Copies of the entries of one log that are left in `memories`, the oldest first; of a living writer, as of now. */
export function readLog(log: number, memories: readonly SharedArrayBuffer[]): Buffer[] {
  const heads = memories.map((memory) => new Int32Array(memory)).filter((head) => head[LOG] === log);
  heads.sort((a, b) => (a[ORDER] ?? 0) - (b[ORDER] ?? 0));
  return heads.flatMap((head) => {
    const entries: Buffer[] = [];
    const end = Math.min(Atomics.load(head, END), head.byteLength);
    for (let at = Math.max(Atomics.load(head, START), HEAD_BYTES); at + 4 <= end;) {
      const length = head[at >> 2] ?? 0;
      // Its writer lives, and has begun anew meanwhile.
      if (length < 0 || at + 4 + length > end) break;
      entries.push(Buffer.from(new Uint8Array(head.buffer, at + 4, length)));
      at = (at + 4 + length + 3) & ~3;
    }
    return entries;
  });
}
