/** Reads protobuf wire bytes by the schema table; unknown fields are skipped, bad bytes are a typed error. */
import { ViewerError } from '../error.ts';
import { isMessage, schema, type Field, type MessageName, type ScalarType } from './schema.ts';
import { MAX_DEPTH, MAX_NODES, millisecondsOf, type Leaf, type Tree } from './tree.ts';

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

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

/** @throws ViewerError `truncated`, `malformed`, `too_deep`, `too_many`. */
export function readProtobuf(bytes: Uint8Array, message: MessageName): Tree {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return new WireReader(buffer).readMessage(message, buffer.length, 0);
}

class WireReader {
  readonly #buffer: Buffer;
  #at = 0;
  #nodes = 0;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
  }

  readMessage(name: MessageName, end: number, depth: number): Tree {
    if (depth > MAX_DEPTH) throw new ViewerError('too_deep', `OTLP message nested deeper than ${MAX_DEPTH}.`);
    this.#count();
    const tree: Tree = {};
    const { fields } = schema[name];
    while (this.#at < end) {
      const tag = this.#varint(end);
      const number = Math.floor(tag / 8);
      const wireType = tag % 8;
      if (number === 0) throw new ViewerError('malformed', 'OTLP message with field number 0.');
      const field = fields[number];
      if (field === undefined) this.#skip(wireType, end);
      else this.#readField({ tree, field, wireType, end, depth });
    }
    return tree;
  }

  #readField({ tree, field, wireType, end, depth }: { tree: Tree; field: Field; wireType: number; end: number; depth: number }): void {
    const { type, name } = field;
    if (isMessage(type)) {
      if (wireType !== BYTES) throw new ViewerError('malformed', `OTLP field ${name} has wire type ${wireType}.`);
      const stop = this.#length(end);
      const value = this.readMessage(type, stop, depth + 1);
      if (field.isRepeated) listIn(tree, name).push(value);
      else tree[name] = value;
      return;
    }
    const expected = wireTypes[type];
    if (field.isRepeated && wireType === BYTES && expected !== BYTES) {
      const stop = this.#length(end);
      const list = listIn(tree, name);
      while (this.#at < stop) list.push(this.#scalar(type, stop));
      return;
    }
    if (wireType !== expected) throw new ViewerError('malformed', `OTLP field ${name} has wire type ${wireType}.`);
    const value = this.#scalar(type, end);
    if (field.isRepeated) listIn(tree, name).push(value);
    else tree[name] = value;
  }

  #scalar(type: ScalarType, end: number): Leaf {
    this.#count();
    switch (type) {
      case 'string': {
        const stop = this.#length(end);
        return this.#take(stop).toString('utf8');
      }
      case 'id': {
        const stop = this.#length(end);
        return this.#take(stop).toString('hex');
      }
      case 'bytes': {
        const stop = this.#length(end);
        return this.#take(stop).toString('base64');
      }
      case 'double':
        return this.#take(this.#at + 8, end).readDoubleLE(0);
      case 'time':
        return millisecondsOf(this.#unsigned64(end));
      case 'fixed64':
        return this.#unsigned64(end);
      case 'sfixed64':
        return Number(this.#take(this.#at + 8, end).readBigInt64LE(0));
      case 'int64':
        return this.#signedVarint(end);
      case 'bool':
        return this.#varint(end) !== 0;
      case 'uint32':
      case 'enum':
        return this.#varint(end);
    }
  }

  #take(stop: number, end = stop): Buffer {
    if (stop > end) throw truncated();
    const part = this.#buffer.subarray(this.#at, stop);
    this.#at = stop;
    return part;
  }

  /** End of a length-delimited part. */
  #length(end: number): number {
    const stop = this.#varint(end) + this.#at;
    if (stop > end) throw truncated();
    return stop;
  }

  #unsigned64(end: number): number {
    const part = this.#take(this.#at + 8, end);
    return part.readUInt32LE(4) * 0x1_0000_0000 + part.readUInt32LE(0);
  }

  /** Unsigned; above 2^53 it loses its last bits, which no length, tag or count has. */
  #varint(end: number): number {
    let value = 0;
    let scale = 1;
    for (let index = 0; index < 10; index++) {
      if (this.#at >= end) throw truncated();
      const byte = this.#buffer[this.#at++] as number;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
    throw new ViewerError('malformed', 'OTLP varint longer than ten bytes.');
  }

  #signedVarint(end: number): number {
    const start = this.#at;
    const value = this.#varint(end);
    if (this.#at - start < 10) return value;
    let exact = 0n;
    for (let index = this.#at - 1; index >= start; index--) exact = (exact << 7n) | BigInt((this.#buffer[index] as number) & 0x7f);
    return Number(BigInt.asIntN(64, exact));
  }

  #skip(wireType: number, end: number): void {
    if (wireType === VARINT) this.#varint(end);
    else if (wireType === FIXED64) this.#take(this.#at + 8, end);
    else if (wireType === BYTES) this.#at = this.#length(end);
    else if (wireType === FIXED32) this.#take(this.#at + 4, end);
    else throw new ViewerError('malformed', `OTLP field of unknown wire type ${wireType}.`);
  }

  #count(): void {
    if (++this.#nodes > MAX_NODES) throw new ViewerError('too_many', `OTLP request with more than ${MAX_NODES} values.`);
  }
}

function listIn(tree: Tree, name: string): (Leaf | Tree)[] {
  const list = tree[name];
  if (Array.isArray(list)) return list;
  return (tree[name] = []);
}

function truncated(): ViewerError {
  return new ViewerError('truncated', 'OTLP message ends in the middle of a value.');
}
