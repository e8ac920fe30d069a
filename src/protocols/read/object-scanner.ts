/** Cuts a stream of JSON into its objects: lines of JSON, or the items of a list that is never whole until its end. */
import { BoundedText } from './bounded-text.ts';
import { latin1Of } from './latin1.ts';

/** Takes chunks cut anywhere. Gives the Latin-1 text of each object; what stands between them is no fact. */
export class ObjectScanner {
  readonly #onObject: (text: string) => void;
  /** The object that has begun and not ended. */
  readonly #rest = new BoundedText();
  #depth = 0;
  #isInString = false;
  /** The last piece ended with a backslash, which escapes what follows. */
  #isEscaped = false;

  constructor(onObject: (text: string) => void) {
    this.#onObject = onObject;
  }

  get skipped(): number {
    return this.#rest.skipped;
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
        this.#rest.add(text.slice(from, at));
        this.#emit();
      }
    }
    if (this.#depth > 0) this.#rest.add(text.slice(from));
  }

  /** The beginning of an object whose end never came; `''` when there is none. */
  end(): string {
    return this.#rest.take();
  }

  #emit(): void {
    const object = this.#rest.take();
    if (object !== '') this.#onObject(object);
  }
}

const OUTSIDE = /["{}]/g;
const IN_STRING = /["\\]/g;
