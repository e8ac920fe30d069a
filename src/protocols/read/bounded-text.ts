/** One piece of a stream, an event or an object, put together within a bound. */
import { StringShortener } from './string-shortener.ts';

/**
 * Longest event kept as it is. In a longer one the long strings are shortened; if that is not enough it is skipped and
 * counted. Protects from a stream that never ends its event.
 */
export const MAX_EVENT_BYTES = 256 * 1024;

/** What is too long after its strings were shortened is skipped and counted. */
export class BoundedText {
  #text = '';
  /** Of a piece that is too long as it is. */
  #shortener: StringShortener | undefined;
  #isSkipping = false;
  skipped = 0;

  add(text: string): void {
    if (this.#isSkipping) return;
    this.#text += this.#shortener === undefined ? text : this.#shortener.add(text);
    if (this.#text.length <= MAX_EVENT_BYTES) return;
    if (this.#shortener === undefined) {
      this.#shortener = new StringShortener();
      this.#text = this.#shortener.add(this.#text);
      if (this.#text.length <= MAX_EVENT_BYTES) return;
    }
    this.#isSkipping = true;
    this.#text = '';
    this.skipped += 1;
  }

  get isEmpty(): boolean {
    return this.#text === '' && !this.#isSkipping;
  }

  /** What was added since the last time; `''` where it was skipped. */
  take(): string {
    const text = this.#text;
    this.#text = '';
    this.#shortener = undefined;
    this.#isSkipping = false;
    return text;
  }
}
