/** A body kept until it is whole, up to a bound; past it only its beginning stays. */

/** Bodies past this are not kept whole. Protects memory from a prompt full of media. */
export const MAX_BODY_BYTES = 8 * 1024 * 1024;
/** What is kept of a body past the bound; the model's name usually stands here. */
const PREFIX_BYTES = 64 * 1024;

/** Pieces kept apart: a body that arrives in single bytes must not cost a hundred bytes for each. */
const MAX_CHUNKS = 1_024;

export class BodyBuffer {
  #chunks: Buffer[] = [];
  #bytes = 0;
  /** The body was longer than the bound. */
  isTooLarge = false;

  add(chunk: Uint8Array): void {
    this.#bytes += chunk.byteLength;
    if (this.isTooLarge) return;
    // A copy: the chunk is the app's once this call returns.
    this.#chunks.push(Buffer.from(chunk));
    if (this.#chunks.length >= MAX_CHUNKS) this.#chunks = [Buffer.concat(this.#chunks)];
    if (this.#bytes <= MAX_BODY_BYTES) return;
    this.isTooLarge = true;
    this.#chunks = [Buffer.from(Buffer.concat(this.#chunks).subarray(0, PREFIX_BYTES))];
  }

  get isEmpty(): boolean {
    return this.#bytes === 0;
  }

  /** The whole body, or its beginning when it was too large; the buffer is empty afterwards. */
  take(): string {
    const [only] = this.#chunks;
    const text = only !== undefined && this.#chunks.length === 1 ? only.toString('utf8') : Buffer.concat(this.#chunks).toString('utf8');
    this.#chunks = [];
    return text;
  }
}
