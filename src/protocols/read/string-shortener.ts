/** Takes the tails off the long strings and lists of numbers of a JSON text: pictures, prompts and vectors go, and the facts behind them stay. */
import { closingQuote, isEscapedAt } from './json-string.ts';
import { NumberShortener } from './number-shortener.ts';

/** Characters kept of a string: more than any name, id or URL. */
export const MAX_STRING_CHARACTERS = 4 * 1024;
/** Of the longest escape, `\uXXXX`, behind its backslash: a cut at least this far from one damages none. */
const ESCAPE_CHARACTERS = 5;

/** Takes Latin-1 pieces cut anywhere. What it gives is JSON of the same shape, and keeps no piece in memory. */
export class StringShortener {
  #isInString = false;
  /** Of the string that has begun: its characters so far, those since its last backslash, and what that one does. */
  #length = 0;
  #sinceBackslash = 0;
  #isEscaped = false;
  #isDropping = false;
  readonly #numbers = new NumberShortener();
  readonly #maxCharacters: number;

  constructor(maxCharacters = MAX_STRING_CHARACTERS) {
    this.#maxCharacters = maxCharacters;
  }

  add(piece: string): string {
    let kept = '';
    for (let at = 0; at < piece.length;) {
      if (this.#isInString) {
        const quote = closingQuote(piece, at, this.#isEscaped);
        const end = quote === -1 ? piece.length : quote;
        this.#isInString = quote === -1;
        this.#isEscaped = isEscapedAt(piece, end, at, this.#isEscaped);
        kept += this.#keptOf(piece.slice(at, end));
        if (quote !== -1) kept += '"';
        at = end + 1;
      } else {
        const quote = piece.indexOf('"', at);
        const end = quote === -1 ? piece.length : quote + 1;
        kept += this.#numbers.add(piece.slice(at, quote === -1 ? end : quote));
        if (quote !== -1) {
          kept += `${this.#numbers.end()}"`;
          this.#begin();
        }
        at = end;
      }
    }
    // Copied through bytes: a slice would keep the whole piece in memory.
    return kept.length === piece.length ? piece : Buffer.from(kept, 'latin1').toString('latin1');
  }

  #begin(): void {
    this.#isInString = true;
    this.#isEscaped = false;
    this.#isDropping = false;
    this.#length = 0;
    this.#sinceBackslash = ESCAPE_CHARACTERS;
  }

  /** Cuts at the first place that is far enough: it depends on the string, and not on where the pieces were cut. */
  #keptOf(part: string): string {
    if (this.#isDropping) return '';
    for (let cut = Math.max(0, this.#maxCharacters - this.#length); cut < part.length;) {
      const since = this.#sinceBackslashAt(part, cut);
      if (since >= ESCAPE_CHARACTERS) {
        this.#isDropping = true;
        return part.slice(0, cut);
      }
      cut += ESCAPE_CHARACTERS - since;
    }
    this.#sinceBackslash = this.#sinceBackslashAt(part, part.length);
    this.#length += part.length;
    return part;
  }

  #sinceBackslashAt(part: string, at: number): number {
    const last = part.slice(Math.max(0, at - ESCAPE_CHARACTERS), at).lastIndexOf('\\');
    if (last !== -1) return Math.min(at, ESCAPE_CHARACTERS) - 1 - last;
    return at >= ESCAPE_CHARACTERS ? ESCAPE_CHARACTERS : this.#sinceBackslash + at;
  }
}
