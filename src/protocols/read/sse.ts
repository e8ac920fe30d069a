/** Cuts a stream of bytes into server-sent events (WHATWG HTML, section 9.2), within a bound. */
import { latin1Of } from './latin1.ts';

/** Longest event kept; a longer one is skipped and counted. Protects from a stream that never ends its event. */
export const MAX_EVENT_BYTES = 256 * 1024;

/** Takes chunks cut anywhere. Gives events as Latin-1 text, with `\n` as line end, without the closing blank line. */
export class SseScanner {
  readonly #onEvent: (event: string) => void;
  /** The event that has begun and not ended. */
  #rest = '';
  #restEndsLine = false;
  /** A `\r` at the end of a chunk: a `\n` may follow and is the same line end. */
  #hasPendingReturn = false;
  #isSkipping = false;
  skipped = 0;

  constructor(onEvent: (event: string) => void) {
    this.#onEvent = onEvent;
  }

  feed(bytes: Uint8Array): void {
    let text = latin1Of(bytes);
    if (this.#hasPendingReturn) {
      text = `\r${text}`;
      this.#hasPendingReturn = false;
    }
    if (text.includes('\r')) {
      if (text.endsWith('\r')) {
        this.#hasPendingReturn = true;
        text = text.slice(0, -1);
      }
      text = text.replaceAll(/\r\n?/g, '\n');
    }
    if (text !== '') this.#scan(text);
  }

  /** The stream is over: an event without its blank line counts too, as clients do it. */
  end(): void {
    if (this.#rest !== '' && !this.#isSkipping) this.#onEvent(this.#restEndsLine ? this.#rest.slice(0, -1) : this.#rest);
    this.#rest = '';
  }

  #scan(text: string): void {
    let from = 0;
    if (this.#restEndsLine && text.charCodeAt(0) === NEWLINE) {
      this.#emit(this.#rest.slice(0, -1));
      from = 1;
    }
    for (let end = text.indexOf('\n\n', from); end !== -1; end = text.indexOf('\n\n', from)) {
      this.#emit(this.#rest === '' ? text.slice(from, end) : this.#rest + text.slice(from, end));
      from = end + 2;
    }
    if (from < text.length) this.#keep(from === 0 ? text : text.slice(from));
  }

  #emit(event: string): void {
    const isSkipped = this.#isSkipping;
    this.#rest = '';
    this.#restEndsLine = false;
    this.#isSkipping = false;
    if (event.length > MAX_EVENT_BYTES && !isSkipped) this.skipped += 1;
    else if (!isSkipped && event !== '') this.#onEvent(event);
  }

  #keep(text: string): void {
    this.#restEndsLine = text.charCodeAt(text.length - 1) === NEWLINE;
    // A line end may be the first half of the blank line that closes the event: it is no part of it.
    const length = this.#rest.length + text.length - (this.#restEndsLine ? 1 : 0);
    if (!this.#isSkipping && length > MAX_EVENT_BYTES) {
      this.#isSkipping = true;
      this.skipped += 1;
    }
    this.#rest = this.#isSkipping ? (this.#restEndsLine ? '\n' : '') : this.#rest + text;
  }
}

const NEWLINE = 0x0a;
