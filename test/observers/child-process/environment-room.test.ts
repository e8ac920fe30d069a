/** How much of what we add fits beside what a child is given. */
import { expect, test } from '@jest/globals';
import { thatFit } from '../../../src/observers/child-process/environment-room.ts';

const BIG = 'x'.repeat(40_000);
const POINTER = 8;
const SPARE = 8_192;
const words = ['node', 'x.js'];
const cost = (text: string): number => text.length + 1 + POINTER;
const used = cost('node') + cost('x.js') + cost('BIG') + cost(BIG);

test('what comes first is kept, up to the last byte of the limit', () => {
  const added = { FIRST: 'a'.repeat(100), SECOND: 'b'.repeat(100), LAST: 'c' };
  const first = cost('FIRST') + cost(added.FIRST);
  const last = cost('LAST') + cost('c');
  const given = { environment: { BIG }, words };
  expect(Object.keys(thatFit(added, given, SPARE + used + first + last))).toEqual(['FIRST', 'LAST']);
  expect(Object.keys(thatFit(added, given, SPARE + used + first + last - 1))).toEqual(['FIRST']);
  expect(thatFit(added, given, SPARE + used)).toEqual({});
});

test('a value that takes the place of another one costs the difference, and a shorter one nothing', () => {
  const given = { environment: { BIG, OLD: 'abc' }, words };
  const full = SPARE + used + cost('OLD') + cost('abc');
  expect(thatFit({ OLD: 'xyz' }, given, full)).toEqual({ OLD: 'xyz' });
  expect(thatFit({ OLD: 'xyz!' }, given, full)).toEqual({});
  expect(thatFit({ OLD: '' }, given, full - 1_000)).toEqual({ OLD: '' });
});

test('one variable is at most 128 KiB on Linux, its name, sign and closing zero included', () => {
  const given = { environment: { BIG }, words };
  const longest = 131_072 - 'LONG='.length - 1;
  if (process.platform !== 'linux') return;
  expect(Object.keys(thatFit({ LONG: 'y'.repeat(longest) }, given, 6_000_000))).toEqual(['LONG']);
  expect(thatFit({ LONG: 'y'.repeat(longest + 1) }, given, 6_000_000)).toEqual({});
});

test('a small environment takes everything without being counted', () => {
  expect(thatFit({ A: 'b' }, { environment: { PATH: '/bin' }, words }, 0)).toEqual({ A: 'b' });
});
