/** A body kept until it is whole, up to a bound; past it only its beginning stays. */
import { isAscii } from 'node:buffer';
import { latin1Of, utf8Of } from './latin1.ts';

/** Bodies past this are not kept whole. Protects memory from a prompt full of media. */
export const MAX_BODY_BYTES = 8 * 1024 * 1024;
/** What is kept of a body past the bound; the model's name usually stands here. */
const PREFIX_BYTES = 64 * 1024;

/** Pieces kept apart: a body that arrives in single bytes must not cost a hundred bytes for each. */
const MAX_PIECES = 1_024;

/** Kept as text, one character per byte: a string of V8's heap is cheaper than a buffer, and a body of ASCII needs no decoding. */
export class BodyBuffer {
  #pieces: string[] = [];
  #bytes = 0;
  #isAscii = true;
  /** The body was longer than the bound. */
  isTooLarge = false;

  add(chunk: Uint8Array): void {
    this.#bytes += chunk.byteLength;
    if (this.isTooLarge) return;
    this.#isAscii &&= isAscii(chunk);
    this.#pieces.push(latin1Of(chunk));
    if (this.#pieces.length >= MAX_PIECES) this.#pieces = [this.#pieces.join('')];
    if (this.#bytes <= MAX_BODY_BYTES) return;
    this.isTooLarge = true;
    // By way of bytes: a slice of a string would hold all of it.
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
