/** Reads OTLP in JSON by the same schema: hex ids, 64-bit integers as strings or numbers, enums by number or name. */
import { OtlpError } from './error.ts';
import { isMessage, schema, type Field, type MessageName, type ScalarType } from './schema.ts';
import { MAX_DEPTH, MAX_ITEM_NODES, millisecondsOf, type Leaf, type Tree } from './tree.ts';

/** One message out of JSON that is parsed already; `depth` is its own in the request. @throws OtlpError `malformed`, `too_deep`, `too_many`. */
export function readJsonValue(value: unknown, message: MessageName, depth = 0): Tree {
  return readMessage(value, message, { depth, budget: { nodes: MAX_ITEM_NODES } });
}

interface Place {
  readonly depth: number;
  readonly budget: { nodes: number };
}

function readMessage(value: unknown, name: MessageName, { depth, budget }: Place): Tree {
  if (depth > MAX_DEPTH) throw new OtlpError('too_deep', `OTLP message nested deeper than ${MAX_DEPTH}.`);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new OtlpError('malformed', `OTLP ${name} is no JSON object.`);
  const tree: Tree = {};
  const inner = { depth: depth + 1, budget };
  for (const field of schema[name].fields) {
    if (field === undefined || !Object.hasOwn(value, field.name)) continue;
    const given = (value as Record<string, unknown>)[field.name];
    if (given === null || given === undefined) continue;
    if (!field.isRepeated) tree[field.name] = readValue(given, field, inner);
    else if (Array.isArray(given)) tree[field.name] = given.map((member) => readValue(member, field, inner));
    else throw new OtlpError('malformed', `OTLP field ${field.name} is no list.`);
  }
  return tree;
}

function readValue(value: unknown, field: Field, place: Place): Leaf | Tree {
  if (--place.budget.nodes < 0) throw new OtlpError('too_many', 'OTLP request with too many values.');
  if (isMessage(field.type)) return readMessage(value, field.type, place);
  const read = scalars[field.type](value, field);
  if (read === undefined) throw new OtlpError('malformed', `OTLP field ${field.name} has a value that is no ${field.type}.`);
  return read;
}

const scalars: Readonly<Record<ScalarType, (value: unknown, field: Field) => Leaf | undefined>> = {
  string: (value) => (typeof value === 'string' ? value : undefined),
  bytes: (value) => (typeof value === 'string' ? value : undefined),
  id: (value) => (typeof value === 'string' && /^(?:[0-9a-fA-F]{2})*$/.test(value) ? value.toLowerCase() : undefined),
  bool: (value) => (typeof value === 'boolean' ? value : undefined),
  double: readDouble,
  int64: readInteger,
  uint32: readInteger,
  fixed64: readInteger,
  sfixed64: readInteger,
  time(value) {
    const nanos = readInteger(value);
    return nanos === undefined ? undefined : millisecondsOf(nanos);
  },
  enum(value, field) {
    if (typeof value !== 'string') return readInteger(value);
    const number = field.values?.indexOf(value) ?? -1;
    return number >= 0 ? number : readInteger(value);
  },
};

function readInteger(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? value : undefined;
  return typeof value === 'string' && /^-?\d{1,20}$/.test(value) ? Number(value) : undefined;
}

function readDouble(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value);
  const number = value.trim() === '' ? NaN : Number(value);
  return Number.isNaN(number) ? undefined : number;
}
