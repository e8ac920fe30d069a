/** Reads values of unknown shape: a value of another kind than the one asked for is `undefined`, never an error. */

import { isTooFine } from './json-size.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export function asObject(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

export function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A non-empty string. */
export function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** A count: whole and not negative. */
export function asCount(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

export function asTexts(value: unknown): readonly string[] | undefined {
  const texts = (typeof value === 'string' ? [value] : asArray(value)).filter((text) => typeof text === 'string');
  return texts.length === 0 ? undefined : texts;
}

/** The entry of `table` for a key that somebody else chose: `constructor` is no entry. */
export function valueIn<Value>(table: Readonly<Record<string, Value>>, key: string | undefined): Value | undefined {
  return key !== undefined && Object.hasOwn(table, key) ? table[key] : undefined;
}

/** `undefined` for text that is no JSON, and for one of too many values. */
export function parseJson(text: string): unknown {
  if (isTooFine(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
