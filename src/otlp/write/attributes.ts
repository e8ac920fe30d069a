/** Writes attributes as protobuf `KeyValue`s. The encoding of short values that come again and again is cached. */
import { ownCopy } from '../../semconv/cut-text.ts';
import { MAX_KEY_BYTES, WireWriter } from './wire-writer.ts';

const CACHED_VALUE_LENGTH = 64;
/** With the other bounds: what is held is at most 10 MB, however a program names its attributes. */
const CACHED_KEY_LENGTH = 128;
/** Ids would fill a cache without a bound; names and enumerations fit. */
const CACHED_VALUES_PER_KEY = 64;
const CACHED_KEYS = 512;
/** A key that misses a full cache this often holds ids: looking them up would cost more than writing them. */
const MISSES_UNTIL_ID = 64;
const INT64_LIMIT = 2 ** 63;
/** Deeper values are cut: attributes are data, not documents. */
const MAX_DEPTH = 8;

interface KeyCache {
  /** The key as the first field of a `KeyValue`. */
  readonly key: Uint8Array;
  readonly values: Map<string, Uint8Array>;
  misses: number;
}

const cache = new Map<string, KeyCache>();
const scratch = new WireWriter();
const EMPTY = new Uint8Array(0);

/** Writes each entry as field `field`; entries that are `undefined` or `null` are left out. */
export function writeAttributes(writer: WireWriter, field: number, attributes: Readonly<Record<string, unknown>>): void {
  for (const key in attributes) writeAttribute(writer, field, key, attributes[key]);
}

/** One of them. */
export function writeAttribute(writer: WireWriter, field: number, key: string, value: unknown): void {
  if (value === undefined || value === null) return;
  const known = cacheOf(key);
  if (typeof value === 'number' && known !== undefined && known.key.length <= MAX_KEY_BYTES && isShort(value)) {
    writer.keyedNumber(field, known.key, value);
    return;
  }
  if (typeof value === 'string' && value.length <= CACHED_VALUE_LENGTH && known !== undefined) {
    const open = cached(known, key, value);
    if (open !== undefined) {
      writer.bytes(field, open);
      return;
    }
  }
  const mark = writer.open(field);
  if (known === undefined) writer.string(1, key);
  else writer.raw(known.key);
  writeAnyValue(writer, 2, value, 0);
  writer.close(mark);
}

/** A double, or a whole number that is neither negative nor beyond what is safe. */
function isShort(value: number): boolean {
  return !Number.isInteger(value) || (value >= 0 && Number.isSafeInteger(value));
}

/** One `AnyValue`. As in the reference serializer, whole numbers within 64 bits are integers. */
export function writeAnyValue(writer: WireWriter, field: number, value: unknown, depth: number): void {
  const mark = writer.open(field);
  if (typeof value === 'string') writer.string(1, value);
  else if (typeof value === 'boolean') writer.varint(2, value ? 1 : 0);
  else if (typeof value === 'number') {
    if (Number.isInteger(value) && value >= -INT64_LIMIT && value < INT64_LIMIT) writer.varint(3, value);
    else writer.double(4, value);
  } else if (value instanceof Uint8Array) writer.bytes(7, value);
  else if (Array.isArray(value) && depth < MAX_DEPTH) {
    const list = writer.open(5);
    for (const item of value as unknown[]) writeAnyValue(writer, 1, item, depth + 1);
    writer.close(list);
  } else if (typeof value === 'object' && value !== null && depth < MAX_DEPTH) {
    const map = writer.open(6);
    for (const [key, item] of Object.entries(value)) {
      const entry = writer.open(1);
      writeKeyValue(writer, key, item, depth + 1);
      writer.close(entry);
    }
    writer.close(map);
  }
  writer.close(mark);
}

function writeKeyValue(writer: WireWriter, key: string, value: unknown, depth: number): void {
  writer.string(1, key);
  writeAnyValue(writer, 2, value, depth);
}

function cacheOf(key: string): KeyCache | undefined {
  const known = cache.get(key);
  if (known !== undefined || key.length > CACHED_KEY_LENGTH || cache.size >= CACHED_KEYS) return known;
  scratch.string(1, key);
  const entry: KeyCache = { key: written(), values: new Map(), misses: 0 };
  cache.set(ownCopy(key), entry);
  return entry;
}

function cached(entry: KeyCache, key: string, value: string): Uint8Array | undefined {
  if (entry.misses >= MISSES_UNTIL_ID) return undefined;
  const known = entry.values.get(value);
  if (known !== undefined) return known;
  if (entry.values.size >= CACHED_VALUES_PER_KEY) {
    entry.misses++;
    return undefined;
  }
  writeKeyValue(scratch, key, value, 0);
  const bytes = written();
  entry.values.set(ownCopy(value), bytes);
  return bytes;
}

/** What stands in the scratch. A copy in Node's pool would hold its 64 KB as long as the cache lives; a segment of it holds nothing else. */
function written(): Uint8Array {
  scratch.commit();
  const [first = EMPTY, ...rest] = scratch.takeChunks();
  return rest.length === 0 ? first : new Uint8Array(Buffer.concat([first, ...rest]));
}
