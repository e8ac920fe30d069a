/** Inflates the messages of one direction of a WebSocket that compresses them (RFC 7692), at once and within a bound. */

/** What stands at the end of each message, and is not sent. */
const TAIL = Buffer.from([0x00, 0x00, 0xff, 0xff]);
/** What the compression may refer back to. */
const WINDOW_BYTES = 32 * 1024;

export class Inflater {
  readonly #keepsContext: boolean;
  readonly #maxBytes: number;
  #window: Buffer = Buffer.alloc(0);
  #isLost = false;

  constructor(keepsContext: boolean, maxBytes: number) {
    this.#keepsContext = keepsContext;
    this.#maxBytes = maxBytes;
  }

  /**
   * `undefined` for what cannot be inflated, and for all that follows it if it needed it. No stream of Node's is kept: it
   * would hold 40 KB more for each direction, and answer only after the event loop has turned.
   */
  inflate(bytes: Buffer): Buffer | undefined {
    if (this.#isLost) return undefined;
    const zlib = process.getBuiltinModule('node:zlib');
    try {
      const inflated = zlib.inflateRawSync(Buffer.concat([bytes, TAIL]), {
        finishFlush: zlib.constants.Z_SYNC_FLUSH,
        maxOutputLength: this.#maxBytes,
        ...(this.#window.length > 0 && { dictionary: this.#window }),
      });
      if (this.#keepsContext) this.#window = Buffer.concat([this.#window, inflated]).subarray(-WINDOW_BYTES);
      return inflated;
    } catch {
      // Damaged, or larger than anybody reads: without it the next message may not be inflated either.
      this.lose();
      return undefined;
    }
  }

  /** A message was passed over that the next one may refer to. */
  lose(): void {
    this.#isLost ||= this.#keepsContext;
    this.#window = Buffer.alloc(0);
  }
}
