/** What is told of processes beside their spans. */
import { expect, test } from '@jest/globals';
import { SyncMeter } from '../../src/sdk/metrics/meter.ts';
import { tellOrphans } from '../../src/sdk/process-spans.ts';

test('swarmscope.process.orphan.count is the number of orphans by process.executable.name, as long as there are some', () => {
  const meter = new SyncMeter({ onFault: () => undefined });
  let orphans = ['vite', 'claude', 'vite'];
  tellOrphans(meter, () => orphans.map((executable) => ({ executable })));
  const collect = (): unknown[] =>
    meter.collect().flatMap(({ name, points }) => points.map((point) => [name, point.attributes, 'value' in point && point.value]));
  expect(collect()).toEqual([
    ['swarmscope.process.orphan.count', { 'process.executable.name': 'vite' }, 2],
    ['swarmscope.process.orphan.count', { 'process.executable.name': 'claude' }, 1],
  ]);
  orphans = [];
  expect(collect().filter((point) => Array.isArray(point) && typeof point[2] === 'number')).toEqual([]);
});
