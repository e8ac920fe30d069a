/** Keyed hashes of what tools are given and give back: calls that repeat are found, and nobody without the key can try out what it was. */
import { createHmac } from 'node:crypto';

/** Characters of a text that are hashed; of a longer one the beginning and its length. */
export const MAX_HASHED_CHARACTERS = 64 * 1024;
/** Characters of JSON that are put in order; longer JSON is hashed as the text that it is, of longer values the beginning: thousands of small values would take milliseconds. */
export const MAX_CANONICAL_CHARACTERS = 8 * 1024;
/** Nesting that is followed; what lies deeper counts as equal. */
const MAX_DEPTH = 64;
/** 64 bits in hex: among a million calls of a run no two are taken for equal by chance. */
const HEX_CHARACTERS = 16;

/** By the key that an assembly has; `undefined` while it has none. */
export function digestOf(assembly: { hashKey?(): Uint8Array | undefined }, content: unknown): string | undefined {
  const key = assembly.hashKey?.();
  return key === undefined ? undefined : keyedHash(key, content);
}

/** `undefined` for nothing at all. Equal contents have equal hashes, however their JSON is spaced and its members are ordered. */
export function keyedHash(key: Uint8Array, content: unknown): string | undefined {
  const text = canonicalText(content);
  return text === undefined ? undefined : createHmac('sha256', key).update(text).digest('hex').slice(0, HEX_CHARACTERS);
}

/** A text that is JSON counts as the value it says; a list of texts, as providers and MCP write results, as its text. */
export function canonicalText(content: unknown): string | undefined {
  const value = plainOf(content);
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') return canonicalJson(value);
  const isJson = value.length <= MAX_CANONICAL_CHARACTERS && /^\s*[{[]/.test(value);
  const parsed = isJson ? parsedOf(value) : undefined;
  if (parsed !== undefined) return canonicalJson(parsed);
  return value.length <= MAX_HASHED_CHARACTERS ? value : `${value.slice(0, MAX_HASHED_CHARACTERS)}\n${value.length}`;
}

function parsedOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A text that only begins like JSON.
    return undefined;
  }
}

/** `[{ type: 'text', text }]`, `[{ json }]`, `{ content: [...] }`: what is inside. */
function plainOf(content: unknown): unknown {
  const list = isObject(content) && Array.isArray(content['content']) ? (content['content'] as unknown[]) : content;
  if (!Array.isArray(list) || list.length === 0) return content;
  const [first] = list as unknown[];
  if (list.length === 1 && isObject(first) && first['json'] !== undefined) return first['json'];
  const texts = (list as unknown[]).map((item) => (isObject(item) && typeof item['text'] === 'string' ? item['text'] : undefined));
  return texts.every((text) => text !== undefined) ? texts.join('\n') : content;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** JSON with the members of each object in the order of their names; ends where the bound is reached. */
function canonicalJson(value: unknown): string {
  const parts: string[] = [];
  let left = MAX_CANONICAL_CHARACTERS;
  const put = (text: string): void => {
    parts.push(text.length > left ? text.slice(0, left) : text);
    left -= text.length;
  };
  const write = (each: unknown, depth: number): void => {
    if (left <= 0) return;
    if (typeof each === 'string') return put(JSON.stringify(each.length > left ? each.slice(0, left) : each));
    if (typeof each !== 'object' || each === null) return put(String(each));
    if (depth > MAX_DEPTH) return put('…');
    if (Array.isArray(each)) {
      put('[');
      for (const item of each as unknown[]) {
        if (left <= 0) break;
        write(item, depth + 1);
        put(',');
      }
      return put(']');
    }
    put('{');
    for (const name of Object.keys(each).sort()) {
      if (left <= 0) break;
      const member = (each as Record<string, unknown>)[name];
      if (member === undefined) continue;
      put(`${JSON.stringify(name)}:`);
      write(member, depth + 1);
      put(',');
    }
    put('}');
  };
  write(value, 0);
  return parts.join('');
}
