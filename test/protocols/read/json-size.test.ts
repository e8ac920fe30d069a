/** A JSON text of too many values is not parsed; the bound is pinned on both sides. */
import { expect, test } from '@jest/globals';
import { isTooFine } from '../../../src/protocols/read/json-size.ts';
import { parseJson } from '../../../src/protocols/read/json.ts';

const PADDING = `"${'x'.repeat(600_000)}"`;
const deep = (levels: number): string => `{"padding":${PADDING},"a":${'['.repeat(levels)}${']'.repeat(levels)}}`;
const many = (lists: number): string => `[${PADDING}${',[]'.repeat(lists)}]`;

test.each([
  ['511 levels within an object', deep(511), false],
  ['512 levels within an object', deep(512), true],
  ['199,999 lists within a list', many(199_999), false],
  ['200,000 lists within a list', many(200_000), true],
  ['members are values, too', `{${PADDING}:1${',"a":1'.repeat(200_000)}}`, true],
  ['numbers of an embedding are not counted', `{"embedding":[${'0.123456,'.repeat(800_000)}1]}`, false],
  ['brackets within texts are not counted', `["${'[{:'.repeat(300_000)}"]`, false],
  ['a quote within a text does not end it', `["${'\\"[['.repeat(200_000)}"]`, false],
  ['a short text is parsed whatever it is', '['.repeat(1_000), false],
])('%s', (_, text, expected) => {
  expect(isTooFine(text)).toBe(expected);
  if (expected) expect(parseJson(text)).toBeUndefined();
});

test('8 MB of nested objects take a small part of the time that parsing them takes', () => {
  const text = '{"a":'.repeat(1_300_000) + '1' + '}'.repeat(1_300_000);
  const cpu = (fn: () => unknown): number => {
    const before = process.cpuUsage();
    fn();
    const { user, system } = process.cpuUsage(before);
    return user + system;
  };
  expect(cpu(() => parseJson(text))).toBeLessThan(cpu(() => JSON.parse(text)) / 4);
});
