// A request or answer body, kept as it comes: cut anywhere, any view, any bytes, past the bound.
import { describe, expect, test } from '@jest/globals';
import { BodyBuffer, MAX_BODY_BYTES } from '../../../src/protocols/read/body-buffer.ts';

const wordy = '{"content":"Grüße, 蜂群 🐝","model":"gpt-4o"}';

function kept(chunks: readonly Uint8Array[]): BodyBuffer {
  const body = new BodyBuffer();
  for (const chunk of chunks) body.add(chunk);
  return body;
}

describe('a body kept until it is whole', () => {
  test.each(['', 'plain', wordy, wordy.repeat(2_000)])('comes back as it was, cut anywhere: %#', (text) => {
    const bytes = Buffer.from(text);
    for (const size of [1, 2, 3, 7, 4_096, bytes.length + 1]) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
      expect(kept(chunks).take()).toBe(text);
    }
  });

  test('is a copy: what the app does with its chunk afterwards is not in it', () => {
    const chunk = Buffer.from('before');
    const body = kept([chunk]);
    chunk.fill('x');
    expect(body.take()).toBe('before');
  });

  test('reads any view of bytes', () => {
    const bytes = new Uint8Array(Buffer.from(`..${wordy}..`));
    const view = new Uint8Array(bytes.buffer, bytes.byteOffset + 2, bytes.byteLength - 4);
    expect(kept([view]).take()).toBe(wordy);
  });

  test('past the bound only its beginning stays', () => {
    const body = kept([Buffer.from(wordy), Buffer.alloc(MAX_BODY_BYTES, 'x'), Buffer.from('more')]);
    expect(body.isTooLarge).toBe(true);
    const text = body.take();
    expect(text.startsWith(wordy)).toBe(true);
    expect(Buffer.byteLength(text)).toBe(64 * 1024);
  });

  test('bytes that are no UTF-8 are read as a decoder reads them', () => {
    const bytes = Buffer.from([0x7b, 0xff, 0xc3, 0x7d]);
    expect(kept([bytes]).take()).toBe(bytes.toString('utf8'));
  });
});
