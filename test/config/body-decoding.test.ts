// Encoded bodies: read as they arrive, at once when the process ends, in full or in part.
import zlib from 'node:zlib';
import { expect, test } from '@jest/globals';
import { openBodyDecoder } from '../../src/config/body-decoding.ts';

const body = 'data: {"usage":{"input_tokens":7}}\n\n'.repeat(100);
const ENCODED: readonly (readonly [string, Buffer])[] = [
  ['gzip', zlib.gzipSync(body)],
  ['x-gzip', zlib.gzipSync(body)],
  ['deflate', zlib.deflateSync(body)],
  ['deflate', zlib.deflateRawSync(body)],
  ['br', zlib.brotliCompressSync(body)],
  ['zstd', zlib.zstdCompressSync(body)],
  ['gzip, br', zlib.brotliCompressSync(zlib.gzipSync(body))],
  ['GZIP, identity', zlib.gzipSync(body)],
];

function decode(encoding: string, isTimed: boolean) {
  const told = { text: '', unreadable: [] as string[] };
  const decoder = openBodyDecoder(
    { encoding, isTimed },
    { onBytes: (bytes) => void (told.text += Buffer.from(bytes).toString()), onUnreadable: (reason) => void told.unreadable.push(reason) },
  );
  if (decoder === undefined) throw new Error(`${encoding} needs no decoding`);
  return { told, decoder };
}

test.each(ENCODED)('a short body in %s is decoded by the time that it ends', (encoding, encoded) => {
  for (const isTimed of [true, false]) {
    const { told, decoder } = decode(encoding, isTimed);
    decoder.write(encoded.subarray(0, 10));
    decoder.write(encoded.subarray(10));
    let isDone = false;
    decoder.end(() => (isDone = true));
    expect([isDone, told]).toEqual([true, { text: body, unreadable: [] }]);
  }
});

test.each(ENCODED)('of a body in %s whose times matter, what has arrived is delivered before the body ends', async (encoding, encoded) => {
  const { told, decoder } = decode(encoding, true);
  decoder.write(encoded);
  while (told.text !== body) await new Promise(setImmediate);
  decoder.end(() => undefined);
  expect(told).toEqual({ text: body, unreadable: [] });
});

test.each(ENCODED)('of a body in %s, what has arrived is delivered at once on request, and nothing after it', (encoding, encoded) => {
  for (const isTimed of [true, false]) {
    const { told, decoder } = decode(encoding, isTimed);
    decoder.write(encoded);
    decoder.flush();
    expect(told).toEqual({ text: body, unreadable: [] });
    decoder.write(encoded);
    decoder.end(() => undefined);
    expect(told).toEqual({ text: body, unreadable: [] });
  }
});

test('a body that is damaged, or in an encoding that nobody knows, is said to be unreadable, once', () => {
  for (const [encoding, reason] of [
    ['gzip', 'damaged'],
    ['compress', 'encoding'],
    ['gzip, gzip, gzip, gzip', 'encoding'],
  ] as const) {
    const { told, decoder } = decode(encoding, false);
    decoder.write(Buffer.from('no such thing'));
    decoder.flush();
    decoder.end(() => undefined);
    expect(told).toEqual({ text: '', unreadable: [reason] });
  }
});
