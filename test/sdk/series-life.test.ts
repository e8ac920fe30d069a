/** The beginning and the end of exported series. */
import { expect, test } from '@jest/globals';
import type { SnapshotMetric } from '../../src/semconv/telemetry.ts';
import { SeriesLife, type Export } from '../../src/sdk/metrics/life.ts';
import { histogram, numbers } from '../root/snapshots.ts';

const counter = (value: number): SnapshotMetric => numbers('counter', 'tokens', { a: value });
const gauge = (value: number): SnapshotMetric => numbers('gauge', 'busy', { a: value });

/** Each point as [name, time, value], ends as 'gone'. */
const told = (exports: readonly Export[]): unknown[] =>
  exports.flatMap(({ metrics, window: { time } }) =>
    metrics.flatMap(({ name, points }) =>
      points.map((point) => [name, time, 'counts' in point ? point.count : point.isGone === true ? 'gone' : point.value]),
    ),
  );

test('a counter begins with 0 just after its start, a later one at the export before it', () => {
  const life = new SeriesLife();
  expect(told(life.next([counter(5)], { startTime: 100, time: 200 }, false))).toEqual([
    ['tokens', 101, 0],
    ['tokens', 200, 5],
  ]);
  expect(told(life.next([counter(6), histogram('seconds', [1], [1, 2], 3)], { startTime: 100, time: 300 }, false))).toEqual([
    ['seconds', 200, 0],
    ['tokens', 300, 6],
    ['seconds', 300, 3],
  ]);
});

test('a series that begins and is told in the same moment still runs forwards', () => {
  expect(told(new SeriesLife().next([counter(5)], { startTime: 100, time: 100 }, false))).toEqual([
    ['tokens', 101, 0],
    ['tokens', 102, 5],
  ]);
});

test('what was replaced before it was sent is said again at its own time, what was sent is not', () => {
  const life = new SeriesLife();
  const first = life.next([counter(5)], { startTime: 100, time: 200 }, false);
  for (const { gone } of first) gone?.();
  expect(told(life.next([counter(6)], { startTime: 100, time: 300 }, false))).toEqual([
    ['tokens', 101, 0],
    ['tokens', 300, 6],
  ]);
  expect(told(life.next([counter(7)], { startTime: 100, time: 400 }, false))).toEqual([['tokens', 400, 7]]);
});

test('of an export that was taken in part only the rest is said again', () => {
  const life = new SeriesLife();
  const both = [counter(5), histogram('seconds', [1], [1, 2], 3)];
  const [tokens, seconds] = life.next(both, { startTime: 100, time: 200 }, false);
  expect(told([tokens, seconds] as Export[])).toEqual([
    ['tokens', 101, 0],
    ['seconds', 101, 0],
  ]);
  seconds?.gone?.();
  expect(told(life.next(both, { startTime: 100, time: 300 }, false))).toEqual([
    ['seconds', 101, 0],
    ['tokens', 300, 5],
    ['seconds', 300, 3],
  ]);
});

test('a gauge that is gone is said to be gone once, and may come back', () => {
  const life = new SeriesLife();
  life.next([gauge(1)], { startTime: 100, time: 200 }, false);
  expect(told(life.next([], { startTime: 100, time: 300 }, false))).toEqual([['busy', 300, 'gone']]);
  expect(told(life.next([], { startTime: 100, time: 400 }, false))).toEqual([]);
  expect(told(life.next([gauge(2)], { startTime: 100, time: 500 }, false))).toEqual([['busy', 500, 2]]);
});

test('the last export tells a gauge and ends it; a counter stands', () => {
  const life = new SeriesLife();
  expect(told(life.next([gauge(1), counter(5)], { startTime: 100, time: 200 }, true))).toEqual([
    ['tokens', 101, 0],
    ['busy', 200, 1],
    ['tokens', 200, 5],
    ['busy', 201, 'gone'],
  ]);
  // The program went on after all.
  expect(told(life.next([gauge(2), counter(5)], { startTime: 100, time: 201 }, true))).toEqual([
    ['busy', 202, 2],
    ['tokens', 202, 5],
    ['busy', 203, 'gone'],
  ]);
});
