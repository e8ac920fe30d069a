/** Where the body of an answer ends among the bytes of its connection, which are handed on as they come. */

const LF = 10;
const CR = 13;

/** `sized`: so many bytes; `chunked`: as its chunks say; `closed`: with its connection. */
export type BodyLength = { readonly kind: 'sized'; readonly bytes: number } | { readonly kind: 'chunked' | 'closed' };

/** Parts of a body in chunks, by RFC 9112, 7.1. `data` includes the line end behind it. */
type Part = 'size' | 'extension' | 'data' | 'trailer' | 'over';

export class BodyEnd {
  readonly #kind: BodyLength['kind'];
  /** Bytes until the body, or the chunk with its line end, is over. */
  #left = 0;
  #part: Part = 'size';
  #size = 0;
  #isLineEmpty = true;

  constructor(length: BodyLength) {
    this.#kind = length.kind;
    if (length.kind === 'sized') this.#left = length.bytes;
  }

  /** How many of the next bytes belong to it. What is no chunk is taken whole: whoever parses it breaks off. */
  take(bytes: Uint8Array): number {
    if (this.#kind === 'closed') return bytes.length;
    if (this.#kind === 'chunked') return this.#takeChunks(bytes);
    const own = Math.min(this.#left, bytes.length);
    this.#left -= own;
    return own;
  }

  #takeChunks(bytes: Uint8Array): number {
    let at = 0;
    while (at < bytes.length && this.#part !== 'over') {
      if (this.#part === 'data') {
        const own = Math.min(this.#left, bytes.length - at);
        this.#left -= own;
        at += own;
        if (this.#left === 0) this.#part = 'size';
      } else this.#takeByte(bytes[at++] as number);
    }
    return at;
  }

  #takeByte(byte: number): void {
    if (this.#part === 'trailer') {
      if (byte === LF && this.#isLineEmpty) this.#part = 'over';
      else if (byte !== CR) this.#isLineEmpty = byte === LF;
      return;
    }
    if (byte === LF) {
      this.#part = this.#size === 0 ? 'trailer' : 'data';
      this.#left = this.#size + 2;
      this.#size = 0;
      return;
    }
    const digit = this.#part === 'size' ? digitOf(byte) : undefined;
    if (digit === undefined) this.#part = 'extension';
    else this.#size = this.#size * 16 + digit;
  }
}

function digitOf(byte: number): number | undefined {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const letter = byte | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : undefined;
}
