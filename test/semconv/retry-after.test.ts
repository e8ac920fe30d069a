// The Retry-After header, as servers write it and as they should not.
import { expect, test } from '@jest/globals';
import { readRetryAfter } from '../../src/semconv/retry-after.ts';

const now = Date.UTC(1994, 10, 6, 8, 49, 30);

test.each([
  [undefined, undefined],
  ['0', 0],
  ['1', 1_000],
  ['1.5', 1_500],
  [' 20 ', 20_000],
  ['999999999', 999_999_999_000],
  ['9999999999', undefined],
  ['-3', undefined],
  ['1e3', undefined],
  ['', undefined],
  ['soon', undefined],
  ['Sun, 06 Nov 1994 08:49:37 GMT', 7_000],
  ['Sun Nov  6 08:49:37 1994 GMT', 7_000],
  ['1994-11-06T08:49:37Z', 7_000],
])('%p asks to wait for %p ms', (text, expected) => {
  expect(readRetryAfter(text, now)).toBe(expected);
});

test('a date that has passed asks for no wait at all', () => {
  expect(readRetryAfter('Sun, 06 Nov 1994 08:49:37 GMT', now + 60_000)).toBe(0);
});

test('a reader without a clock takes seconds and leaves a date unread', () => {
  expect(readRetryAfter('2')).toBe(2_000);
  expect(readRetryAfter('Sun, 06 Nov 1994 08:49:37 GMT')).toBeUndefined();
});
