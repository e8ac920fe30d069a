/** What a program hands to a snapshot, as plain data: no code of the program runs while it is read, and what is left out is counted. */
import { types } from 'node:util';

/** Values of one state; protects the program's time from a state that is a whole database. */
const MAX_VALUES = 10_000;
/** Characters of all names and texts; the store takes 64 KiB as JSON. */
const MAX_CHARACTERS = 48 * 1024;
/** Of one text or name. */
const MAX_TEXT = 8 * 1024;
const MAX_DEPTH = 24;

export interface PlainState {
  readonly value: unknown;
  /** Values that were left out, or cut. */
  readonly omitted: number;
}

/**
 * Maps become objects, sets lists, dates ISO texts, BigInts their digits; objects of classes give their own data. Left out: functions,
 * symbols, proxies, getters, buffers, numbers without a value, circles, and what is too deep or too much.
 */
export function plainState(given: unknown): PlainState {
  const reading: Reading = { values: MAX_VALUES, characters: MAX_CHARACTERS, omitted: 0, around: new Set() };
  const value = copyOf(given, reading);
  return { value: value === LEFT_OUT ? undefined : value, omitted: reading.omitted };
}

interface Reading {
  values: number;
  characters: number;
  omitted: number;
  /** The objects that the value is in: it is none of them. */
  readonly around: Set<object>;
}

const LEFT_OUT = Symbol('left out');

function copyOf(value: unknown, reading: Reading): unknown {
  if (value === undefined) return LEFT_OUT;
  if (reading.values <= 0) return leaveOut(reading);
  reading.values -= 1;
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : leaveOut(reading);
  if (typeof value === 'string') return textOf(value, reading);
  if (typeof value === 'bigint') return textOf(bigText(value, reading), reading);
  if (typeof value !== 'object') return leaveOut(reading);
  if (types.isProxy(value) || types.isArrayBufferView(value) || types.isAnyArrayBuffer(value) || types.isPromise(value))
    return leaveOut(reading);
  if (reading.around.has(value) || reading.around.size >= MAX_DEPTH) return leaveOut(reading);
  if (types.isDate(value)) return dateOf(value, reading);
  reading.around.add(value);
  const copy = Array.isArray(value) ? listOf(value as unknown[], reading) : membersOf(value, reading);
  reading.around.delete(value);
  return copy;
}

function leaveOut(reading: Reading): typeof LEFT_OUT {
  reading.omitted += 1;
  return LEFT_OUT;
}

function textOf(text: string, reading: Reading): string {
  const kept = text.slice(0, Math.max(0, Math.min(MAX_TEXT, reading.characters)));
  reading.characters -= kept.length;
  if (kept.length < text.length) reading.omitted += 1;
  return kept;
}

/** More digits than this take long to write: 2^100000 has 30,000. */
const MAX_BITS = 4_096n;

function bigText(value: bigint, reading: Reading): string {
  const isNegative = value < 0n;
  if ((isNegative ? -value : value) >> MAX_BITS === 0n) return String(value);
  reading.omitted += 1;
  return `${isNegative ? 'less than -' : 'more than '}2^${MAX_BITS}`;
}

function dateOf(date: Date, reading: Reading): unknown {
  const time = Date.prototype.getTime.call(date);
  return Number.isNaN(time) ? leaveOut(reading) : new Date(time).toISOString();
}

/** By index, since an iterator may be the program's own; a hole or a getter is `null`, so that the others keep their places. */
function listOf(list: readonly unknown[], reading: Reading): unknown[] {
  const items: unknown[] = [];
  for (let at = 0; at < list.length; at += 1) {
    if (reading.values <= 0) {
      reading.omitted += list.length - at;
      break;
    }
    const own: PropertyDescriptor | undefined = Object.getOwnPropertyDescriptor(list, at);
    if (own !== undefined && !('value' in own)) reading.omitted += 1;
    const item = own !== undefined && 'value' in own ? copyOf(own.value, reading) : null;
    items.push(item === LEFT_OUT ? null : item);
  }
  return items;
}

function membersOf(object: object, reading: Reading): unknown {
  if (types.isSet(object)) return listOf(firstOf(Set.prototype.values.call(object), object.size, reading), reading);
  const copy = Object.create(null) as Record<string, unknown>;
  const members = types.isMap(object) ? entriesOf(object, reading) : Object.keys(object);
  for (const [index, member] of members.entries()) {
    if (reading.values <= 0 || reading.characters <= 0) {
      reading.omitted += members.length - index;
      break;
    }
    const [name, own] = typeof member === 'string' ? [member, Object.getOwnPropertyDescriptor(object, member)] : member;
    // A getter is the program's code.
    if (own === undefined || !('value' in own)) {
      reading.omitted += 1;
      continue;
    }
    const value = copyOf(own.value, reading);
    if (value !== LEFT_OUT) copy[textOf(name, reading)] = value;
  }
  return copy;
}

type Member = readonly [name: string, own: PropertyDescriptor];

/** A key that is no text, number or boolean has no name. */
function entriesOf(map: ReadonlyMap<unknown, unknown>, reading: Reading): Member[] {
  const entries = Map.prototype.entries.call(map) as Iterable<readonly [unknown, unknown]>;
  return firstOf(entries, map.size, reading).map(([key, value]): Member => {
    const isName = typeof key === 'string' || typeof key === 'number' || typeof key === 'boolean';
    return isName ? [String(key), { value }] : ['', {}];
  });
}

/** As many as are kept at most. */
function firstOf<T>(items: Iterable<T>, size: number, reading: Reading): T[] {
  const first: T[] = [];
  for (const item of items) {
    if (first.length >= reading.values) {
      reading.omitted += size - first.length;
      break;
    }
    first.push(item);
  }
  return first;
}
