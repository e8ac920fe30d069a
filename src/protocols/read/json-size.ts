/** Counts what a JSON text is made of before it is parsed: a small text of many values takes seconds and a lot of memory. */
import { closingQuote } from './json-string.ts';

/** Shorter texts are parsed as they are: they take some 50 ms at worst. */
const SMALL = 512 * 1024;
/** Objects, lists and members. 8 MB of them would hold up the program for a second; an answer with audio has some hundred. */
const MAX_VALUES = 200_000;
const MAX_DEPTH = 512;

/** Whether `text` has more values, or nests deeper, than is read in a user's program. Looks no further than the bound. */
export function isTooFine(text: string): boolean {
  if (text.length <= SMALL) return false;
  const marks = /["{}[\]:]/g;
  let values = 0;
  let depth = 0;
  for (let mark = marks.exec(text); mark !== null; mark = marks.exec(text)) {
    const [character] = mark;
    if (character === '"') {
      const quote = closingQuote(text, mark.index + 1);
      if (quote === -1) return false;
      marks.lastIndex = quote + 1;
    } else if (character === '}' || character === ']') depth -= 1;
    else if ((values += 1) > MAX_VALUES || (character !== ':' && (depth += 1) > MAX_DEPTH)) return true;
  }
  return false;
}
