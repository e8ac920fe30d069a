/** Values of a row that anybody may have written: what is not of the expected kind is absent. */

export type Row = Readonly<Record<string, unknown>>;

/** Longest name, id or folder that is kept; protects memory from a file that is no session. */
const MAX_NAME = 256;
const MAX_PATH = 4_096;
/** From 2020 on: no agent wrote sessions before. A second in the place of a millisecond is told by it. */
const FIRST_MS = Date.UTC(2020, 0);
const LAST_MS = Date.UTC(2100, 0);

export function objectOf(value: unknown): Row | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Row) : undefined;
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

export function nameOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= MAX_NAME ? value : undefined;
}

export function pathOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= MAX_PATH ? value : undefined;
}

/** A text of RFC 3339, or a number of milliseconds. Epoch ms. */
export function timeOf(value: unknown): number | undefined {
  const time = typeof value === 'number' ? value : typeof value === 'string' && value.length <= 40 ? Date.parse(value) : NaN;
  return time >= FIRST_MS && time < LAST_MS ? time : undefined;
}

/** The sum of what is told; undefined where nothing is. */
export function sumOf(...values: readonly (number | undefined)[]): number | undefined {
  let sum: number | undefined;
  for (const value of values) if (value !== undefined) sum = (sum ?? 0) + value;
  return sum;
}

/** One row as an object; undefined for what is cut or something else. */
export function parseRow(text: string): Row | undefined {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    // Cut off by a crash, or no JSON.
    return undefined;
  }
}
