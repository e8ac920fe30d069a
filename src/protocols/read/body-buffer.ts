/** Collects a body until it is whole. Of a body past the bound only the beginning is kept. */
import { isAscii } from 'node:buffer';
import { latin1Of, utf8Of } from './latin1.ts';

/** Longest body that is kept whole; protects the memory from a prompt full of media. */
export const MAX_BODY_BYTES = 8 * 1024 * 1024;
/** How much is kept of a longer body; the model's name usually stands there. */
const PREFIX_BYTES = 64 * 1024;
/** Pieces that are not joined yet; protects the memory from a body in single bytes, each of which costs a hundred. */
const MAX_PIECES = 1_024;

/** Keeps one character per byte: a string is cheaper than a buffer, and a body of ASCII needs no decoding. */
export class BodyBuffer {
  #pieces: string[] = [];
  #bytes = 0;
  #isAscii = true;
  isTooLarge = false;

  add(chunk: Uint8Array): void {
    this.#bytes += chunk.byteLength;
    if (this.isTooLarge) return;
    this.#isAscii &&= isAscii(chunk);
    this.#pieces.push(latin1Of(chunk));
    if (this.#pieces.length >= MAX_PIECES) this.#pieces = [this.#pieces.join('')];
    if (this.#bytes <= MAX_BODY_BYTES) return;
    this.isTooLarge = true;
    // Copied through bytes: a slice of a string would keep the whole string in memory.
    this.#pieces = [Buffer.from(this.#pieces.join('').slice(0, PREFIX_BYTES), 'latin1').toString('latin1')];
  }

  get isEmpty(): boolean {
    return this.#bytes === 0;
  }

  /** The whole body, or its beginning when it was too large; the buffer is empty afterwards. */
  take(): string {
    const text = this.#pieces.join('');
    this.#pieces = [];
    return this.#isAscii ? text : utf8Of(text);
  }
}
