/** A copy of what an app hands over, as far as it is plain data: no code of the app's runs while it is read. */
import { types } from 'node:util';

/** Values of one content; protects the app's time from a result that is a whole database. */
const MAX_VALUES = 10_000;
/** Characters of all its texts; as many as are hashed, and twice what is captured. */
const MAX_CHARACTERS = 128 * 1024;
const MAX_DEPTH = 64;

/** `undefined` for what is no plain data: functions, streams, instances of classes, proxies; inside of a list `null`. */
export function plainCopy(value: unknown): unknown {
  const left = { values: MAX_VALUES, characters: MAX_CHARACTERS };
  return copyOf(value, left, 0);
}

function copyOf(value: unknown, left: { values: number; characters: number }, depth: number): unknown {
  left.values -= 1;
  if (typeof value === 'string') {
    const kept = value.slice(0, Math.max(0, left.characters));
    left.characters -= kept.length;
    return kept;
  }
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || depth > MAX_DEPTH || types.isProxy(value)) return undefined;
  if (Array.isArray(value)) return listOf(value, left, depth);
  const prototype: unknown = Object.getPrototypeOf(value);
  // Of another realm (a `vm` context) an object's prototype is another one, whose own prototype is null.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) return undefined;
  const copy: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const name of Object.keys(value)) {
    if (left.values <= 0) break;
    // A getter is the app's code.
    const own = Object.getOwnPropertyDescriptor(value, name);
    if (own !== undefined && 'value' in own) copy[name] = copyOf(own.value, left, depth + 1);
  }
  return copy;
}

function listOf(list: readonly unknown[], left: { values: number; characters: number }, depth: number): unknown[] {
  const items: unknown[] = [];
  for (let at = 0; at < list.length && left.values > 0; at += 1) items.push(copyOf(list[at], left, depth + 1) ?? null);
  return items;
}
