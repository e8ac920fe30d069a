/** Finds where a value ends: quoted in any nesting of quotes, in brackets, or one word of a shell. Pure, in linear time. */

/** `"`, `\"`, `\\'`, `$'`, `"`, and a quote within quotes of a shell: `'\''`. */
const DELIMITER = /'\\{1,40}''(?:\\{0,40}')*|'"'"'|\$?\\{0,40}(?:["'`]|u002[27])/y;
/** After a closing quote a word ends; before an opening one it goes on. */
const AFTER_CLOSING = /[\s;|&)\]},>]|\/>|$|\\{1,40}(?:[nrtu]|$)|\\{0,40}["'`](?=[\s;|&)\]},>"'`\\]|$)/y;
const BEFORE_BRACKET = /\\{0,40}[@$]?/y;
/** Also within quotes of a shell, with a backslash: `\$(…)`. */
const SUBSTITUTION = /\\{0,40}[$<>]\(/y;
const OPENING = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
]);

export interface Value {
  /** Without its quotes, where it has some. */
  readonly start: number;
  readonly end: number;
  /** With them. */
  readonly outerStart: number;
  readonly outerEnd: number;
}

/** The quote at this place as it is written; empty where there is none. */
export function delimiterAt(text: string, at: number): string {
  DELIMITER.lastIndex = at;
  return DELIMITER.exec(text)?.[0] ?? '';
}

/** The quote, as it is written, that ends right before this place. */
export function delimiterBefore(text: string, at: number): string {
  const quote = text[at - 1] ?? '';
  if (quote !== '"' && quote !== "'" && quote !== '`') return '';
  let from = at - 1;
  while (from > 0 && text[from - 1] === '\\') from -= 1;
  return text.slice(from, at);
}

/** Where the text that `delimiter` opened before `from` ends; the end of the text where nothing closes it. */
export function closingAt(text: string, from: number, delimiter: string): number {
  const isPlain = /^\$?\\*["'`]$/.test(delimiter);
  const sought = isPlain ? (delimiter.at(-1) as string) : delimiter;
  const depth = isPlain ? delimiter.length - 1 - (delimiter.startsWith('$') ? 1 : 0) : 0;
  for (let at = text.indexOf(sought, from); at >= 0; at = text.indexOf(sought, at + 1)) {
    if (!isPlain) return at;
    const backslashes = backslashesBefore(text, at, from);
    // With fewer backslashes it ends the text around; with twice as many, and one, it is a quote within.
    if (backslashes <= depth || (backslashes - depth) % (2 * (depth + 1)) === 0) return at - Math.min(backslashes, depth);
  }
  return text.length;
}

function backslashesBefore(text: string, at: number, from: number): number {
  let count = 0;
  while (at - 1 - count >= from && text[at - 1 - count] === '\\') count += 1;
  return count;
}

/** The value at this place. */
export function valueAt(text: string, at: number): Value {
  const delimiter = delimiterAt(text, at);
  if (delimiter !== '') {
    const start = at + delimiter.length;
    const end = closingAt(text, start, delimiter);
    const closed = Math.min(text.length, end + delimiter.length - (delimiter.startsWith('$') ? 1 : 0));
    const outerEnd = wordEnd(text, closed, true);
    return { start, end: outerEnd > closed ? outerEnd : end, outerStart: at, outerEnd };
  }
  BEFORE_BRACKET.lastIndex = at;
  BEFORE_BRACKET.test(text);
  const bracketAt = BEFORE_BRACKET.lastIndex;
  if (OPENING.has(text[bracketAt] ?? '')) {
    const end = wordEnd(text, bracketEnd(text, bracketAt), true);
    return { start: at, end, outerStart: at, outerEnd: end };
  }
  const end = wordEnd(text, at, false);
  return { start: at, end, outerStart: at, outerEnd: end };
}

/** The end of a word of a shell. `isClosed`: a quote ended right before, and only what touches it belongs to the word. */
function wordEnd(text: string, from: number, isClosed: boolean): number {
  let at = from;
  AFTER_CLOSING.lastIndex = at;
  if (isClosed && AFTER_CLOSING.test(text)) return at;
  while (at < text.length) {
    const character = text[at] as string;
    SUBSTITUTION.lastIndex = at;
    if (/[$<>\\]/.test(character) && SUBSTITUTION.test(text)) {
      at = bracketEnd(text, SUBSTITUTION.lastIndex - 1);
      continue;
    }
    if (/[\s;|&<>)]/.test(character)) return at;
    const delimiter = character === '\\' || character === '"' || character === "'" || character === '`' ? delimiterAt(text, at) : '';
    if (delimiter !== '') {
      AFTER_CLOSING.lastIndex = at + delimiter.length;
      if (at > from && AFTER_CLOSING.test(text)) return at;
      at = Math.min(text.length, closingAt(text, at + delimiter.length, delimiter) + delimiter.length);
      AFTER_CLOSING.lastIndex = at;
      if (AFTER_CLOSING.test(text)) return at;
      continue;
    }
    at += character === '\\' ? 2 : 1;
  }
  return text.length;
}

/** Past the bracket that closes the one at this place; the end of the text where none does. */
function bracketEnd(text: string, from: number): number {
  const open: string[] = [];
  for (let at = from; at < text.length; at += 1) {
    const character = text[at] as string;
    const closing = OPENING.get(character);
    if (closing !== undefined) open.push(closing);
    else if (character === open.at(-1)) open.pop();
    else if (character === '\\') at += 1;
    if (open.length === 0) return at + 1;
  }
  return text.length;
}

/** The end of a line of a header, where nothing is opened before it: a quote that follows a `=` is its own. */
export function lineEnd(text: string, from: number): number {
  const stop = /[\r\n"'`\\]/g;
  stop.lastIndex = from;
  for (let found = stop.exec(text); found !== null; found = stop.exec(text)) {
    const at = found.index;
    if (text[at] === '\\' && !/[rn"']/.test(text[at + 1] ?? '')) continue;
    if (text[at] !== '"' || text[at - 1] !== '=') return at;
    stop.lastIndex = Math.min(text.length, closingAt(text, at + 1, '"') + 1);
  }
  return text.length;
}
