/** Looking into the text of a server-sent event without parsing it; most events carry no fact and are never parsed. */
import { asObject, parseJson, type JsonObject } from './json.ts';

/** True when `"key":` stands in the event with a value other than `null`. `quotedKey` includes its quotes. */
export function hasValue(event: string, quotedKey: string): boolean {
  for (let at = event.indexOf(quotedKey); at !== -1; at = event.indexOf(quotedKey, at + 1)) {
    let next = skipSpaces(event, at + quotedKey.length);
    if (event.charCodeAt(next) !== COLON) continue;
    next = skipSpaces(event, next + 1);
    if (event.charCodeAt(next) !== LETTER_N) return true;
  }
  return false;
}

const COLON = 0x3a;
const LETTER_N = 0x6e;
const SPACE = 0x20;

function skipSpaces(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === SPACE) at += 1;
  return at;
}

/** Value of the first `data:` field, and of later ones joined by newlines; `undefined` when there is none. */
export function dataOf(event: string): string | undefined {
  let from = 0;
  let data: string | undefined;
  while (from <= event.length) {
    const newline = event.indexOf('\n', from);
    const end = newline === -1 ? event.length : newline;
    if (event.startsWith('data:', from)) {
      const start = event.charCodeAt(from + 5) === SPACE ? from + 6 : from + 5;
      const value = event.slice(start, end);
      data = data === undefined ? value : `${data}\n${value}`;
    }
    from = end + 1;
  }
  return data;
}

/** The event's data as an object. The bytes came as Latin-1; here they become the UTF-8 they are. */
export function parseEvent(event: string): JsonObject | undefined {
  const data = dataOf(event);
  return data === undefined ? undefined : asObject(parseJson(Buffer.from(data, 'latin1').toString('utf8')));
}
