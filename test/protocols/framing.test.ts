// Streams that are no server-sent events: their parts come one by one, wherever the bytes are cut.
import { describe, expect, test } from '@jest/globals';
import { framingOf, SCANNERS, type FramingName } from '../../src/protocols/framing.ts';
import { cutUp } from '../promises/hard-use/fuzz/mutate.ts';
import { Random, seed } from '../promises/hard-use/fuzz/random.ts';
import { message } from './event-stream.ts';

function scan(framing: FramingName, chunks: readonly Uint8Array[]) {
  const parts: unknown[] = [];
  const scanner = SCANNERS[framing]({
    onEvent: (event) => void parts.push(event),
    onPart: (part, name, isWhole) => void parts.push([part, name, ...(isWhole ? [] : ['cut'])]),
    onFailure: (failure) => void parts.push(failure),
  });
  for (const chunk of chunks) scanner.feed(chunk);
  scanner.end();
  return { parts, skipped: scanner.skipped, isBroken: scanner.isBroken ?? false };
}

test.each([
  ['text/event-stream; charset=utf-8', 'server-sent events'],
  ['application/vnd.amazon.eventstream', 'messages'],
  ['application/x-ndjson', 'objects'],
  ['application/jsonl', 'objects'],
  ['application/stream+json', 'objects'],
  ['application/json', undefined],
  ['', undefined],
])('%s is framed as %s', (type, framing) => expect(framingOf(type)).toBe(framing));

const items = [{ a: 1 }, { text: 'brace } quote " backslash \\ {' }, { deep: { er: [{}, '}'] } }, { text: 'grüße 🐝' }, {}];
const whole = items.map((item) => [item, undefined]);

describe.each<[string, string]>([
  ['lines of JSON', items.map((item) => `${JSON.stringify(item)}\n`).join('')],
  ['lines ended by CR LF', items.map((item) => `${JSON.stringify(item)}\r\n`).join('')],
  ['a list', `[${items.map((item) => JSON.stringify(item, null, 2)).join('\n,\r\n')}]`],
  ['JSON in a row', items.map((item) => JSON.stringify(item)).join('')],
])('%s', (_, text) => {
  const bytes = Buffer.from(text);

  test('gives its objects wherever it is cut', () => {
    expect(scan('objects', [bytes]).parts).toEqual(whole);
    for (let at = 0; at <= bytes.length; at += 1) expect(scan('objects', [bytes.subarray(0, at), bytes.subarray(at)]).parts).toEqual(whole);
    expect(
      scan(
        'objects',
        [...bytes].map((byte) => Uint8Array.of(byte)),
      ).parts,
    ).toEqual(whole);
    for (let round = 0; round < 50; round += 1) expect(scan('objects', cutUp(bytes, new Random(seed + round))).parts).toEqual(whole);
  });
});

test('an object that is cut off gives what came whole, and is said to be cut', () => {
  expect(scan('objects', [Buffer.from('{"a":1}\n{"b":2,"c":{"d"')]).parts).toEqual([
    [{ a: 1 }, undefined],
    [{ b: 2 }, undefined, 'cut'],
  ]);
});

test('an object that is too long loses the tails of its strings and numbers, then itself, and the next one is read', () => {
  const picture = Buffer.from(`{"picture":"${'A'.repeat(1_000_000)}","a":1}{"b":2}`);
  const { parts, skipped } = scan('objects', [picture]);
  expect([parts.length, skipped]).toEqual([2, 0]);
  const vector = Buffer.from(`{"vector":[${'1,'.repeat(300_000)}1],"a":1}{"b":2}`);
  expect(scan('objects', [vector])).toMatchObject({
    parts: [
      [{ a: 1 }, undefined],
      [{ b: 2 }, undefined],
    ],
    skipped: 0,
  });
  const long = Buffer.from(`{"list":[${'{},'.repeat(150_000)}{}]}{"b":2}`);
  expect(scan('objects', [long])).toEqual({ parts: [[{ b: 2 }, undefined]], skipped: 1, isBroken: false });
});

describe('an AWS event stream', () => {
  const stream = Buffer.concat([
    message('messageStart', { role: 'assistant' }),
    message('contentBlockDelta', { delta: { text: 'grüße 🐝' } }),
    message('metadata', { usage: { inputTokens: 1 } }),
    message('throttlingException', { message: 'slow down' }, 'exception'),
  ]);
  const told = [
    [{ role: 'assistant' }, 'messageStart'],
    [{ delta: { text: 'grüße 🐝' } }, 'contentBlockDelta'],
    [{ usage: { inputTokens: 1 } }, 'metadata'],
    { __type: 'throttlingException', message: 'slow down' },
  ];

  test('gives its messages wherever it is cut', () => {
    expect(scan('messages', [stream]).parts).toEqual(told);
    for (let at = 0; at <= stream.length; at += 1)
      expect(scan('messages', [stream.subarray(0, at), stream.subarray(at)]).parts).toEqual(told);
    expect(
      scan(
        'messages',
        [...stream].map((byte) => Uint8Array.of(byte)),
      ).parts,
    ).toEqual(told);
  });

  test('skips and counts a message that is too long, and reads the next one', () => {
    const long = Buffer.concat([message('chunk', { bytes: 'A'.repeat(400_000) }), message('metadata', {})]);
    for (const chunks of [
      [long],
      cutUp(long, new Random(seed)),
      [...long.subarray(0, 64)].map((byte) => Uint8Array.of(byte)).concat(long.subarray(64)),
    ])
      expect(scan('messages', chunks)).toEqual({ parts: [[{}, 'metadata']], skipped: 1, isBroken: false });
  });

  test('of other bytes is broken, and nothing is thrown', () => {
    const random = new Random(seed);
    for (let round = 0; round < 300; round += 1) {
      const bytes = Buffer.from(stream);
      for (let times = random.below(6); times >= 0; times -= 1) bytes[random.below(bytes.length)] = random.below(256);
      expect(() => scan('messages', cutUp(bytes, random))).not.toThrow();
    }
    expect(scan('messages', [Buffer.from('no event stream at all, but text')])).toEqual({ parts: [], skipped: 0, isBroken: true });
  });
});
