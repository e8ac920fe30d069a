// Data in texts: a run of base64 is found wherever it lies, and nothing is taken for one that is shorter.
import { expect, test } from '@jest/globals';
import { withoutMedia } from '../../src/semconv/media.ts';

/** Both cases and digits, as data have them. */
const data = (length: number): string => 'aB3/'.repeat(Math.ceil(length / 4)).slice(0, length);
const note = (bytes: number): string => `[application/octet-stream, ${bytes} bytes]`;

test.each([0, 1, 510, 511, 512, 513, 1_023, 1_024, 5_000])(
  '512 characters in a row are data, and 511 are none: behind %i others',
  (before) => {
    const words = 'word '.repeat(Math.ceil(before / 5)).slice(0, before);
    const text = before === 0 ? '' : `${words.slice(0, -1)} `;
    expect(withoutMedia(`${text}${data(512)} end`)).toBe(`${text}${note(384)} end`);
    const shorter = `${text}${data(511)} ${data(511)}`;
    expect(withoutMedia(shorter)).toBe(shorter);
  },
);

test('data at the end of a text, twice, and beside characters beyond ASCII', () => {
  expect(withoutMedia(`grüße ${data(600)}ü${data(512)}`)).toBe(`grüße ${note(450)}ü${note(384)}`);
});
