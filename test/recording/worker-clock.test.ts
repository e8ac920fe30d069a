/** The integral of busy workers over time. */
import { expect, test } from '@jest/globals';
import { WorkerClock } from '../../src/recording/worker-clock.ts';

test('changes between two readings are all counted', () => {
  const clock = new WorkerClock(0);
  clock.change({ active: 2, limit: 4 }, 1_000);
  clock.change({ active: 4 }, 1_500);
  clock.change({ active: 1 }, 3_500);
  expect(clock.activeSeconds(4_500)).toBe(1 + 8 + 1);
  expect(clock.idleSeconds(4_500)).toBe(1 + 0 + 3);
});

test('active and idle seconds make up the limit times the time', () => {
  const clock = new WorkerClock(0);
  clock.change({ active: 0, limit: 3 }, 0);
  for (let at = 1; at <= 100; at++) clock.change({ active: at % 4 }, at * 10);
  expect(clock.activeSeconds(1_234) + clock.idleSeconds(1_234)).toBeCloseTo(3 * 1.234, 9);
});

test('without a limit nothing is idle, and a limit exceeded is no negative idleness', () => {
  const clock = new WorkerClock(0);
  clock.change({ active: 5 }, 0);
  expect(clock.idleSeconds(1_000)).toBe(0);
  clock.change({ active: 5, limit: 2 }, 1_000);
  expect(clock.idleSeconds(2_000)).toBe(0);
  clock.change({ active: 0, limit: undefined }, 2_000);
  expect(clock.idleSeconds(3_000)).toBe(0);
});

test('a clock that steps back and numbers that are none change nothing', () => {
  const clock = new WorkerClock(1_000);
  clock.change({ active: 1, limit: Infinity }, 1_000);
  expect(clock.activeSeconds(2_000)).toBe(1);
  clock.change({ active: Number.NaN }, 500);
  expect(clock.activeSeconds(2_000)).toBe(1);
  expect(clock.active).toBe(1);
  expect(clock.idleSeconds(2_000)).toBe(0);
});
