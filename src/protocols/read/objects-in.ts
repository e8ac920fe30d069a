/** Finds the objects in a text that is no JSON by itself: several in a row or in a list, with more behind them, or cut. */
import { asArray, asObject, parseJson, type JsonObject } from './json.ts';
import { closingQuote } from './json-string.ts';

/** Protects from a body of millions of empty objects. */
const MAX_OBJECTS = 100_000;
const CLOSERS: Readonly<Record<string, string>> = { '{': '}', '[': ']' };

export interface FoundObjects {
  /** In their order. */
  readonly objects: readonly JsonObject[];
  /** The text ends within the last one, which has the members that came whole: of half a sum nobody could tell. */
  readonly isCut: boolean;
}

export function objectsIn(text: string): FoundObjects {
  const found: JsonObject[] = [];
  const marks = /[[\]{},"]/g;
  const open: string[] = [];
  let start = 0;
  let wholeUntil = 0;
  for (let mark = marks.exec(text); mark !== null && found.length < MAX_OBJECTS; mark = marks.exec(text)) {
    const [character] = mark;
    const closer = CLOSERS[character];
    if (closer !== undefined) {
      if (open.length === 0) start = mark.index;
      open.push(closer);
      if (open.length === 1) wholeUntil = mark.index + 1;
    } else if (open.length === 0) {
      continue;
    } else if (character === ',') {
      if (open.length === 1) wholeUntil = mark.index;
    } else if (character === '"') {
      const quote = closingQuote(text, mark.index + 1);
      if (quote === -1) break;
      marks.lastIndex = quote + 1;
    } else {
      open.pop();
      if (open.length === 0) add(found, text.slice(start, mark.index + 1));
      else if (open.length === 1) wholeUntil = mark.index + 1;
    }
  }
  if (open.length > 0) add(found, text.slice(start, wholeUntil) + (open[0] ?? ''));
  return { objects: found, isCut: open.length > 0 };
}

function add(found: JsonObject[], text: string): void {
  const value = parseJson(text);
  for (const item of Array.isArray(value) ? asArray(value) : [value]) {
    const object = asObject(item);
    if (object !== undefined && found.length < MAX_OBJECTS) found.push(object);
  }
}
