// A backend is away: what the collector took meanwhile waits on its disk and is in Tempo and Prometheus afterwards, each once.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeWith, START_LIMIT_MS, type Stack } from '../../harness/stack/index.ts';
import { makeLoad } from '../../harness/stack/load.ts';
import { replaceAll } from '../../harness/stack/replace.ts';
import { sendLoad } from '../../harness/stack/send-load.ts';
import {
  BACKENDS,
  countedBy,
  DRILL_MS,
  expectPoints,
  expectSpans,
  killTempo,
  only,
  startDrill,
  untilCounted,
  untilFiring,
  untilRetried,
} from './support.ts';

/** So slow that the backlog of a drill is above it also on a busy machine, with requests that fit: Tempo answers the rest with a time to wait. */
const slowTempo = (text: string): string =>
  replaceAll('tempo.yaml', text, {
    'rate_limit_bytes: 30000000, burst_size_bytes: 40000000': 'rate_limit_bytes: 100000, burst_size_bytes: 200000',
    'retry_after_on_resource_exhausted: 5s': 'retry_after_on_resource_exhausted: 500ms',
  });

describeWith(...BACKENDS)('a backend away', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startDrill({
      changes: { 'min_size: 262144, max_size: 3000000': 'min_size: 100000, max_size: 150000' },
    });
  }, START_LIMIT_MS);
  afterAll(() => stack.stop(), DRILL_MS);

  test(
    'Tempo: spans sent before, during and after are there, also when the backlog is more than it takes in a second',
    async () => {
      const [before, during, after] = ['before', 'during', 'after'].map((service) => makeLoad({ service, swarms: 4, tasks: 20 }));
      if (before === undefined || during === undefined || after === undefined) throw new Error('unreachable');
      await sendLoad(before, { endpoint: stack.endpoint });
      await expectSpans(stack, before);
      await killTempo(stack);
      const sent = await sendLoad(during, { endpoint: stack.endpoint });
      expect([...sent.statuses.keys()]).toEqual([200]);
      await untilRetried(stack, 'otlp_grpc/tempo', 4);
      await untilFiring(stack, 'StackPartDown');
      const file = join(stack.folderOf('tempo'), 'tempo.yaml');
      writeFileSync(file, slowTempo(readFileSync(file, 'utf8')));
      await stack.start('tempo');
      await sendLoad(after, { endpoint: stack.endpoint });
      for (const load of [before, during, after]) await expectSpans(stack, load);
      expect(stack.log('collector')).toContain('RATE_LIMITED');
      for (const load of [before, during, after]) await expectPoints(stack, load, 4);
      expect(await countedBy(stack, 'exporter_sent_spans_total')).toBe(3 * before.items.traces);
      expect(await countedBy(stack, 'exporter_send_failed_spans_total')).toBe(0);
    },
    DRILL_MS,
  );

  test(
    'Prometheus, within its window: every point that was sent meanwhile is there, once',
    async () => {
      await stack.kill('prometheus', 'SIGKILL');
      const during = makeLoad({ service: 'points', swarms: 4, tasks: 40, exports: 8 });
      const sent = await sendLoad(only(during, 'metrics'), { endpoint: stack.endpoint });
      expect(sent.taken.metrics).toBe(during.items.metrics);
      await untilRetried(stack, 'otlp_http/prometheus', 4);
      await stack.start('prometheus');
      const after = makeLoad({ service: 'later', swarms: 1, tasks: 4 });
      await sendLoad(after, { endpoint: stack.endpoint });
      // Older than what is there already.
      const old = makeLoad({ service: 'points-old', swarms: 2, tasks: 8, endMs: Date.now() - 15 * 60_000 });
      await sendLoad(only(old, 'metrics'), { endpoint: stack.endpoint });
      await expectPoints(stack, during, 8);
      await expectPoints(stack, after, 4);
      await expectPoints(stack, old, 4);
      expect(await countedBy(stack, 'exporter_send_failed_metric_points_total')).toBe(0);
    },
    DRILL_MS,
  );

  test.each([
    ['two hours late', -2 * 3_600_000],
    ['an hour ahead', 3_600_000],
  ])(
    "a sender whose clock is %s loses its own points and nobody else's",
    async (title, byMs) => {
      const before = await countedBy(stack, 'exporter_send_failed_metric_points_total');
      const wrong = makeLoad({ service: `wrong ${title}`, swarms: 1, tasks: 4, endMs: Date.now() + byMs });
      const good = makeLoad({ service: `beside one ${title}`, swarms: 4, tasks: 20 });
      await Promise.all([wrong, good].map((load) => sendLoad(only(load, 'metrics'), { endpoint: stack.endpoint })));
      await expectPoints(stack, good, 4);
      await untilCounted(stack, 'processor_filter_datapoints_filtered_total{filter="filter/clocks"', 1);
      expect(await countedBy(stack, 'exporter_send_failed_metric_points_total')).toBe(before);
      await untilFiring(stack, 'PrometheusRejectingSamples');
    },
    DRILL_MS,
  );

  test(
    'an outage longer than the window of Prometheus: the points are lost, and the ledger and an alert say so',
    async () => {
      const file = join(stack.folderOf('prometheus'), 'prometheus.yml');
      await stack.kill('prometheus');
      writeFileSync(
        file,
        replaceAll('prometheus.yml', readFileSync(file, 'utf8'), { 'out_of_order_time_window: 30m': 'out_of_order_time_window: 1m' }),
      );
      await stack.start('prometheus');
      const [recent, old] = [0, 10].map((minutes) =>
        makeLoad({ service: 'long', swarms: 1, tasks: 4, endMs: Date.now() - minutes * 60_000 }),
      );
      if (recent === undefined || old === undefined) throw new Error('unreachable');
      await sendLoad(only(recent, 'metrics'), { endpoint: stack.endpoint });
      await expectPoints(stack, recent, 4);
      await sendLoad(only(old, 'metrics'), { endpoint: stack.endpoint });
      await untilCounted(stack, 'exporter_send_failed_metric_points_total', old.items.metrics);
      await untilFiring(stack, 'CollectorLosingData');
      await expectPoints(stack, recent, 4);
    },
    DRILL_MS,
  );
});
