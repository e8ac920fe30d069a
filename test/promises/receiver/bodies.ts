// Request bodies that no sound exporter sends.
import { TRACE_ID } from '../../viewer/receive/signals.ts';

export const plainSpan = {
  traceId: TRACE_ID,
  spanId: 'b7ad6b7169203331',
  name: 'a',
  startTimeUnixNano: '1700000000250000000',
  endTimeUnixNano: '1700000001000000000',
};

export function jsonSpan(change: object): string {
  const first = { ...plainSpan, ...change };
  return JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [first] }] }] });
}

/** Written by hand: the engine's own writer would run out of stack. */
export function deepAttribute(depth: number): string {
  const value = `${'{"arrayValue":{"values":['.repeat(depth)}{}${']}}'.repeat(depth)}`;
  return jsonSpan({ attributes: [{ key: 'deep', value: 'HERE' }] }).replace('"HERE"', value);
}

/** A span whose attribute is a list in a list in a list. */
export function nested(depth: number): Buffer {
  let bytes = Buffer.alloc(0);
  const field = (number: number): void => {
    bytes = Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
  };
  for (let level = 0; level < depth; level++) field(level % 2 === 0 ? 1 : 5);
  for (const number of [2, 9, 2, 2, 1]) field(number);
  return bytes;
}

/** A request in JSON whose list of spans is full of `one`. */
export function manySpans(one: string, bytes: number): string {
  const [head, tail] = ['{"resourceSpans":[{"scopeSpans":[{"spans":[', ']}]}]}'];
  const count = Math.floor((bytes - head.length - tail.length) / (one.length + 1));
  return `${head}${`${one},`.repeat(count - 1)}${one}${tail}`;
}

/** Objects whose names are all different: the engine makes a hidden class for each. */
export function uniqueNames(bytes: number): string {
  const parts: string[] = [];
  for (let length = 0; length < bytes; length += (parts.at(-1)?.length ?? 0) + 1) parts.push(`{"k${parts.length.toString(36)}":1}`);
  return parts.join(',');
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return Buffer.from([...bytes, rest]);
}
