/** Cuts a stream of bytes into server-sent events (WHATWG HTML, section 9.2), within a bound. */
import { BoundedText } from './bounded-text.ts';
import { latin1Of } from './latin1.ts';

/** Takes chunks cut anywhere. Gives events as Latin-1 text, with `\n` as line end, without the closing blank line. */
export class SseScanner {
  readonly #onEvent: (event: string) => void;
  /** The event that has begun and not ended. */
  readonly #rest = new BoundedText();
  /** A line end that may be the first half of the blank line that closes the event: else it goes before what follows. */
  #hasPendingNewline = false;
  /** A `\r` at the end of a chunk: a `\n` may follow and is the same line end. */
  #hasPendingReturn = false;

  constructor(onEvent: (event: string) => void) {
    this.#onEvent = onEvent;
  }

  get skipped(): number {
    return this.#rest.skipped;
  }

  /** What comes next begins an event. */
  get isBetween(): boolean {
    return !this.#hasPendingNewline && !this.#hasPendingReturn && this.#rest.isEmpty;
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
    if (text !== '') this.#scan(this.#hasPendingNewline ? `\n${text}` : text);
  }

  /** The stream is over: an event without its blank line counts too, as clients do it. */
  end(): void {
    this.#emit('');
  }

  #scan(text: string): void {
    let from = 0;
    for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n', from)) {
      this.#emit(text.slice(from, end));
      from = end + 2;
    }
    this.#hasPendingNewline = from < text.length && text.charCodeAt(text.length - 1) === NEWLINE;
    const end = this.#hasPendingNewline ? text.length - 1 : text.length;
    if (from < end) this.#rest.add(from === 0 && end === text.length ? text : text.slice(from, end));
  }

  #emit(last: string): void {
    this.#rest.add(last);
    const event = this.#rest.take();
    if (event !== '') this.#onEvent(event);
  }
}

const NEWLINE = 0x0a;
