/** Finds the ends of strings in the text of JSON, without reading them. */

/**
 * Index of the quote that closes the string whose inside begins at `from`; -1 when it comes later. `isEscaped`: the first
 * character stands behind a backslash that escapes it.
 */
export function closingQuote(text: string, from: number, isEscaped = false): number {
  let quote = text.indexOf('"', from);
  while (quote !== -1 && isEscapedAt(text, quote, from, isEscaped)) quote = text.indexOf('"', quote + 1);
  return quote;
}

/** Whether an odd number of backslashes stands before `at`, within the string whose inside begins at `from`. */
export function isEscapedAt(text: string, at: number, from: number, isEscaped = false): boolean {
  let first = at;
  while (first > from && text.charCodeAt(first - 1) === BACKSLASH) first -= 1;
  // The character that was escaped from before is no backslash of its own.
  const count = at - first + (first === from && isEscaped ? 1 : 0);
  return count % 2 === 1;
}

const BACKSLASH = 0x5c;
