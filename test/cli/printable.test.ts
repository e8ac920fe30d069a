/** What came from elsewhere reaches no terminal as a command to it, and means the same in JSON. */
import { expect, test } from '@jest/globals';
import { bold, paint } from '../../src/cli/report/style.ts';
import { clean, printable, printableJson } from '../../src/cli/printable.ts';

const colours = { width: 80, isColour: true, isUnicode: true };

/** Title of the window, clearing the screen, an eight-bit CSI, a bell, text from right to left, a line that overwrites another. */
const HOSTILE = '\u001b]0;title\u0007\u001b[2J\u009b2J\u202e\rok';

test('escape sequences and marks of direction become spaces, line feeds and our colours stay', () => {
  expect(printable(`a${HOSTILE}\nb`)).toBe('a ]0;title  [2J 2J  ok\nb');
  const ours = `${bold('title', colours)} ${paint('x', 208, colours)}`;
  expect(printable(ours)).toBe(ours);
  for (const theirs of ['\u001b[5m', '\u001b[38;2;1;2;3m', '\u001b[1;5H', '\u001b[38;5;1234m'])
    expect(printable(theirs)).not.toContain('\u001b');
});

test('a name is one line without colours, of bounded length', () => {
  expect(clean(`a${HOSTILE}\n\u001b[1mb`, 80)).toBe('a ]0;title [2J 2J ok [1mb');
  expect(clean('x'.repeat(50))).toBe(`${'x'.repeat(39)}~`);
});

test('JSON says the same to a program and nothing to a terminal', () => {
  const value = { name: `${HOSTILE}\u{e0041}\u2028` };
  const json = printableJson(JSON.stringify(value));
  expect(JSON.parse(json)).toEqual(value);
  expect(json).toMatch(/^[ -~]*$/);
});
