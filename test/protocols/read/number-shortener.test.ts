// Long lists of numbers lose their tails, wherever the text is cut, and what stands around them stays.
import { describe, expect, test } from '@jest/globals';
import { MAX_NUMBERS_CHARACTERS, NumberShortener } from '../../../src/protocols/read/number-shortener.ts';
import { StringShortener } from '../../../src/protocols/read/string-shortener.ts';

function shortened(text: string, pieces: (text: string) => readonly string[] = (whole) => [whole]): string {
  const shortener = new StringShortener();
  return pieces(text)
    .map((piece) => shortener.add(piece))
    .join('');
}

const vector = Array.from({ length: 1_536 }, (_, index) => Math.sin(index) / (index % 7 === 0 ? 1e9 : 1));
const numbersOf = (text: string): readonly number[] => (JSON.parse(text) as { v: number[] }).v;

test('of a vector the first numbers stay as they are, and the text is still JSON', () => {
  const text = JSON.stringify({ v: vector, usage: { prompt_tokens: 8 } });
  const numbers = numbersOf(shortened(text));
  expect(numbers.length).toBeLessThan(10);
  expect(numbers).toEqual(vector.slice(0, numbers.length));
  expect(JSON.parse(shortened(text))).toMatchObject({ usage: { prompt_tokens: 8 } });
});

describe.each([
  ['a vector', { v: vector, after: true }],
  ['vectors in a list', { v: [vector, vector, vector], after: null }],
  ['numbers before a text, an object and a list', { v: [...vector, 'x', ...vector, { a: 1 }, ...vector, [2], false] }],
  ['an indented vector', { v: vector, indent: 2 }],
  ['no numbers', { v: [], text: '1,2,3,'.repeat(100), word: 'é' }],
])('%s', (_, value) => {
  const text = JSON.stringify(value, null, 'indent' in value ? 2 : 0);

  test('gives the same wherever it is cut', () => {
    const whole = shortened(text);
    expect(shortened(text, (all) => all.split(''))).toBe(whole);
    for (let at = 0; at < text.length; at += 97) expect(shortened(text, (all) => [all.slice(0, at), all.slice(at)])).toBe(whole);
  });

  test('keeps its shape', () => {
    const shape = (item: unknown): unknown =>
      Array.isArray(item)
        ? item.filter((each) => typeof each !== 'number').map(shape)
        : typeof item === 'object' && item !== null
          ? Object.fromEntries(Object.entries(item).map(([name, each]) => [name, shape(each)]))
          : item;
    expect(shape(JSON.parse(shortened(text)))).toEqual(shape(value));
  });
});

test('a run at the bound is kept, and one beyond it is cut at its next comma', () => {
  const run = '1'.repeat(MAX_NUMBERS_CHARACTERS - 2);
  expect(new NumberShortener().add(`[${run},2]`)).toBe(`[${run},2]`);
  expect(new NumberShortener().add(`[${run},23]`)).toBe(`[${run},23]`);
  expect(new NumberShortener().add(`[${run},23,4]`)).toBe(`[${run},23]`);
});
