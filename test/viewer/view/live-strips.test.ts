// The strips of a living run end as those of the stored run, whatever temporality its points have.
import { expect, test } from '@jest/globals';
import * as words from '../../../src/semconv/index.ts';
import { createLive, LiveRun } from '../../../src/viewer/index.ts';
import type { MetricPointRow } from '../../../src/viewer/receive/rows/index.ts';
import { openStore, readRun, runPath } from '../../../src/viewer/store/index.ts';
import { stripsOf } from '../../../src/viewer/view/strips.ts';
import type { Frames, Snapshot } from '../../../src/viewer/wire.ts';
import { seeded } from '../../analysis/random-runs.ts';
import { freshFolder } from '../../harness/index.ts';

const START_MS = Date.UTC(2026, 10, 2);
const run = { id: 'run', name: 'run', command: 'node', startMs: START_MS, endMs: undefined, exitCode: undefined, signal: undefined };

/** Points of a swarm with two senders: of each series in order of time, but for some that come late. */
function pointsOf(seed: number): MetricPointRow[] {
  const random = seeded(seed);
  const upTo = (most: number): number => Math.floor(random() * most);
  const points: MetricPointRow[] = [];
  for (let ms = 0; ms < 60_000; ms += 300 + upTo(900)) {
    for (const instanceId of ['one', 'two']) {
      const isDelta = instanceId === 'two';
      const of = (name: string, attributes: MetricPointRow['attributes'], value: number, kind: MetricPointRow['kind'] = 'sum'): void => {
        points.push({
          ...{ name, unit: '1', kind, isMonotonic: false, attributes, instanceId, owner: undefined },
          ...{ isDelta: isDelta && kind === 'sum', timeMs: START_MS + ms, value, sum: undefined, max: undefined, buckets: undefined },
        });
      };
      of(
        words.METRIC_SWARMSCOPE_WORKER_COUNT.name,
        { [words.ATTR_SWARMSCOPE_POOL_NAME]: 'pool', [words.ATTR_SWARMSCOPE_WORKER_STATE]: 'active' },
        upTo(4) - (isDelta ? 1 : 0),
      );
      of(words.METRIC_SWARMSCOPE_WORKER_LIMIT.name, { [words.ATTR_SWARMSCOPE_POOL_NAME]: 'pool' }, isDelta && ms > 0 ? 0 : 8);
      of(words.METRIC_SWARMSCOPE_QUEUE_SIZE.name, { [words.ATTR_SWARMSCOPE_QUEUE_NAME]: `q${upTo(3)}` }, upTo(9));
      of(words.METRIC_SYSTEM_MEMORY_UTILIZATION.name, { [words.ATTR_SYSTEM_MEMORY_STATE]: 'used' }, random() / 2, 'gauge');
      of('some.other.metric', { any: upTo(100) }, upTo(5));
    }
    const late = points[upTo(points.length)];
    if (late !== undefined && random() < 0.2) points.push({ ...late, timeMs: late.timeMs - 5_000, value: 77 });
  }
  return points;
}

test.each([1, 2, 3, 4, 5, 6])('of random points, differences among them (seed %d)', (seed) => {
  const points = pointsOf(seed);
  const folder = freshFolder('strips');
  const store = openStore(runPath(folder, run.id));
  store.startRun(run);
  const live = new LiveRun({ run, version: '0', live: createLive(), now: () => START_MS + 60_000 });
  for (const point of points) {
    store.addMetrics({ points: [point], losses: {} });
    live.addMetrics({ points: [point], losses: {} });
  }
  store.endRun({ ...run, endMs: START_MS + 60_000 });
  store.close();
  const { strips } = JSON.parse(live.snapshot().body.toString('utf8')) as Snapshot;
  const told = new Map(strips.map((strip) => [strip.id, strip]));
  expect([...told.keys()]).toContain('slots:pool');
  expect(strips).toEqual(stripsOf(readRun(folder, run.id).series, START_MS).all());
});

test('begin with the program where the page was opened before it', () => {
  const snapshotOf = (live: LiveRun): Snapshot => JSON.parse(live.snapshot().body.toString('utf8')) as Snapshot;
  const newRun = (): LiveRun => new LiveRun({ run, version: '0', live: createLive(), now: () => START_MS + 60_000 });
  const [live, other] = [newRun(), newRun()];
  const { seq } = snapshotOf(live);
  live.begin(START_MS + 500);
  const { frames } = JSON.parse(live.frames(seq).body.toString('utf8')) as Frames;
  expect(frames.map(({ reset }) => reset)).toContain(true);
  for (const point of pointsOf(1)) for (const each of [live, other]) each.addMetrics({ points: [point], losses: {} });
  const moments = ({ startMs, strips }: Snapshot): number[][] => strips.map(({ t }) => t.map((at) => at + startMs));
  expect(snapshotOf(live).startMs).toBe(START_MS + 500);
  expect(moments(snapshotOf(live))).toEqual(moments(snapshotOf(other)));
});
