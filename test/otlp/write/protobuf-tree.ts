/**
 * Reads protobuf without a schema into a tree that two encodings of one message share: padded lengths, field order of
 * different fields aside.
 */

export type Tree = Record<number, (number | string | bigint | Tree)[]>;

/** Fields that are text or bytes although they would parse as a message; everything else that parses is one. */
export interface Schema {
  readonly [field: number]: Schema | 'text' | 'bytes';
}

export function readTree(bytes: Uint8Array, schema: Schema): Tree {
  const tree: Tree = {};
  const buffer = Buffer.from(bytes);
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = buffer[at++];
      if (byte === undefined) throw new RangeError(`truncated at ${at}`);
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  while (at < buffer.length) {
    const tag = Number(varint());
    const field = tag >>> 3;
    const put = (value: Tree[number][number]): void => void (tree[field] ??= []).push(value);
    const type = tag & 7;
    if (type === 0) put(varint());
    else if (type === 1) {
      put(buffer.readBigUInt64LE(at));
      at += 8;
    } else if (type === 5) {
      put(buffer.readUInt32LE(at));
      at += 4;
    } else if (type === 2) {
      const length = Number(varint());
      if (at + length > buffer.length) throw new RangeError(`length ${length} at ${at} is past the end`);
      const part = buffer.subarray(at, at + length);
      at += length;
      const inner = schema[field];
      if (inner === undefined) throw new Error(`unexpected length-delimited field ${field}`);
      put(inner === 'text' ? part.toString('utf8') : inner === 'bytes' ? part.toString('hex') : readTree(part, inner));
    } else throw new Error(`wire type ${type}`);
  }
  return tree;
}

const anyValue: Record<number, Schema | 'text' | 'bytes'> = { 1: 'text', 7: 'bytes' };
const keyValue: Schema = { 1: 'text', 2: anyValue };
anyValue[5] = { 1: anyValue };
anyValue[6] = { 1: keyValue };
const scope: Schema = { 1: 'text', 2: 'text', 3: keyValue };
const resource: Schema = { 1: keyValue };

function request(item: Schema): Schema {
  return { 1: { 1: resource, 2: { 1: scope, 2: item, 3: 'text' }, 3: 'text' } };
}

export const traceRequest = request({
  1: 'bytes',
  2: 'bytes',
  3: 'text',
  4: 'bytes',
  5: 'text',
  9: keyValue,
  11: { 2: 'text', 3: keyValue },
  13: { 1: 'bytes', 2: 'bytes', 3: 'text', 4: keyValue },
  15: { 2: 'text' },
});
const number: Schema = { 7: keyValue };
export const metricRequest = request({
  1: 'text',
  2: 'text',
  3: 'text',
  5: { 1: number },
  7: { 1: number },
  9: { 1: { 6: 'bytes', 7: 'bytes', 9: keyValue } },
});
export const logRequest = request({ 3: 'text', 5: anyValue, 6: keyValue, 9: 'bytes', 10: 'bytes', 12: 'text' });

/**
 * proto3: a scalar that is zero or a message that is empty, and one that is absent, are the same; but not in a value,
 * which is a choice of one.
 */
export function withoutZeros(tree: Tree, schema: Schema): Tree {
  if (schema === anyValue) return tree;
  const result: Tree = {};
  for (const [field, values] of Object.entries(tree)) {
    const inner = schema[Number(field)];
    const kept = values.map((value) => (typeof value === 'object' ? withoutZeros(value, inner as Schema) : value));
    const isEmpty = (value: (typeof kept)[number]): boolean =>
      value === 0n || value === 0 || value === '' || (typeof value === 'object' && inner !== anyValue && Object.keys(value).length === 0);
    if (!kept.every(isEmpty)) result[Number(field)] = kept;
  }
  return result;
}
