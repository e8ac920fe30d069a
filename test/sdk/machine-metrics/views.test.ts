/** What the views make of the packages’ instruments, on our own meter. */
import { expect, test } from '@jest/globals';
import { viewed, type View } from '../../../src/sdk/machine-metrics/views.ts';
import { SyncMeter } from '../../../src/sdk/metrics/meter.ts';
import {
  ATTR_CPU_MODE,
  METRIC_NODEJS_EVENTLOOP_DELAY_P99,
  METRIC_SYSTEM_CPU_TIME,
  METRIC_SYSTEM_CPU_UTILIZATION,
  METRIC_V8JS_GC_DURATION,
} from '../../../src/semconv/index.ts';

const views: readonly View[] = [
  { spec: METRIC_SYSTEM_CPU_TIME, reduce: 'sum', isSinceFirst: true },
  { spec: METRIC_SYSTEM_CPU_UTILIZATION, reduce: 'mean' },
  { spec: METRIC_NODEJS_EVENTLOOP_DELAY_P99, less: 0.05 },
  { spec: METRIC_V8JS_GC_DURATION },
];

test('CPUs are added up or averaged, times begin at the first look, names without a view go nowhere', () => {
  const meter = new SyncMeter({
    onFault(error) {
      throw error;
    },
  });
  const source = viewed(meter, views, () => false).getMeter('source');
  let at = 100;
  const time = source.createObservableCounter(METRIC_SYSTEM_CPU_TIME.name);
  const share = source.createObservableGauge(METRIC_SYSTEM_CPU_UTILIZATION.name);
  const unknown = source.createObservableGauge('system.unheard.of');
  source.addBatchObservableCallback(
    async (result) => {
      for (const cpu of ['0', '1']) {
        const attributes = { [ATTR_CPU_MODE]: 'user', 'cpu.logical_number': cpu };
        result.observe(time, at + Number(cpu), attributes);
        result.observe(share, Number(cpu), attributes);
        result.observe(unknown, 1);
      }
      await Promise.resolve();
    },
    [time, share, unknown],
  );
  at = 103;
  const attributes = { [ATTR_CPU_MODE]: 'user' };
  expect(meter.collect()).toMatchObject([
    { name: 'system.cpu.time', kind: 'counter', unit: 's', points: [{ attributes, value: 6 }] },
    { name: 'system.cpu.utilization', kind: 'gauge', unit: '1', points: [{ attributes, value: 0.5 }] },
  ]);
});

test('a constant share is taken off, and never below 0', () => {
  const meter = new SyncMeter({ onFault: () => undefined });
  const source = viewed(meter, views, () => false).getMeter('source');
  let seconds = 0.25;
  source.createObservableGauge(METRIC_NODEJS_EVENTLOOP_DELAY_P99.name).addCallback((result) => result.observe(seconds));
  expect(meter.collect()).toMatchObject([{ points: [{ value: 0.2 }] }]);
  seconds = 0.04;
  expect(meter.collect()).toMatchObject([{ points: [{ value: 0 }] }]);
});

test('a histogram has the registry’s buckets and takes nothing once it is frozen', () => {
  const meter = new SyncMeter({ onFault: () => undefined });
  let isFrozen = false;
  const collections = viewed(meter, views, () => isFrozen)
    .getMeter('source')
    .createHistogram(METRIC_V8JS_GC_DURATION.name);
  collections.record(0.001, { 'v8js.gc.type': 'minor', pid: 7 });
  isFrozen = true;
  collections.record(1, { 'v8js.gc.type': 'major' });
  expect(meter.records).toBe(1);
  expect(meter.collect()).toMatchObject([
    { points: [{ attributes: { 'v8js.gc.type': 'minor' }, count: 1, bounds: [...METRIC_V8JS_GC_DURATION.buckets] }] },
  ]);
});
