/** Removes credentials from a value that came as JSON: by the names of members, in every text, and in JSON within texts. Pure. */
import { scrubArgumentList } from './arguments.ts';
import { weightOf } from './names.ts';
import { HIDDEN } from './table.ts';
import { scrubText } from './text.ts';

/** JSON in a text in JSON: tool calls have one level, some gateways two. */
const MAX_NESTED = 3;
const MAX_DEPTH = 64;
/** What a key looks like, where its name has other meanings as well. */
const LIKE_KEY = /^(?=\D{0,63}\d)\S{8,}$/;
const NO_VALUE = /^(?:true|false|yes|no|null|none|undefined|string|number|boolean)?$/i;

/** Takes each text on its way, with the name of its member; what it gives is searched for credentials afterwards. */
export type TextMap = (text: string, name: string) => string;

/**
 * A copy of the same shape. A text that is JSON stays JSON, and is what it was where nothing is removed from it.
 * @example scrubValue({ apiKey: 'abc' }) // { apiKey: '***' }
 */
export function scrubValue(value: unknown, map: TextMap = (text) => text): unknown {
  return scrubbed(value, { name: '', depth: 0, nested: 0, map });
}

interface At {
  readonly name: string;
  readonly depth: number;
  readonly nested: number;
  readonly map: TextMap;
}

function scrubbed(value: unknown, at: At): unknown {
  if (typeof value === 'string') return textOf(value, at);
  if (typeof value === 'number') return weightOf(at.name) === 'secret' && value > 9_999 ? HIDDEN : value;
  if (typeof value !== 'object' || value === null) return value;
  if (at.depth > MAX_DEPTH) return undefined;
  const inside = { ...at, depth: at.depth + 1 };
  if (Array.isArray(value)) return listOf(value as unknown[], inside);
  const copy: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) copy[name] = scrubbed(member, { ...inside, name });
  // `{ name: 'API_TOKEN', value: '…' }`, as environments and headers are listed.
  const holder = value as Readonly<Record<string, unknown>>;
  const title = holder['name'] ?? holder['key'];
  if (typeof title === 'string' && typeof holder['value'] === 'string') copy['value'] = textOf(holder['value'], { ...inside, name: title });
  return copy;
}

/** Words alone are an argument list: one may name the next. */
function listOf(list: readonly unknown[], at: At): unknown[] {
  const isWords = list.length > 1 && list.every((item) => typeof item === 'string');
  return (isWords ? scrubArgumentList(list) : list).map((item) => scrubbed(item, at));
}

function textOf(text: string, at: At): string {
  const weight = NO_VALUE.test(text) ? undefined : weightOf(at.name);
  if (weight === 'secret' || (weight === 'short' && LIKE_KEY.test(text))) return HIDDEN;
  if (at.nested < MAX_NESTED && /^\s*[{[]/.test(text)) {
    const value = parsed(text);
    if (value !== undefined) {
      const clean = JSON.stringify(scrubbed(value, { ...at, name: '', nested: at.nested + 1 }));
      return clean === JSON.stringify(value) ? text : clean;
    }
  }
  return scrubText(at.map(text, at.name));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A text that only begins like JSON.
    return undefined;
  }
}
