/** Finds, in the bytes of a JSON object, one list that is a member of it, and where each item of the list ends. */

export interface ArrayLayout {
  /** The member's name. */
  readonly key: string;
  /** Where its name begins, with its quote; what stands before it are other members. */
  readonly keyStart: number;
  /** Where the first item begins. */
  readonly start: number;
  /** Where each item ends, in their order. */
  readonly ends: readonly number[];
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const SPACE = 0x20;
/** Of both kinds of brackets the bit that tells `[` from `{` is taken away. */
const BRACKET_BIT = 0x20;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const OPEN_OBJECT = 0x7b;
const OPEN_LIST = 0x5b;

/**
 * The first member with one of these names, if it is a list. `bytes` are sound JSON. `undefined` also where a name comes twice, or is
 * written with an escape: then the parser decides otherwise than the eye.
 */
export function arrayLayout(bytes: Uint8Array, keys: ReadonlySet<string>): ArrayLayout | undefined {
  const seen = new Set<string>();
  let found: ArrayLayout | undefined;
  let at = skipSpace(bytes, 0);
  if (bytes[at] !== OPEN_OBJECT) return undefined;
  at = skipSpace(bytes, at + 1);
  while (bytes[at] === QUOTE) {
    const keyStart = at;
    const keyEnd = endOfString(bytes, at);
    const key = Buffer.from(bytes.buffer, bytes.byteOffset + at + 1, Math.max(0, keyEnd - at - 2)).toString('latin1');
    if (key.includes('\\') || seen.has(key)) return undefined;
    seen.add(key);
    at = skipSpace(bytes, keyEnd);
    if (bytes[at] !== COLON) return undefined;
    at = skipSpace(bytes, at + 1);
    if (found === undefined && keys.has(key)) {
      if (bytes[at] !== OPEN_LIST) return undefined;
      const start = at + 1;
      const ends = itemEnds(bytes, start);
      found = { key, keyStart, start, ends };
      at = skipSpace(bytes, ends.at(-1) ?? start) + 1;
    } else at = endOfValue(bytes, at);
    at = skipSpace(bytes, at);
    if (bytes[at] !== COMMA) break;
    at = skipSpace(bytes, at + 1);
  }
  return found;
}

/** Where the items of a list end, from `start`, behind its bracket or behind a comma in it. */
export function itemEnds(bytes: Uint8Array, start: number): number[] {
  const ends: number[] = [];
  let at = skipSpace(bytes, start);
  while (at < bytes.length && bytes[at] !== CLOSE) {
    const end = endOfValue(bytes, at);
    ends.push(end);
    at = skipSpace(bytes, end);
    if (bytes[at] !== COMMA) break;
    at = skipSpace(bytes, at + 1);
  }
  return ends;
}

/** Where the value that begins at `from` ends. */
function endOfValue(bytes: Uint8Array, from: number): number {
  const { length } = bytes;
  let depth = 0;
  let at = from;
  while (at < length) {
    const byte = bytes[at] as number;
    if (byte === QUOTE) {
      at = endOfString(bytes, at);
      if (depth === 0) return at;
      continue;
    }
    const bracket = byte & ~BRACKET_BIT;
    if (bracket === OPEN) depth += 1;
    else if (bracket === CLOSE) {
      // A number or a word ends where what it stands in does.
      if (depth === 0) return at;
      depth -= 1;
      if (depth === 0) return at + 1;
    } else if (depth === 0 && (byte === COMMA || byte <= SPACE)) return at;
    at += 1;
  }
  return length;
}

/** Behind the quote that closes the string whose opening quote is at `from`. */
function endOfString(bytes: Uint8Array, from: number): number {
  const { length } = bytes;
  let at = from + 1;
  while (at < length) {
    const byte = bytes[at] as number;
    if (byte === QUOTE) return at + 1;
    at += byte === BACKSLASH ? 2 : 1;
  }
  return length;
}

function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && (bytes[at] as number) <= SPACE) at += 1;
  return at;
}
