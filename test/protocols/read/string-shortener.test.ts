// Long strings lose their tails wherever the text is cut, and what is left says the same otherwise.
import { expect, test } from '@jest/globals';
import { MAX_STRING_CHARACTERS, StringShortener } from '../../../src/protocols/read/string-shortener.ts';
import { cutUp } from '../../promises/hard-use/fuzz/mutate.ts';
import { Random, seed } from '../../promises/hard-use/fuzz/random.ts';

function shorten(text: string, cut: (text: Buffer) => readonly Buffer[] = (whole) => [whole]): string {
  const shortener = new StringShortener();
  return cut(Buffer.from(text, 'latin1'))
    .map((piece) => shortener.add(piece.toString('latin1')))
    .join('');
}

const long = (character: string): string => character.repeat(MAX_STRING_CHARACTERS / character.length + 5_000);

test.each([
  ['a picture', { picture: long('A'), usage: { prompt_tokens: 7 } }],
  ['short strings with escapes', { text: '\\ " \\" \n\u0007 \\\\', usage: { prompt_tokens: 7 } }],
  ['a long text with quotes and backslashes', { text: long('say "\\n" \\\\" '), name: '"', usage: { prompt_tokens: 7 } }],
  ['a long list of short strings', { list: Array.from({ length: 2_000 }, (_, index) => `"${index}\\`), usage: { prompt_tokens: 7 } }],
])('%s keeps its shape, however the text is cut', (_, value) => {
  const whole = shorten(JSON.stringify(value));
  const read = JSON.parse(whole) as Record<string, unknown>;
  expect(Object.keys(read)).toEqual(Object.keys(value));
  expect(read['usage']).toEqual({ prompt_tokens: 7 });
  for (const [name, given] of Object.entries(value)) {
    if (typeof given !== 'string') expect(read[name]).toEqual(given);
    else if (given.length < MAX_STRING_CHARACTERS) expect(read[name]).toBe(given);
    else expect(given.startsWith(read[name] as string)).toBe(true);
  }
  expect(whole.length).toBeLessThanOrEqual(Math.min(JSON.stringify(value).length, MAX_STRING_CHARACTERS + 60_000));
  for (let round = 0; round < 20; round += 1)
    expect(shorten(JSON.stringify(value), (text) => cutUp(text, new Random(seed + round)))).toBe(whole);
});

test('the longest string is kept, one character more is cut off, and no escape is cut in two', () => {
  const longest = 'x'.repeat(MAX_STRING_CHARACTERS);
  expect(shorten(`"${longest}"`)).toBe(`"${longest}"`);
  expect(shorten(`"${longest}y","z"`)).toBe(`"${longest}","z"`);
  const escaped = `${'x'.repeat(MAX_STRING_CHARACTERS - 3)}\\u00e9`;
  expect(shorten(`"${escaped}${'y'.repeat(100)}"`)).toBe(`"${escaped}"`);
});

test('a text of escapes is cut between two of them', () => {
  const text = '蜂'.repeat(MAX_STRING_CHARACTERS);
  const read = JSON.parse(shorten(`"${text.replaceAll('蜂', '\\u8702')}"`)) as string;
  expect(text.startsWith(read)).toBe(true);
  expect(read.length).toBe(Math.ceil(MAX_STRING_CHARACTERS / '\\u8702'.length));
});
