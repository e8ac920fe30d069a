/** Deltas of cumulative metrics: what was not taken is told with the next, and nothing twice. */
import { describe, expect, test } from '@jest/globals';
import { Deltas } from '../../src/sdk/metrics/deltas.ts';
import type { SnapshotMetric } from '../../src/semconv/telemetry.ts';

const described = { name: 'metric', unit: '', description: '', isInt: false };
const counter = (value: number, more: Partial<SnapshotMetric> = {}): SnapshotMetric =>
  ({ ...described, kind: 'counter', points: [{ attributes: { kind: 'x' }, value }], ...more }) as SnapshotMetric;
const histogram = (...values: number[]): SnapshotMetric => ({
  ...described,
  kind: 'histogram',
  points: [
    {
      attributes: {},
      count: values.length,
      sum: values.reduce((sum, value) => sum + value, 0),
      min: Math.min(...values),
      max: Math.max(...values),
      bounds: [10],
      counts: [values.filter((value) => value <= 10).length, values.filter((value) => value > 10).length],
    },
  ],
});
const at = (time: number) => ({ window: { startTime: 100, time } });

describe('deltas', () => {
  test('begin where the last one ended, and say nothing of what did not grow', () => {
    const deltas = new Deltas('delta');
    expect(deltas.next(counter(0), { ...at(1), isBegin: true })).toBeUndefined();
    expect(deltas.next(counter(5), at(200))?.metric).toMatchObject({ isDelta: true, points: [{ value: 5, startTime: 100 }] });
    expect(deltas.next(counter(5), at(300))).toBeUndefined();
    expect(deltas.next(counter(7), at(400))?.metric).toMatchObject({ points: [{ value: 2, startTime: 200 }] });
  });

  test('that were replaced or lost are told with the next one, also after others were told', () => {
    const deltas = new Deltas('delta');
    const first = deltas.next(counter(5), at(200));
    const second = deltas.next(counter(7), at(300));
    first?.fate?.gone?.(false);
    expect(deltas.next(counter(8), at(400))?.metric).toMatchObject({ points: [{ value: 6, startTime: 300 }] });
    second?.fate?.taken?.();
    const last = deltas.next(counter(9), at(500));
    last?.fate?.gone?.(false);
    expect(deltas.next(counter(9), at(600))?.metric).toMatchObject({ points: [{ value: 1, startTime: 400 }] });
  });

  test('of a request that was taken in part are not told twice', () => {
    const deltas = new Deltas('delta');
    deltas.next(counter(5), at(200))?.fate?.gone?.(true);
    expect(deltas.next(counter(6), at(300))?.metric).toMatchObject({ points: [{ value: 1 }] });
  });

  test('of histograms have counts, sums and buckets, and extremes only while they are known', () => {
    const deltas = new Deltas('delta');
    expect(deltas.next(histogram(1, 20), at(200))?.metric).toMatchObject({
      points: [{ count: 2, sum: 21, min: 1, max: 20, counts: [1, 1] }],
    });
    const next = deltas.next(histogram(1, 20, 30), at(300));
    expect(next?.metric).toMatchObject({ points: [{ count: 1, sum: 30, counts: [0, 1] }] });
    expect(next?.metric.points[0]).not.toHaveProperty('min');
    next?.fate?.gone?.(false);
    expect(deltas.next(histogram(1, 20, 30), at(400))?.metric).toMatchObject({
      points: [{ count: 1, sum: 30, counts: [0, 1], startTime: 200 }],
    });
  });

  test.each([
    ['cumulative', [false, false, false, false]],
    ['delta', [true, true, false, false]],
    ['lowmemory', [true, false, false, false]],
  ] as const)('are told of counters that count, counters that are observed, up-down counters and gauges: %s', (temporality, expected) => {
    const deltas = new Deltas(temporality);
    const metrics = [
      counter(1),
      counter(1, { name: 'observed', isObserved: true }),
      counter(1, { name: 'updown', kind: 'updowncounter' }),
      counter(1, { name: 'gauge', kind: 'gauge' }),
    ];
    expect(metrics.map((metric) => deltas.next(metric, at(200))?.metric.isDelta === true)).toEqual(expected);
  });

  test('of two libraries with one name are two series', () => {
    const deltas = new Deltas('delta');
    deltas.next(counter(5, { scope: { name: 'a' } }), at(200));
    expect(deltas.next(counter(5, { scope: { name: 'b' } }), at(200))?.metric).toMatchObject({ points: [{ value: 5 }] });
  });
});
