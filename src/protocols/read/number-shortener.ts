/** Takes the tails off the long lists of numbers of a JSON text: vectors go, and the facts behind them stay. */

/** Characters kept of a run of numbers: the first few of a vector. */
export const MAX_NUMBERS_CHARACTERS = 64;
/** What a run of numbers ends with: a bracket, a name, a word. */
const OTHER = /[^\d.eE+\-,\s]/g;

/** Takes Latin-1 pieces of what stands outside of strings, cut anywhere. What it gives is JSON of the same shape. */
export class NumberShortener {
  /** Of the run that has begun: its characters so far, whether its rest is dropped, and whether that ends with a comma. */
  #length = 0;
  #isDropping = false;
  #endsWithComma = false;

  add(text: string): string {
    let kept = '';
    for (let at = 0; at < text.length;) {
      OTHER.lastIndex = at;
      const end = OTHER.exec(text)?.index ?? text.length;
      if (end > at) kept += this.#keptOf(at === 0 && end === text.length ? text : text.slice(at, end));
      if (end < text.length) kept += this.end() + (text[end] ?? '');
      at = end + 1;
    }
    return kept;
  }

  /** The run is over. A comma before what follows is kept, and one before the end of the list is none. */
  end(): string {
    const comma = this.#isDropping && this.#endsWithComma ? ',' : '';
    this.#length = 0;
    this.#isDropping = false;
    this.#endsWithComma = false;
    return comma;
  }

  /** Cuts before the first comma that is far enough, so that no number is cut into another one. */
  #keptOf(run: string): string {
    if (this.#isDropping) {
      this.#drop(run);
      return '';
    }
    const comma = this.#length + run.length <= MAX_NUMBERS_CHARACTERS ? -1 : run.indexOf(',', MAX_NUMBERS_CHARACTERS - this.#length);
    if (comma === -1) {
      this.#length += run.length;
      return run;
    }
    this.#isDropping = true;
    this.#drop(run.slice(comma));
    return run.slice(0, comma);
  }

  #drop(run: string): void {
    const text = run.trimEnd();
    if (text !== '') this.#endsWithComma = text.endsWith(',');
  }
}
