/**
 * OTLP in JSON as other programs write it, put into the form of the specification: names of protobuf, ids in base64, the answers of
 * Tempo, lists of requests, older names, and values of attributes that are of no type or of another one than they say.
 */
export type Json = string | number | boolean | null | undefined | Json[] | { [name: string]: Json };
export type JsonObject = { [name: string]: Json };

/** One request from each object in `text`; nothing of what is no telemetry. @throws SyntaxError */
export function requestsIn(text: string): JsonObject[] {
  return requestsOf(JSON.parse(text) as Json, 0);
}

/** A trace of Tempo within its answer, in a list. */
const MAX_WRAPS = 4;
const LISTS = ['resourceSpans', 'resourceMetrics', 'resourceLogs'];

function requestsOf(value: Json, depth: number): JsonObject[] {
  if (depth > MAX_WRAPS || typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((each) => requestsOf(each, depth + 1));
  const request = named(value);
  // The name that Tempo gives to `resourceSpans`.
  if (Array.isArray(request['batches'])) request['resourceSpans'] ??= request['batches'];
  if (LISTS.some((name) => Array.isArray(request[name]))) return [put(request)];
  return ['trace', 'data', 'traces'].flatMap((name) => requestsOf(request[name], depth + 1));
}

/** `trace_id`, `start_time_unix_nano` as in the .proto files. */
const SNAKE = /_([a-z])/g;
const OLD_NAMES: Readonly<Record<string, string>> = {
  instrumentationLibrarySpans: 'scopeSpans',
  instrumentationLibraryMetrics: 'scopeMetrics',
  instrumentationLibraryLogs: 'scopeLogs',
  instrumentationLibrary: 'scope',
};

function named(object: JsonObject): JsonObject {
  const made: JsonObject = {};
  for (const [name, value] of Object.entries(object)) {
    const camel = name.includes('_') ? name.replaceAll(SNAKE, (_, letter: string) => letter.toUpperCase()) : name;
    made[OLD_NAMES[camel] ?? camel] ??= value;
  }
  return made;
}

function put(object: JsonObject): JsonObject {
  const made = named(object);
  for (const [name, value] of Object.entries(made)) made[name] = putMember(name, value);
  return made;
}

function putMember(name: string, value: Json): Json {
  if (name === 'attributes' || name === 'filteredAttributes') return attributesOf(value);
  if (name === 'body') return valueOf(value);
  if (name === 'traceId' || name === 'spanId' || name === 'parentSpanId') return idOf(value, name === 'traceId' ? 16 : 8);
  if (/UnixNano$/.test(name)) return timeOf(value);
  if (Array.isArray(value)) return value.flatMap((each) => (each === null ? [] : [isObject(each) ? put(each) : each]));
  return isObject(value) ? put(value) : value;
}

const isObject = (value: Json): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Hex stays; bytes in base64, which protobuf's own printers write, become hex. What is neither is left out, which is counted. */
function idOf(value: Json, bytes: number): Json {
  if (typeof value !== 'string') return undefined;
  if (value === '' || (value.length === bytes * 2 && /^[0-9a-f]+$/i.test(value))) return value.toLowerCase();
  const hex = Buffer.from(value, 'base64').toString('hex');
  if (hex.length === bytes * 2) return hex;
  // Ids of other tracers are shorter.
  return /^[0-9a-f]+$/i.test(value) && value.length < bytes * 2 ? value.toLowerCase().padStart(bytes * 2, '0') : undefined;
}

/** Nanoseconds; a text of the day and the time is one of those that protobuf's printers write. */
function timeOf(value: Json): Json {
  if (typeof value === 'number') return Number.isFinite(value) ? String(BigInt(Math.trunc(value))) : undefined;
  if (typeof value !== 'string' || /^\d+$/.test(value)) return value ?? undefined;
  const ms = Date.parse(value);
  return Number.isFinite(ms) ? String(BigInt(ms) * 1_000_000n) : undefined;
}

/** A list of keys and values, or an object of plain values. */
function attributesOf(value: Json): Json {
  if (isObject(value)) return Object.entries(value).map(([key, each]) => ({ key, value: valueOf(each) }));
  if (!Array.isArray(value)) return undefined;
  return value.flatMap((pair) =>
    isObject(pair) && typeof pair['key'] === 'string' ? [{ key: pair['key'], value: valueOf(pair['value']) }] : [],
  );
}

const READERS: Readonly<Record<string, (value: Json) => JsonObject>> = {
  stringValue: (value) => ({ stringValue: textOf(value) }),
  boolValue: (value) => (typeof value === 'boolean' ? { boolValue: value } : { stringValue: textOf(value) }),
  intValue: numberOf,
  doubleValue: numberOf,
  bytesValue: (value) => ({ stringValue: textOf(value) }),
  arrayValue: (value) => ({ arrayValue: { values: listOf(value).map(valueOf) } }),
  kvlistValue: (value) => ({ kvlistValue: { values: attributesOf(isObject(value) ? (value['values'] ?? []) : value) ?? [] } }),
};

/** One `AnyValue`, whatever it was written as: a plain value is one of its own type, an unknown one becomes text. */
function valueOf(value: Json): JsonObject {
  if (value === null || value === undefined) return {};
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') return numberOf(value);
  if (Array.isArray(value)) return { arrayValue: { values: value.map(valueOf) } };
  const inner = isObject(value['Value']) ? value['Value'] : value;
  for (const [name, member] of Object.entries(inner)) {
    const known = name.includes('_')
      ? name.replaceAll(SNAKE, (_, letter: string) => letter.toUpperCase())
      : name.replace(/^[A-Z]/, (letter) => letter.toLowerCase());
    const read = READERS[known];
    if (read !== undefined && member !== null) return read(member);
  }
  return Object.keys(value).length === 0 ? {} : { stringValue: JSON.stringify(value) };
}

const textOf = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value ?? ''));

const listOf = (value: Json): Json[] =>
  Array.isArray(value) ? value : isObject(value) && Array.isArray(value['values']) ? value['values'] : [];

function numberOf(value: Json): JsonObject {
  const number = typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN;
  if (Number.isSafeInteger(number)) return { intValue: number };
  if (typeof value === 'string' && /^-?\d{1,20}$/.test(value)) return { intValue: value };
  return Number.isFinite(number) ? { doubleValue: number } : { stringValue: textOf(value) };
}
