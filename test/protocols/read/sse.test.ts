/** The scanner of server-sent events, with streams cut at every byte and events longer than the bound. */
import { describe, expect, test } from '@jest/globals';
import { MAX_EVENT_BYTES } from '../../../src/protocols/read/bounded-text.ts';
import { SseScanner } from '../../../src/protocols/read/sse.ts';

function scan(chunks: readonly Uint8Array[]): { events: string[]; skipped: number } {
  const events: string[] = [];
  const scanner = new SseScanner((event) => events.push(Buffer.from(event, 'latin1').toString('utf8')));
  for (const chunk of chunks) scanner.feed(chunk);
  scanner.end();
  return { events, skipped: scanner.skipped };
}

describe.each([
  ['\\n', '\n'],
  ['\\r\\n', '\r\n'],
  ['\\r', '\r'],
])('lines ended by %s', (_, lineEnd) => {
  const text = ['event: a', 'data: {"text":"schön €"}', '', 'data: two', '', '', ': comment', '', 'data: last'].join(lineEnd);
  const expected = ['event: a\ndata: {"text":"schön €"}', 'data: two', ': comment', 'data: last'];
  const clean = (events: string[]) => events.map((event) => event.replace(/^\n/, ''));

  test('a stream split at any byte gives the same events', () => {
    const bytes = Buffer.from(text);
    for (let at = 0; at <= bytes.length; at += 1) expect(clean(scan([bytes.subarray(0, at), bytes.subarray(at)]).events)).toEqual(expected);
  });

  test('a stream of single bytes gives the same events', () => {
    expect(clean(scan([...Buffer.from(text)].map((byte) => Buffer.from([byte]))).events)).toEqual(expected);
  });
});

test.each([
  ['the longest event is kept', MAX_EVENT_BYTES, 0],
  ['one byte more is skipped and counted, and the next event is read', MAX_EVENT_BYTES + 1, 1],
])('%s, in one chunk or in many', (_, length, skipped) => {
  const bytes = Buffer.from(`${'x'.repeat(length)}\n\ndata: next\n\n`);
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += 1000) pieces.push(bytes.subarray(at, at + 1000));
  for (const chunks of [[bytes], pieces]) {
    const result = scan(chunks);
    expect(result.events.at(-1)).toBe('data: next');
    expect(result.events).toHaveLength(2 - skipped);
    expect(result.skipped).toBe(skipped);
  }
});
