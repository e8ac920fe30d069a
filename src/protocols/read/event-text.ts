/** Looks into the text of a server-sent event without parsing it: most events carry no fact, and are never parsed. */
import { utf8Of } from './latin1.ts';
import { objectsIn } from './objects-in.ts';
import { asObject, parseJson, type JsonObject } from './json.ts';

/** Whether `"key":` has a value other than null. `keyToQuote` is `key"`: a search from a quote takes 250 ns, not 50. */
export function hasValue(event: string, keyToQuote: string, from = 0): boolean {
  for (let at = event.indexOf(keyToQuote, from); at !== -1; at = event.indexOf(keyToQuote, at + 1)) {
    if (event.charCodeAt(at - 1) !== QUOTE) continue;
    let next = skipSpaces(event, at + keyToQuote.length);
    if (event.charCodeAt(next) !== COLON) continue;
    next = skipSpaces(event, next + 1);
    if (event.charCodeAt(next) !== LETTER_N) return true;
  }
  return false;
}

/** True when the event begins with its data. Looks at two characters only. */
export function isData(event: string): boolean {
  return event.charCodeAt(0) === LETTER_D && event.charCodeAt(4) === COLON;
}

const COLON = 0x3a;
const LETTER_N = 0x6e;
const LETTER_D = 0x64;
const QUOTE = 0x22;
const SPACE = 0x20;

function skipSpaces(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === SPACE) at += 1;
  return at;
}

/** Value of the first `data:` field, and of later ones joined by newlines; `undefined` when there is none. */
function dataOf(event: string): string | undefined {
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

/** The event's name; `undefined` when it has none. */
export function nameOf(event: string): string | undefined {
  return isData(event) ? undefined : /^event:[ ]*([^\n]{1,100})$/m.exec(event)?.[1]?.trim();
}

/** By which the services of the OpenAI family end a stream. */
const DONE = '[DONE]';

/** The event's data as an object, or what came of it. The bytes came as Latin-1; here they become the UTF-8 they are. */
export function parseEvent(event: string): JsonObject | undefined {
  const data = dataOf(event);
  // The error of a parser that is given the word takes longer than reading ten events.
  if (data === undefined || data === DONE) return undefined;
  const text = utf8Of(data);
  return asObject(parseJson(text)) ?? objectsIn(text).objects[0];
}
