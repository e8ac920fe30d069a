/** The result of reading: a message as a plain object with the JSON field names. Absent fields are left out. */

/** Most bytes of one request after unpacking: as the OpenTelemetry collector has it. */
export const MAX_UNPACKED_BYTES = 20 * 1024 * 1024;

/** A read message. Ids are lower-case hex, times are epoch milliseconds with fraction, 64-bit integers are numbers. */
export interface Tree {
  [field: string]: Leaf | Tree | (Leaf | Tree)[];
}
export type Leaf = string | number | boolean;

/** Deepest nesting of messages; an attribute value of 8 nested lists needs 24. Protects the stack. */
export const MAX_DEPTH = 40;
/** Most messages and list members of one request; protects the heap. 10,000 spans of 30 attributes have 1.5 million. */
export const MAX_NODES = 2_000_000;
/** The same for one span, metric or log record. A metric of 2,000 points with ten attributes each has 160,000. */
export const MAX_ITEM_NODES = 262_144;
/** Most spans, points or log records of one request; with 20 MiB each has 200 bytes, which no exporter's has. */
export const MAX_ITEMS = 100_000;

export function stringIn(tree: Tree, field: string): string {
  const value = tree[field];
  return typeof value === 'string' ? value : '';
}

export function numberIn(tree: Tree, field: string): number | undefined {
  const value = tree[field];
  return typeof value === 'number' ? value : undefined;
}

export function treeIn(tree: Tree, field: string): Tree | undefined {
  const value = tree[field];
  return typeof value === 'object' && !Array.isArray(value) ? value : undefined;
}

export function treesIn(tree: Tree, field: string): readonly Tree[] {
  const value = tree[field];
  return Array.isArray(value) ? (value as Tree[]) : [];
}

export function numbersIn(tree: Tree, field: string): readonly number[] {
  const value = tree[field];
  return Array.isArray(value) ? (value as number[]) : [];
}

/** Epoch nanoseconds as milliseconds, to the microsecond: all that a number of today's size can hold. */
export function millisecondsOf(nanos: number): number {
  return Math.round(nanos / 1e3) / 1e3;
}
