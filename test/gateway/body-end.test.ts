// Where the body of an answer ends, however its bytes are cut into pieces.
import { expect, test } from '@jest/globals';
import { BodyEnd, type BodyLength } from '../../src/gateway/body-end.ts';

const chunked: BodyLength = { kind: 'chunked' };

/** How many bytes of `text` belong to the body, when they come in pieces of `size`. */
function taken(length: BodyLength, text: string, size: number): number {
  const end = new BodyEnd(length);
  const bytes = Buffer.from(text, 'latin1');
  let own = 0;
  for (let at = 0; at < bytes.length; at += size) own += end.take(bytes.subarray(at, at + size));
  return own;
}

const BODIES: Readonly<Record<string, readonly [BodyLength, string]>> = {
  'a length': [{ kind: 'sized', bytes: 5 }, 'hello'],
  'no bytes': [{ kind: 'sized', bytes: 0 }, ''],
  'one chunk': [chunked, '5\r\nhello\r\n0\r\n\r\n'],
  'chunks with sizes of two digits and letters in both cases': [chunked, `1a\r\n${'x'.repeat(26)}\r\n0A\r\n${'y'.repeat(10)}\r\n0\r\n\r\n`],
  'chunks with line ends inside': [chunked, '6\r\n\r\n0\r\n\r\r\n0\r\n\r\n'],
  'extensions that look like sizes': [chunked, '3;a=ff\r\nabc\r\n0;b\r\n\r\n'],
  trailers: [chunked, '1\r\na\r\n0\r\nX-Sum: 1\r\nX-B: \r\n\r\n'],
  'no chunk but the last': [chunked, '0\r\n\r\n'],
};

test.each(Object.entries(BODIES))('%s: what follows is not of the body', (_, [length, text]) => {
  for (const size of [1, 2, 3, 7, 1_000]) {
    expect(taken(length, text, size)).toBe(text.length);
    expect(taken(length, `${text}HTTP/1.1 200 OK\r\n\r\n`, size)).toBe(text.length);
  }
});

test('a body that ends with its connection has no end among its bytes', () => {
  expect(taken({ kind: 'closed' }, 'any\r\n0\r\n\r\nmore', 3)).toBe(14);
});
