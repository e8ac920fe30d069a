/** The arithmetic of merged metrics, and its bounds. */
import { describe, expect, test } from '@jest/globals';
import { MetricsMerge } from '../../src/root/metrics-merge.ts';
import { MAX_SERIES } from '../../src/root/series.ts';
import { packSnapshot, readSnapshot } from '../../src/root/snapshot.ts';
import type { SnapshotMetric } from '../../src/semconv/telemetry.ts';
import { histogram, numbers, snapshot, valuesOf } from './snapshots.ts';

const counter = (value: number) => numbers('counter', 'tokens', { a: value });

describe('counters', () => {
  test('live and ended processes add up', () => {
    const merge = new MetricsMerge(0);
    merge.update(snapshot('one', 1, counter(3)));
    merge.update(snapshot('two', 1, counter(4)));
    merge.fold('one');
    expect(valuesOf(merge.collect(5).metrics, 'tokens')).toEqual({ a: 7 });
  });

  test('a snapshot that comes late or twice changes nothing and is counted', () => {
    const merge = new MetricsMerge(0);
    expect(merge.update(snapshot('one', 2, counter(5)))).toBe(true);
    expect(merge.update(snapshot('one', 2, counter(5)))).toBe(false);
    expect(merge.update(snapshot('one', 1, counter(1)))).toBe(false);
    expect(valuesOf(merge.collect().metrics, 'tokens')).toEqual({ a: 5 });
    expect(merge.faults.late).toBe(2);
  });

  test('a repeated final changes nothing, a newer one of the same process replaces it', () => {
    const merge = new MetricsMerge(0);
    for (let round = 0; round < 3; round++) {
      merge.update(snapshot('one', 7, counter(5)));
      merge.fold('one');
    }
    expect(valuesOf(merge.collect().metrics, 'tokens')).toEqual({ a: 5 });
    merge.update(snapshot('one', 8, counter(6)));
    expect(valuesOf(merge.collect().metrics, 'tokens')).toEqual({ a: 6 });
  });

  test('processes beyond those kept apart stay in the sum, and their repeated finals out of it', () => {
    const merge = new MetricsMerge(0);
    for (let index = 0; index < 2_500; index++) {
      merge.update(snapshot(`p${index}`, 1, counter(2)));
      merge.fold(`p${index}`);
    }
    merge.update(snapshot('p0', 2, counter(100)));
    expect(valuesOf(merge.collect().metrics, 'tokens')).toEqual({ a: 5_000 });
    expect(merge.faults.late).toBe(1);
  });

  test('collecting twice gives the same numbers', () => {
    const merge = new MetricsMerge(0);
    merge.update(snapshot('one', 1, counter(3), histogram('seconds', [1], [1, 1], 3)));
    merge.fold('one');
    expect(merge.collect(9)).toEqual(merge.collect(9));
  });
});

describe('what is momentary', () => {
  test('the up-down counters of an ended process leave, those of the living add up', () => {
    const merge = new MetricsMerge(0);
    merge.update(snapshot('one', 1, numbers('updowncounter', 'active', { a: 3 })));
    merge.update(snapshot('two', 1, numbers('updowncounter', 'active', { a: 4 })));
    expect(valuesOf(merge.collect().metrics, 'active')).toEqual({ a: 7 });
    merge.fold('one');
    expect(valuesOf(merge.collect().metrics, 'active')).toEqual({ a: 4 });
    merge.fold('two');
    expect(valuesOf(merge.collect().metrics, 'active')).toBeUndefined();
  });

  test('of gauges the largest living one is shown', () => {
    const merge = new MetricsMerge(0);
    merge.update(snapshot('one', 1, numbers('gauge', 'age', { a: 9 })));
    merge.update(snapshot('two', 1, numbers('gauge', 'age', { a: 4 })));
    expect(valuesOf(merge.collect().metrics, 'age')).toEqual({ a: 9 });
    merge.fold('one');
    expect(valuesOf(merge.collect().metrics, 'age')).toEqual({ a: 4 });
  });

  describe('of a process that no collection saw alive', () => {
    const pool = (limit: number, kind: 'gauge' | 'updowncounter' = 'updowncounter') => numbers(kind, 'limit', { a: limit });
    const shown = (merge: MetricsMerge) => valuesOf(merge.collect().metrics, 'limit');

    test.each(['gauge', 'updowncounter'] as const)('the %s is shown once, the largest of several and never their sum', (kind) => {
      const merge = new MetricsMerge(0);
      for (const [key, limit] of Object.entries({ one: 4, two: 9, three: 5 })) {
        merge.update(snapshot(key, 1, pool(limit, kind)));
        merge.fold(key);
      }
      expect(shown(merge)).toEqual({ a: 9 });
      expect(shown(merge)).toBeUndefined();
    });

    test('a live process with the same series counts alone', () => {
      const merge = new MetricsMerge(0);
      merge.update(snapshot('short', 1, pool(9)));
      merge.fold('short');
      merge.update(snapshot('long', 1, pool(4)));
      expect(shown(merge)).toEqual({ a: 4 });
    });

    test('a series that it began after the last collection is shown, one that was collected is not', () => {
      const merge = new MetricsMerge(0);
      merge.update(snapshot('one', 1, pool(4)), true);
      merge.collect();
      merge.update(snapshot('one', 2, pool(5), numbers('gauge', 'age', { a: 7 })));
      merge.fold('one');
      const { metrics } = merge.collect();
      expect([valuesOf(metrics, 'limit'), valuesOf(metrics, 'age')]).toEqual([undefined, { a: 7 }]);
    });

    test('a final that comes twice, or newer after its end, shows nothing again', () => {
      const merge = new MetricsMerge(0);
      merge.update(snapshot('one', 1, pool(4)));
      merge.fold('one');
      expect(shown(merge)).toEqual({ a: 4 });
      merge.update(snapshot('one', 2, pool(4)));
      merge.fold('one');
      expect(shown(merge)).toBeUndefined();
    });
  });

  describe('what a provider told', () => {
    const told = (value: number, toldAt: number): SnapshotMetric => ({
      ...{ name: 'remaining', unit: '1', description: '', isInt: true },
      kind: 'gauge',
      points: [{ attributes: { series: 'a' }, value, toldAt }],
    });
    const shown = (merge: MetricsMerge, now: number) => valuesOf(merge.collect(now).metrics, 'remaining');

    test.each([
      { title: 'the newest is shown, whatever is larger', points: [told(90, 1_000), told(10, 2_000)], value: 10 },
      { title: 'the newest is shown, also where all is there again', points: [told(10, 1_000), told(100, 2_000)], value: 100 },
      { title: 'of two of one time the smallest is shown', points: [told(30, 1_000), told(20, 1_000)], value: 20 },
    ])('$title', ({ points, value }) => {
      for (const order of [points, points.toReversed()]) {
        const merge = new MetricsMerge(0);
        order.forEach((point, index) => merge.update(snapshot(`p${index}`, 1, point)));
        expect(shown(merge, 3_000)).toEqual({ a: value });
      }
    });

    test('counts for a minute after the end of the process that was told', () => {
      const merge = new MetricsMerge(0);
      merge.update(snapshot('long', 1, told(90, 1_000)));
      merge.update(snapshot('short', 1, told(10, 2_000)));
      merge.fold('short');
      expect(shown(merge, 62_000)).toEqual({ a: 10 });
      expect(shown(merge, 62_001)).toEqual({ a: 90 });
      merge.fold('long');
      expect(shown(merge, 62_002)).toBeUndefined();
    });

    test('crosses the channel with its time', () => {
      const [metric] = readSnapshot(JSON.parse(JSON.stringify(packSnapshot(snapshot('one', 1, told(5, 7))))))?.metrics ?? [];
      expect(metric?.points).toEqual([{ attributes: { series: 'a' }, value: 5, toldAt: 7 }]);
    });
  });
});

describe('histograms', () => {
  test('buckets, counts, sums and extremes are merged', () => {
    const merge = new MetricsMerge(0);
    merge.update(snapshot('one', 1, histogram('seconds', [1, 2], [1, 0, 2], 11)));
    merge.update(snapshot('two', 1, histogram('seconds', [1, 2], [0, 1, 1], 5)));
    const [metric] = merge.collect().metrics;
    expect(metric?.points[0]).toMatchObject({ count: 5, sum: 16, min: 1, max: 11, counts: [1, 1, 3] });
  });

  test('other bounds are put on those first seen: counts and sums stay exact', () => {
    const merge = new MetricsMerge(0);
    merge.update(snapshot('one', 1, histogram('seconds', [1, 10], [1, 1, 1], 20)));
    merge.update(snapshot('two', 1, histogram('seconds', [0.5, 5, 50], [1, 1, 1, 1], 80)));
    const [metric] = merge.collect().metrics;
    expect(metric?.points[0]).toMatchObject({ count: 7, sum: 100, bounds: [1, 10], counts: [2, 2, 3] });
    expect(merge.faults.rebucketed).toBe(1);
  });
});

describe('bounds', () => {
  test('the last series with a point of its own, and the first that overflows', () => {
    const values = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`s${index}`, 1]));
    const full = new MetricsMerge(0);
    full.update(snapshot('one', 1, numbers('counter', 'tokens', values(MAX_SERIES - 1))));
    expect(Object.keys(valuesOf(full.collect().metrics, 'tokens') ?? {})).toHaveLength(MAX_SERIES - 1);
    expect(full.faults.overflowed).toBe(0);
    full.update(snapshot('two', 1, numbers('counter', 'tokens', { x: 5, y: 6, s0: 1 })));
    const merged = valuesOf(full.collect().metrics, 'tokens');
    expect(merged).toMatchObject({ overflow: 11, s0: 2 });
    expect(Object.keys(merged ?? {})).toHaveLength(MAX_SERIES);
  });

  test('a metric that changes its kind is left out and counted', () => {
    const merge = new MetricsMerge(0);
    merge.update(snapshot('one', 1, counter(1)));
    merge.update(snapshot('two', 1, numbers('gauge', 'tokens', { a: 9 })));
    expect(valuesOf(merge.collect().metrics, 'tokens')).toEqual({ a: 1 });
    expect(merge.faults.conflicting).toBe(1);
  });
});

describe('a process that speaks again', () => {
  const alive = (value: number) => numbers('updowncounter', 'active', { a: value });

  test('over the channel is alive again, whatever a file said; over a file it is not', () => {
    const merge = new MetricsMerge(0);
    merge.update(snapshot('one', 1, counter(1), alive(1)));
    merge.collect();
    merge.fold('one');
    merge.update(snapshot('one', 2, counter(2), alive(1)));
    expect(valuesOf(merge.collect().metrics, 'active')).toBeUndefined();
    merge.update(snapshot('one', 3, counter(3), alive(1)), true);
    expect(valuesOf(merge.collect().metrics, 'active')).toEqual({ a: 1 });
    expect(valuesOf(merge.collect().metrics, 'tokens')).toEqual({ a: 3 });
  });

  test('is forgotten last', () => {
    const merge = new MetricsMerge(0);
    const end = (key: string, sequence: number, value: number): void => {
      merge.update(snapshot(key, sequence, counter(value)));
      merge.fold(key);
    };
    end('talker', 1, 1);
    for (let index = 0; index < 900; index++) end(`p${index}`, 1, 0);
    end('talker', 2, 5);
    for (let index = 900; index < 1_800; index++) end(`p${index}`, 1, 0);
    end('talker', 3, 9);
    expect(valuesOf(merge.collect().metrics, 'tokens')).toEqual({ a: 9 });
  });
});

test('momentary series give their place up when they are gone, from the next collection on; a counter never does', () => {
  const merge = new MetricsMerge(0);
  let sequence = 0;
  for (let round = 0; round < 3; round++) {
    const names = Object.fromEntries(Array.from({ length: MAX_SERIES - 1 }, (_, index) => [`${round}-${index}`, 1]));
    const told = () => {
      merge.update(snapshot('one', ++sequence, numbers('gauge', 'depth', names), numbers('counter', 'tokens', names)));
      return merge.collect().metrics;
    };
    told();
    expect(Object.keys(valuesOf(told(), 'depth') ?? {})[0]).toBe(`${round}-0`);
    expect(told().find(({ name }) => name === 'depth')?.points).toHaveLength(MAX_SERIES - 1);
    expect(told().find(({ name }) => name === 'tokens')?.points.length).toBe(round === 0 ? MAX_SERIES - 1 : 1);
  }
  expect(merge.faults.overflowing).toContain('tokens');
});

test('time never runs backwards, though the clock does', () => {
  const merge = new MetricsMerge(10);
  expect(merge.collect(20).time).toBe(20);
  expect(merge.collect(15).time).toBe(20);
  expect(merge.collect(5).startTime).toBe(10);
});

describe('metrics of programs', () => {
  const scoped = (name: string, scope: string, more: Partial<SnapshotMetric> = {}): SnapshotMetric =>
    ({ ...numbers('counter', name, { a: 1 }), scope: { name: scope, version: '1' }, ...more }) as SnapshotMetric;

  test('are told apart by scope, kind and unit, and ours by their name alone; they keep what they are over the channel', () => {
    const merge = new MetricsMerge(0);
    const metrics = [
      numbers('counter', 'requests', { a: 10 }),
      scoped('requests', 'one'),
      scoped('requests', 'two', { isObserved: true }),
      scoped('Requests', 'one', { kind: 'updowncounter' }),
    ];
    for (const process of ['p', 'q']) {
      const sent = readSnapshot(JSON.parse(JSON.stringify(packSnapshot(snapshot(process, 1, ...metrics)))));
      if (sent !== undefined) merge.update(sent, true);
    }
    const merged = merge
      .collect(1)
      .metrics.map(({ name, kind, scope, isObserved, points }) => [
        name,
        kind,
        scope?.name,
        isObserved,
        points.map((point) => 'value' in point && point.value),
      ]);
    expect(merged).toEqual([
      ['requests', 'counter', undefined, undefined, [20]],
      ['requests', 'counter', 'one', undefined, [2]],
      ['requests', 'counter', 'two', true, [2]],
      ['Requests', 'updowncounter', 'one', undefined, [2]],
    ]);
    expect(merge.faults.conflicting).toBe(0);
  });

  test('without end take no place of ours', () => {
    const merge = new MetricsMerge(0);
    for (let round = 0; round < 3; round++) {
      const metrics = Array.from({ length: 400 }, (_, at) => scoped(`m${round}.${at}`, 'wild'));
      merge.update(snapshot(`p${round}`, 1, ...metrics));
    }
    merge.update(snapshot('ours', 1, numbers('counter', 'ours', { a: 1 })));
    expect(merge.faults.conflicting).toBe(200);
    expect(merge.collect(1).metrics.some(({ name }) => name === 'ours')).toBe(true);
  });
});
