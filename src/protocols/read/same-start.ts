/** Recognises events and messages by how they begin: those whose name alone says that they bring output of the model. */
import { sameBytes, viewOf, type EventMatcher } from './event-matcher.ts';

const NEWLINE = 0x0a;
const RETURN = 0x0d;
/** Longest beginning that is kept: the longest name of an event, twice, and what stands around it. */
const MAX_START_CHARACTERS = 256;
/** Beginnings that are looked for: a stream has text, reasoning, sound and what was said in it. */
const MAX_STARTS = 8;

export class SameStart implements EventMatcher {
  readonly #known = new Set<string>();
  readonly #starts: DataView[] = [];

  get isReady(): boolean {
    return this.#starts.length > 0;
  }

  /** From now on whatever begins with these characters is recognised: Latin-1, which stands for bytes. */
  learn(start: string): void {
    if (this.#known.has(start) || start.length > MAX_START_CHARACTERS || this.#starts.length >= MAX_STARTS) return;
    this.#known.add(start);
    this.#starts.push(viewOf(start));
  }

  /** Of an event whose data stands in several lines nothing is said. */
  endIn(bytes: DataView, from: number): number {
    const length = this.beginsAt(bytes, from);
    if (length === 0) return -1;
    for (let at = from + length; at + 1 < bytes.byteLength; at += 1) {
      const byte = bytes.getUint8(at);
      if (byte === RETURN) return -1;
      if (byte === NEWLINE) return bytes.getUint8(at + 1) === NEWLINE ? at + 2 : -1;
    }
    return -1;
  }

  /** The length of the learnt beginning that `bytes` has at `from`; 0 for none. */
  beginsAt(bytes: DataView, from: number): number {
    const left = bytes.byteLength - from;
    for (const start of this.#starts) if (start.byteLength <= left && sameBytes(bytes, from, start)) return start.byteLength;
    return 0;
  }
}
