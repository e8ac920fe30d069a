/** Reads OTLP in protobuf by the schema table. Unknown fields are skipped, bad bytes are a typed error. */
import { OtlpError } from './error.ts';
import { isMessage, schema, type Field, type MessageName, type ScalarType } from './schema.ts';
import { MAX_DEPTH, MAX_ITEM_NODES, MAX_NODES, millisecondsOf, type Leaf, type Tree } from './tree.ts';
import { BYTES, FIXED64, VARINT, WireReader } from './wire-reader.ts';

const wireTypes: Readonly<Record<ScalarType, number>> = {
  string: BYTES,
  bytes: BYTES,
  id: BYTES,
  bool: VARINT,
  double: FIXED64,
  int64: VARINT,
  uint32: VARINT,
  fixed64: FIXED64,
  sfixed64: FIXED64,
  time: FIXED64,
  enum: VARINT,
};

/** @throws OtlpError `truncated`, `malformed`, `too_deep`, `too_many`. */
export function readProtobuf(bytes: Uint8Array, message: MessageName): Tree {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return new ProtobufReader(buffer).readPart(message, { start: 0, end: buffer.length, depth: 0 });
}

/** Reads parts of one request, whose values it counts together and by the part. */
export class ProtobufReader extends WireReader {
  #nodes = 0;
  #mostNodes = 0;

  /** @throws OtlpError `truncated`, `malformed`, `too_deep`, `too_many`. */
  readPart(name: MessageName, { start, end, depth }: { start: number; end: number; depth: number }): Tree {
    this.at = start;
    this.#mostNodes = Math.min(MAX_NODES, this.#nodes + MAX_ITEM_NODES);
    return this.#readMessage(name, end, depth);
  }

  #readMessage(name: MessageName, end: number, depth: number): Tree {
    if (depth > MAX_DEPTH) throw new OtlpError('too_deep', `OTLP message nested deeper than ${MAX_DEPTH}.`);
    this.#count();
    const tree: Tree = {};
    const { fields } = schema[name];
    while (this.at < end) {
      const tag = this.varint(end);
      const number = Math.floor(tag / 8);
      const wireType = tag % 8;
      if (number === 0) throw new OtlpError('malformed', 'OTLP message with field number 0.');
      const field = fields[number];
      if (field === undefined) this.skip(wireType, end);
      else this.#readField({ tree, field, wireType, end, depth });
    }
    return tree;
  }

  #readField({ tree, field, wireType, end, depth }: { tree: Tree; field: Field; wireType: number; end: number; depth: number }): void {
    const { type, name } = field;
    if (isMessage(type)) {
      if (wireType !== BYTES) throw new OtlpError('malformed', `OTLP field ${name} has wire type ${wireType}.`);
      const stop = this.length(end);
      const value = this.#readMessage(type, stop, depth + 1);
      if (field.isRepeated) listIn(tree, name).push(value);
      else tree[name] = value;
      return;
    }
    const expected = wireTypes[type];
    if (field.isRepeated && wireType === BYTES && expected !== BYTES) {
      const stop = this.length(end);
      const list = listIn(tree, name);
      while (this.at < stop) list.push(this.#scalar(type, stop));
      return;
    }
    if (wireType !== expected) throw new OtlpError('malformed', `OTLP field ${name} has wire type ${wireType}.`);
    const value = this.#scalar(type, end);
    if (field.isRepeated) listIn(tree, name).push(value);
    else tree[name] = value;
  }

  #scalar(type: ScalarType, end: number): Leaf {
    this.#count();
    switch (type) {
      case 'string': {
        const stop = this.length(end);
        return this.take(stop, end).toString('utf8');
      }
      case 'id': {
        const stop = this.length(end);
        return this.take(stop, end).toString('hex');
      }
      case 'bytes': {
        const stop = this.length(end);
        return this.take(stop, end).toString('base64');
      }
      case 'double':
        return this.take(this.at + 8, end).readDoubleLE(0);
      case 'time':
        return millisecondsOf(this.unsigned64(end));
      case 'fixed64':
        return this.unsigned64(end);
      case 'sfixed64':
        return Number(this.take(this.at + 8, end).readBigInt64LE(0));
      case 'int64':
        return this.signedVarint(end);
      case 'bool':
        return this.varint(end) !== 0;
      case 'uint32':
      case 'enum':
        return this.varint(end);
    }
  }

  #count(): void {
    if (++this.#nodes > this.#mostNodes) throw new OtlpError('too_many', 'OTLP request with too many values.');
  }
}

function listIn(tree: Tree, name: string): (Leaf | Tree)[] {
  const list = tree[name];
  if (Array.isArray(list)) return list;
  return (tree[name] = []);
}
