// A body as the network brings it: cut anywhere, in any view of bytes, damaged, longer than the bound.
import { describe, expect, test } from '@jest/globals';
import { BodyBuffer, MAX_BODY_BYTES } from '../../../src/protocols/read/body-buffer.ts';
import { MAX_STRING_CHARACTERS } from '../../../src/protocols/read/string-shortener.ts';

const wordy = '{"content":"Grüße, 蜂群 🐝","model":"gpt-4o"}';

function kept(chunks: readonly Uint8Array[]): BodyBuffer {
  const body = new BodyBuffer();
  for (const chunk of chunks) body.add(chunk);
  return body;
}

describe('a body that is collected', () => {
  test.each(['', 'plain', wordy, wordy.repeat(2_000)])('is given back as it was, wherever it is cut: %#', (text) => {
    const bytes = Buffer.from(text);
    for (const size of [1, 2, 3, 7, 4_096, bytes.length + 1]) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
      expect(kept(chunks).take()).toBe(text);
    }
  });

  test('is a copy, which the app does not change by reusing its chunk', () => {
    const chunk = Buffer.from('before');
    const body = kept([chunk]);
    chunk.fill('x');
    expect(body.take()).toBe('before');
  });

  test('may come in any view of bytes', () => {
    const bytes = new Uint8Array(Buffer.from(`..${wordy}..`));
    const view = new Uint8Array(bytes.buffer, bytes.byteOffset + 2, bytes.byteLength - 4);
    expect(kept([view]).take()).toBe(wordy);
  });

  test.each([0, 1])(
    'keeps its long strings up to the bound, and gives their tails up for what stands behind them: %s bytes more',
    (more) => {
      const [before, behind] = ['{"picture":"', `","text":"€","model":"m"}`];
      const picture = Buffer.alloc(MAX_BODY_BYTES - Buffer.byteLength(before + behind) + more, 'A');
      for (const size of [65_536, 1_000_003, MAX_BODY_BYTES + 1]) {
        const bytes = Buffer.concat([Buffer.from(before), picture, Buffer.from(behind)]);
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
          bytes.subarray(index * size, (index + 1) * size),
        );
        const body = kept(chunks);
        expect(body.isTooLarge).toBe(false);
        const read = JSON.parse(body.take()) as { picture: string };
        expect(read).toMatchObject({ text: '€', model: 'm' });
        expect(read.picture.length).toBe(more === 0 ? picture.length : MAX_STRING_CHARACTERS);
      }
    },
  );

  test('is kept by its beginning alone when it is longer than the bound without long strings', () => {
    const body = kept([Buffer.from(wordy), Buffer.alloc(MAX_BODY_BYTES, 'x'), Buffer.from('more')]);
    expect(body.isTooLarge).toBe(true);
    const text = body.take();
    expect(text.startsWith(wordy)).toBe(true);
    expect(Buffer.byteLength(text)).toBe(64 * 1024);
  });

  test('is read as a decoder reads it when its bytes are no UTF-8', () => {
    const bytes = Buffer.from([0x7b, 0xff, 0xc3, 0x7d]);
    expect(kept([bytes]).take()).toBe(bytes.toString('utf8'));
  });
});
