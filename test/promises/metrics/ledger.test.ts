/** What swarmscope counts of its own telemetry is exact in every ending: recorded = exported + dropped, at each hop. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  ATTR_SWARMSCOPE_DROP_REASON,
  ATTR_SWARMSCOPE_OBSERVER_NAME,
  ATTR_SWARMSCOPE_TELEMETRY_SIGNAL,
  METRIC_SWARMSCOPE_FORWARD_DROPPED,
  METRIC_SWARMSCOPE_FORWARD_RECEIVED,
  METRIC_SWARMSCOPE_FORWARD_SENT,
  METRIC_SWARMSCOPE_OBSERVER_FAULTS,
  METRIC_SWARMSCOPE_TELEMETRY_DROPPED,
  METRIC_SWARMSCOPE_TELEMETRY_EXPORTED,
  METRIC_SWARMSCOPE_TELEMETRY_RECORDED,
  type MetricSpec,
} from '../../../src/semconv/index.ts';
import { readLogs } from '../../../src/viewer/receive/rows/index.ts';
import {
  commandFile,
  freshFolder,
  outsideTrace,
  runProgram,
  startProgram,
  startSink,
  type Models,
  type Sink,
} from '../../harness/index.ts';
import { allSpansOf } from '../../harness/received.ts';
import { environmentOf, faultsOf, lastOf, planOf, pointsOf, program, startPricedModels } from './swarm.ts';

let models: Models;
beforeAll(async () => {
  models = await startPricedModels();
});
afterAll(() => models.close());

/** On a loaded machine several times its usual time. */
const PATIENT_MS = 300_000;

interface Ledger {
  readonly recorded: number;
  readonly exported: number;
  /** By reason. */
  readonly dropped: Readonly<Record<string, number>>;
}

const own: readonly MetricSpec[] = [
  METRIC_SWARMSCOPE_TELEMETRY_RECORDED,
  METRIC_SWARMSCOPE_TELEMETRY_EXPORTED,
  METRIC_SWARMSCOPE_TELEMETRY_DROPPED,
];
const forwarded: readonly MetricSpec[] = [
  METRIC_SWARMSCOPE_FORWARD_RECEIVED,
  METRIC_SWARMSCOPE_FORWARD_SENT,
  METRIC_SWARMSCOPE_FORWARD_DROPPED,
];

/** As a backend adds it up, over all series. */
function ledgerOf(sink: Sink, signal: string, metrics = own): Ledger {
  const points = pointsOf(sink);
  const [recorded, exported, dropped] = metrics.map(({ name }) =>
    lastOf(points, name).filter(({ attributes }) => attributes[ATTR_SWARMSCOPE_TELEMETRY_SIGNAL] === signal),
  ) as [ReturnType<typeof lastOf>, ReturnType<typeof lastOf>, ReturnType<typeof lastOf>];
  const sum = (all: typeof recorded): number => all.reduce((total, { value = 0 }) => total + value, 0);
  const reasons = [...new Set(dropped.map(({ attributes }) => String(attributes[ATTR_SWARMSCOPE_DROP_REASON])))];
  return {
    recorded: sum(recorded),
    exported: sum(exported),
    dropped: Object.fromEntries(
      reasons.map((reason) => [reason, sum(dropped.filter(({ attributes }) => attributes[ATTR_SWARMSCOPE_DROP_REASON] === reason))]),
    ),
  };
}

const allTaken = (count: number): Ledger => ({ recorded: count, exported: count, dropped: {} });
const startsIn = (sink: Sink): number =>
  sink
    .accepted('logs')
    .reduce(
      (sum, { body, contentType }) => sum + readLogs(body, contentType === 'application/json' ? 'json' : 'protobuf').openSpans.length,
      0,
    );

test('of fifty children that end in every way, what the ledger says was recorded and exported is what arrived', async () => {
  const sink = await startSink();
  const plan = planOf(50).map(([calls, ending]) => [calls, ending === 'kill' ? 'return' : ending]);
  const result = await runProgram({
    file: program('swarm'),
    env: environmentOf({
      models,
      endpoint: sink.url,
      PLAN: JSON.stringify(plan),
      SWARMSCOPE_SPAN_STARTS: 'on',
      SWARMSCOPE_EXIT_TIMEOUT: '20000',
    }),
    timeoutMs: 200_000,
  });
  await sink.close();
  expect(result.code).toBe(0);
  const arrived = allSpansOf(sink).length;
  // A child, its task and its calls at least.
  expect(arrived).toBeGreaterThan(50 * 3);
  expect(ledgerOf(sink, 'span')).toEqual(allTaken(arrived));
  expect(ledgerOf(sink, 'span_start')).toEqual(allTaken(startsIn(sink)));
  expect(startsIn(sink)).toBe(arrived);
  const metrics = ledgerOf(sink, 'metric');
  expect(metrics.exported).toBe(metrics.recorded);
  expect(faultsOf(pointsOf(sink))).toEqual([]);
});

describe.each(['return', 'exit', 'term', 'throw'])('a root that ends by %s', (ending) => {
  test(
    'counts the spans that it sends at its very end',
    async () => {
      const sink = await startSink();
      await runProgram({
        file: program('endings'),
        args: [ending, '20'],
        env: environmentOf({ models, endpoint: sink.url, MEMBERS: '2' }),
        timeoutMs: PATIENT_MS,
      });
      await sink.close();
      const arrived = allSpansOf(sink).length;
      expect(arrived).toBeGreaterThan(20);
      expect(ledgerOf(sink, 'span')).toEqual(allTaken(arrived));
      expect(faultsOf(pointsOf(sink))).toEqual([]);
    },
    PATIENT_MS,
  );

  test(
    'counts what was refused for good as dropped and not as exported',
    async () => {
      const [sink, refusing] = await Promise.all([startSink(), startSink({ status: 413 })]);
      const env = environmentOf({
        models,
        endpoint: sink.url,
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${refusing.url}/v1/traces`,
        ...outsideTrace,
      });
      await runProgram({ file: program('endings'), args: [ending, '20'], env, timeoutMs: PATIENT_MS });
      await Promise.all([sink.close(), refusing.close()]);
      const { recorded, exported, dropped } = ledgerOf(sink, 'span');
      expect(exported).toBe(0);
      expect(recorded).toBe(20);
      const { too_large: refused = 0, ...otherwise } = dropped;
      expect(otherwise).toEqual({});
      // With no turn left nobody can say what became of the last request: its spans are on their way.
      if (ending === 'return') expect(refused).toBe(20);
      else expect(refused).toBeLessThanOrEqual(20);
    },
    PATIENT_MS,
  );
});

test(
  'what waited on disk counts as exported in the run that sends it, so nothing is missing over both runs',
  async () => {
    const [metrics, traces] = await Promise.all([startSink(), startSink('refuse')]);
    const go = join(freshFolder('stage'), 'go');
    const env = environmentOf({
      ...outsideTrace,
      models,
      endpoint: metrics.url,
      GO: go,
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${traces.url}/v1/traces`,
      XDG_STATE_HOME: freshFolder('state'),
    });
    await runProgram({ file: program('endings'), args: ['return', '20'], env, timeoutMs: PATIENT_MS });
    expect(ledgerOf(metrics, 'span')).toEqual({ recorded: 20, exported: 0, dropped: {} });
    await traces.behave('accept');
    const later = startProgram({ file: program('endings'), args: ['told', '5'], env, timeoutMs: PATIENT_MS });
    await traces.arrived(() => allSpansOf(traces).length >= 25);
    await metrics.arrived(() => ledgerOf(metrics, 'span').exported === 25);
    writeFileSync(go, '');
    await later.finished;
    expect(ledgerOf(metrics, 'span')).toEqual(allTaken(25));
    expect(allSpansOf(traces)).toHaveLength(25);
    await Promise.all([metrics.close(), traces.close()]);
  },
  PATIENT_MS,
);

test(
  'under swarmscope run the processes and the receiver each count what they passed on',
  async () => {
    const sink = await startSink();
    const { code } = await runProgram({
      preload: 'none',
      command: process.execPath,
      args: [commandFile, 'run', '--quiet', '--export', sink.url, '--', process.execPath, program('endings'), 'exit', '20'],
      env: environmentOf({ models, endpoint: 'http://127.0.0.1:9', MEMBERS: '5' }),
      timeoutMs: PATIENT_MS,
    });
    expect(code).toBe(0);
    await sink.close();
    const arrived = allSpansOf(sink).length;
    expect(arrived).toBeGreaterThan(20 + 5 * 3);
    expect(ledgerOf(sink, 'span')).toEqual(allTaken(arrived));
    expect(ledgerOf(sink, 'span', forwarded)).toEqual(allTaken(arrived));
    expect(ledgerOf(sink, 'span_start')).toEqual(allTaken(startsIn(sink)));
    expect(ledgerOf(sink, 'log', forwarded)).toEqual(allTaken(startsIn(sink)));
  },
  PATIENT_MS,
);

test(
  'an observer that switched itself off is counted by its name',
  async () => {
    const sink = await startSink();
    const env = environmentOf({
      models,
      endpoint: sink.url,
      PLAN: JSON.stringify([[1, 'return']]),
      SWARMSCOPE_PRICES: '/nowhere/prices.json',
    });
    await runProgram({ file: program('swarm'), env, timeoutMs: PATIENT_MS });
    await sink.close();
    const faults = lastOf(pointsOf(sink), METRIC_SWARMSCOPE_OBSERVER_FAULTS.name);
    expect(faults.map(({ attributes, value }) => [attributes[ATTR_SWARMSCOPE_OBSERVER_NAME], value])).toEqual([['SWARMSCOPE_PRICES', 1]]);
  },
  PATIENT_MS,
);
