/** Cuts a stream of JSON into its objects: lines of JSON, or the items of a list that is never whole until its end. */
import { latin1Of } from './latin1.ts';
import { MAX_EVENT_BYTES } from './sse.ts';
import { StringShortener } from './string-shortener.ts';

/** Takes chunks cut anywhere. Gives the Latin-1 text of each object; what stands between them is no fact. */
export class ObjectScanner {
  readonly #onObject: (text: string) => void;
  /** The object that has begun and not ended. */
  #rest = '';
  #depth = 0;
  #isInString = false;
  /** The last piece ended with a backslash, which escapes what follows. */
  #isEscaped = false;
  /** Of an object that is too long as it is. */
  #shortener: StringShortener | undefined;
  #isSkipping = false;
  skipped = 0;

  constructor(onObject: (text: string) => void) {
    this.#onObject = onObject;
  }

  feed(bytes: Uint8Array): void {
    const text = latin1Of(bytes);
    let from = 0;
    let at = this.#isEscaped ? 1 : 0;
    if (text !== '') this.#isEscaped = false;
    while (at < text.length) {
      const marks = this.#isInString ? IN_STRING : OUTSIDE;
      marks.lastIndex = at;
      const mark = marks.exec(text);
      if (mark === null) break;
      at = mark.index + 1;
      if (mark[0] === '\\') {
        this.#isEscaped = at === text.length;
        at += 1;
      } else if (mark[0] === '"') {
        // Between objects there are no strings.
        this.#isInString = this.#depth > 0 && !this.#isInString;
      } else if (mark[0] === '{') {
        if (this.#depth === 0) from = mark.index;
        this.#depth += 1;
      } else if (this.#depth > 0) {
        this.#depth -= 1;
        if (this.#depth > 0) continue;
        this.#add(text.slice(from, at));
        this.#emit();
      }
    }
    if (this.#depth > 0) this.#add(text.slice(from));
  }

  /** The beginning of an object whose end never came; `''` when there is none. */
  end(): string {
    const rest = this.#rest;
    this.#rest = '';
    return rest;
  }

  #emit(): void {
    const object = this.#rest;
    this.#rest = '';
    this.#shortener = undefined;
    this.#isSkipping = false;
    if (object !== '') this.#onObject(object);
  }

  #add(text: string): void {
    if (this.#isSkipping) return;
    this.#rest += this.#shortener === undefined ? text : this.#shortener.add(text);
    if (this.#rest.length <= MAX_EVENT_BYTES) return;
    if (this.#shortener === undefined) {
      this.#shortener = new StringShortener();
      this.#rest = this.#shortener.add(this.#rest);
      if (this.#rest.length <= MAX_EVENT_BYTES) return;
    }
    this.#isSkipping = true;
    this.#rest = '';
    this.skipped += 1;
  }
}

const OUTSIDE = /["{}]/g;
const IN_STRING = /["\\]/g;
