/** Reads protobuf wire bytes: varints, lengths, fixed-width numbers, and what to skip. */
import { OtlpError } from './error.ts';

export const VARINT = 0;
export const FIXED64 = 1;
export const BYTES = 2;
export const FIXED32 = 5;

/** A cursor over the bytes of one message, which ends at `end`. @throws OtlpError `truncated`, `malformed` */
export class WireReader {
  readonly #buffer: Buffer;
  at = 0;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
  }

  take(stop: number, end: number): Buffer {
    if (stop > end) throw truncated();
    const part = this.#buffer.subarray(this.at, stop);
    this.at = stop;
    return part;
  }

  /** Reads a length and returns where the part of that length ends. */
  length(end: number): number {
    const stop = this.varint(end) + this.at;
    if (stop > end) throw truncated();
    return stop;
  }

  unsigned64(end: number): number {
    const part = this.take(this.at + 8, end);
    return part.readUInt32LE(4) * 0x1_0000_0000 + part.readUInt32LE(0);
  }

  /** Unsigned; above 2^53 it loses its last bits, which no length, tag or count has. */
  varint(end: number): number {
    let value = 0;
    let scale = 1;
    for (let index = 0; index < 10; index++) {
      if (this.at >= end) throw truncated();
      const byte = this.#buffer[this.at++] as number;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
    throw new OtlpError('malformed', 'OTLP varint longer than ten bytes.');
  }

  signedVarint(end: number): number {
    const start = this.at;
    const value = this.varint(end);
    if (this.at - start < 10) return value;
    let exact = 0n;
    for (let index = this.at - 1; index >= start; index--) exact = (exact << 7n) | BigInt((this.#buffer[index] as number) & 0x7f);
    return Number(BigInt.asIntN(64, exact));
  }

  skip(wireType: number, end: number): void {
    if (wireType === VARINT) this.varint(end);
    else if (wireType === FIXED64) this.take(this.at + 8, end);
    else if (wireType === BYTES) this.at = this.length(end);
    else if (wireType === FIXED32) this.take(this.at + 4, end);
    else throw new OtlpError('malformed', `OTLP field of unknown wire type ${wireType}.`);
  }
}

export interface WireField {
  readonly field: number;
  readonly start: number;
  readonly end: number;
  /** Of a length-delimited field. */
  readonly payload: Buffer | undefined;
  /** Of a varint; unsigned. */
  readonly number: number | undefined;
}

/** The fields of one message in order, without a schema. @throws OtlpError as `WireReader` */
export function* fieldsOf(message: Buffer): Generator<WireField> {
  const reader = new WireReader(message);
  const end = message.length;
  while (reader.at < end) {
    const start = reader.at;
    const tag = reader.varint(end);
    const wireType = tag % 8;
    const payload = wireType === BYTES ? reader.take(reader.length(end), end) : undefined;
    const number = wireType === VARINT ? reader.varint(end) : undefined;
    if (payload === undefined && number === undefined) reader.skip(wireType, end);
    yield { field: Math.floor(tag / 8), start, end: reader.at, payload, number };
  }
}

function truncated(): OtlpError {
  return new OtlpError('truncated', 'OTLP message ends in the middle of a value.');
}
