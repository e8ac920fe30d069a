// What the live picture remembers of what was told last, in bounded memory.
import { expect, test } from '@jest/globals';
import { Recent } from '../../../src/viewer/receive/recent.ts';

test('at least the last half of what it may hold is remembered, and never more than it may hold', () => {
  const recent = new Recent<number, string>(10);
  for (let number = 0; number < 1_000; number++) {
    recent.set(number, `value ${number}`);
    expect(recent.size).toBeLessThanOrEqual(10);
    for (let last = Math.max(0, number - 4); last <= number; last++) expect(recent.get(last)).toBe(`value ${last}`);
    expect(recent.has(number - 10)).toBe(false);
  }
});

test('what is told again has its new value, and is remembered as the last', () => {
  const recent = new Recent<string, number>(4);
  recent.set('a', 1);
  recent.set('b', 1);
  recent.set('a', 2);
  expect([recent.get('a'), recent.size]).toEqual([2, 2]);
  recent.set('c', 1);
  expect([recent.get('a'), recent.has('b')]).toEqual([2, false]);
});

test('one that may hold a single entry holds the last', () => {
  const recent = new Recent<string, number>(1);
  recent.set('a', 1);
  expect(recent.get('a')).toBe(1);
  recent.set('b', 2);
  expect([recent.has('a'), recent.get('b'), recent.size]).toEqual([false, 2, 1]);
});
