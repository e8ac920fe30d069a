/** Reads OTLP key-value lists as plain attributes, within bounds. */
import type { DialectValue } from '../../semconv/index.ts';
import { cut } from './cut.ts';
import { stringIn, treeIn, treesIn, type Tree } from './tree.ts';

/** Most attributes of one span, point, record or resource; the SDK's own limit is 128. */
export const MAX_ATTRIBUTES = 512;
/** Longest stored text in UTF-16 units; keeps one captured prompt from filling the store. */
export const MAX_STRING_LENGTH = 65_536;
/** The same for the name of an attribute. */
const MAX_KEY_LENGTH = 256;
const MAX_LIST_LENGTH = 4_096;

/** What could not be used, counted by what and why, e.g. `span.bad-id`. */
export type Losses = Record<string, number>;

export function addLoss(losses: Losses, what: string, by = 1): void {
  losses[what] = (losses[what] ?? 0) + by;
}

/** Nested lists and maps become JSON text, bytes base64. `losses` counts what is beyond the bound. */
export function readAttributes(owner: Tree | undefined, losses?: Losses): Record<string, DialectValue> {
  const attributes: Record<string, DialectValue> = {};
  if (owner === undefined) return attributes;
  let count = 0;
  for (const pair of treesIn(owner, 'attributes')) {
    const key = stringIn(pair, 'key');
    // Assigning to __proto__ would change the object instead of adding to it.
    if (key === '' || key === '__proto__') continue;
    const value = readValue(treeIn(pair, 'value'));
    if (value === undefined) continue;
    if (++count > MAX_ATTRIBUTES) {
      if (losses !== undefined) addLoss(losses, 'attribute.too-many');
      continue;
    }
    attributes[cut(key, MAX_KEY_LENGTH)] = value;
  }
  return attributes;
}

export function readText(value: Tree | undefined): string | undefined {
  const read = readValue(value);
  if (read === undefined) return undefined;
  return typeof read === 'string' ? read : JSON.stringify(read);
}

function readValue(value: Tree | undefined): DialectValue | undefined {
  if (value === undefined) return undefined;
  const list = treeIn(value, 'arrayValue');
  if (list === undefined) return bounded(plain(value));
  const members = treesIn(list, 'values')
    .slice(0, MAX_LIST_LENGTH)
    .map((member) => plain(member));
  return members.every(isPrimitive) ? members.map((member) => primitive(member)) : bounded(members);
}

type Plain = string | number | boolean | null | Plain[] | { [key: string]: Plain };

function plain(value: Tree): Plain {
  for (const field of ['stringValue', 'boolValue', 'intValue', 'doubleValue', 'bytesValue']) {
    const leaf = value[field];
    if (leaf !== undefined) return leaf;
  }
  const list = treeIn(value, 'arrayValue');
  if (list !== undefined) return treesIn(list, 'values').map((member) => plain(member));
  const map = treeIn(value, 'kvlistValue');
  if (map === undefined) return null;
  return Object.fromEntries(treesIn(map, 'values').map((pair) => [stringIn(pair, 'key'), plain(treeIn(pair, 'value') ?? {})]));
}

function isPrimitive(value: Plain): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function bounded(value: Plain): DialectValue | undefined {
  if (value === null) return undefined;
  return isPrimitive(value) ? primitive(value) : cut(JSON.stringify(value), MAX_STRING_LENGTH);
}

/** A number that JSON cannot hold (NaN, Infinity) becomes its name. */
function primitive(value: string | number | boolean): string | number | boolean {
  if (typeof value === 'string') return cut(value, MAX_STRING_LENGTH);
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}
