/** Recognises events that differ from one that was looked at in the text of one string alone: most of a stream are such. */
import { sameBytes, viewOf, type EventMatcher } from './event-matcher.ts';

const QUOTE = '"';
const QUOTE_CODE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
/** The blank line that closes an event. */
const CLOSE = '\n\n';
/** Longest event that is kept to compare others with; a piece of text has some hundred characters around it. */
const MAX_SHAPE_CHARACTERS = 4_096;

export class SameShape implements EventMatcher {
  #head = '';
  #tail = '';
  /** The same as bytes, the closing blank line included; made when bytes are first compared. */
  #headBytes: DataView | undefined;
  #tailBytes: DataView | undefined;

  get isReady(): boolean {
    return this.#head !== '';
  }

  /** A text with a quote in it, also an escaped one, is not recognised. */
  has(event: string): boolean {
    const head = this.#head;
    if (head === '') return false;
    const quote = event.indexOf(QUOTE, head.length);
    if (event.length - quote !== this.#tail.length || event.charCodeAt(quote - 1) === BACKSLASH) return false;
    // Slices that are compared take half the time of `startsWith` and `endsWith`.
    return event.slice(quote) === this.#tail && event.slice(0, head.length) === head;
  }

  /** As `has`, in bytes. */
  endIn(bytes: DataView, from: number): number {
    const head = (this.#headBytes ??= viewOf(this.#head));
    const tail = (this.#tailBytes ??= viewOf(`${this.#tail}${CLOSE}`));
    const last = bytes.byteLength - tail.byteLength;
    let at = from + head.byteLength;
    if (at > last || !sameBytes(bytes, from, head)) return -1;
    for (; at <= last; at += 1) {
      const byte = bytes.getUint8(at);
      if (byte === QUOTE_CODE) return bytes.getUint8(at - 1) !== BACKSLASH && sameBytes(bytes, at, tail) ? at + tail.byteLength : -1;
      // A line end is another event, or a text that is no JSON.
      if (byte < SPACE) return -1;
    }
    return -1;
  }

  /** The text of an event that is recognised, as Latin-1; `undefined` for any other, and for a text with escapes in it. */
  textIn(event: string): string | undefined {
    if (!this.has(event)) return undefined;
    const text = event.slice(this.#head.length, event.length - this.#tail.length);
    return text.includes('\\') ? undefined : text;
  }

  /**
   * From now on events like this one are recognised, whatever their text is: that of the first of `members` that is there, each
   * as it stands before its text. @example learn(event, ['"content":"'])
   */
  learn(event: string, members: readonly string[]): void {
    if (event.length > MAX_SHAPE_CHARACTERS) return;
    for (const member of members) {
      const at = event.indexOf(member);
      if (at === -1) continue;
      const start = at + member.length;
      const end = event.indexOf(QUOTE, start);
      if (end === -1 || event.charCodeAt(end - 1) === BACKSLASH) return;
      const [head, tail] = [event.slice(0, start), event.slice(end)];
      if (head === this.#head && tail === this.#tail) return;
      this.#head = head;
      this.#tail = tail;
      this.#headBytes = this.#tailBytes = undefined;
      return;
    }
  }
}
