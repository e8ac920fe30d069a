/**
 * The root alone measures the machine, its process and its runtime, under the registry's names, kinds and units;
 * elsewhere the bundle is not loaded.
 */
import { cpSync, existsSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as semconv from '../../../src/semconv/index.ts';
import { commandFile, dist, freshFolder, runProgram, startSink, type Models, type Sink } from '../../harness/index.ts';
import { environmentOf, faultsOf, pointsOf, program, startPricedModels, writersOf, type Point } from './swarm.ts';

/** On a loaded machine several times its usual time. */
const PATIENT_MS = 300_000;
const LIVES_MS = '3500';
const FAMILIES = ['system.', 'process.', 'nodejs.', 'v8js.', 'swarmscope.host.'];
const isOfHost = ({ name }: { readonly name: string }): boolean => FAMILIES.some((family) => name.startsWith(family));
/**
 * A machine may have used no disk of its own or have no network but the loopback; a short process may collect no
 * garbage.
 */
const PERHAPS = [
  semconv.METRIC_SYSTEM_DISK_IO,
  semconv.METRIC_SYSTEM_NETWORK_IO,
  semconv.METRIC_SYSTEM_NETWORK_PACKET_DROPPED,
  semconv.METRIC_V8JS_GC_DURATION,
].map(({ name }): string => name);
const specs = Object.entries(semconv)
  .filter(([name]) => name.startsWith('METRIC_'))
  .map(([, spec]) => spec as semconv.MetricSpec)
  .filter(isOfHost);

let models: Models;
beforeAll(async () => {
  models = await startPricedModels();
});
afterAll(() => models.close());

const environment = (sink: Sink, more: Record<string, string> = {}): Record<string, string> =>
  environmentOf({ models, endpoint: sink.url, OTEL_METRIC_EXPORT_INTERVAL: '400', SWARMSCOPE_HOST_METRICS: 'on', ...more });

describe('a root and a child that live for a few intervals', () => {
  let points: Point[];
  let units: Map<string, string>;
  let printed: { started: string[]; isSame: boolean };
  beforeAll(async () => {
    const sink = await startSink();
    const result = await runProgram({
      file: program('busy'),
      args: [LIVES_MS],
      env: environment(sink, { MEMBER: 'yes' }),
      timeoutMs: PATIENT_MS,
    });
    await sink.close();
    expect({ code: result.code, stderr: result.stderr }).toEqual({ code: 0, stderr: '' });
    printed = JSON.parse(result.stdout) as typeof printed;
    points = pointsOf(sink).filter(isOfHost);
    units = new Map(
      sink.accepted('metrics').flatMap(({ body }) => {
        const { resourceMetrics } = JSON.parse(body.toString('utf8')) as {
          resourceMetrics: { scopeMetrics: { metrics: { name: string; unit: string }[] }[] }[];
        };
        return resourceMetrics.flatMap(({ scopeMetrics }) =>
          scopeMetrics.flatMap(({ metrics }) => metrics.map(({ name, unit }) => [name, unit] as const)),
        );
      }),
    );
  }, PATIENT_MS);

  test('only one of them measures', () => {
    expect(writersOf(points)).toHaveLength(1);
    // Two that measured would each have an uptime; of gauges the largest is shown, sums would be doubled.
    const cores = points.filter(({ name, value }) => name === semconv.METRIC_SYSTEM_CPU_LOGICAL_COUNT.name && value !== undefined);
    expect(new Set(cores.map(({ value }) => value))).toEqual(new Set([availableParallelism()]));
  });

  test('every metric of the registry arrives with its kind, its unit and no other attributes', () => {
    const names = new Set(points.map(({ name }) => name));
    const missing = specs.filter(({ name }) => !names.has(name) && !PERHAPS.includes(name));
    expect(missing.map(({ name }) => name)).toEqual([]);
    for (const { name, kind, isMonotonic, attributes } of points) {
      const spec = specs.find((one) => one.name === name);
      expect([name, spec === undefined]).toEqual([name, false]);
      const expected = spec?.instrument === 'counter' || spec?.instrument === 'updowncounter' ? 'sum' : spec?.instrument;
      expect([name, kind, isMonotonic]).toEqual([name, expected, spec?.instrument === 'counter' || spec?.instrument === 'histogram']);
      expect([name, units.get(name)]).toEqual([name, spec?.unit]);
      expect(Object.keys(attributes).filter((attribute) => spec?.attributes.includes(attribute) !== true)).toEqual([]);
    }
  });

  test('counters begin at 0 and count what came since, and no series falls', () => {
    expect(faultsOf(points)).toEqual([]);
    const times = points.filter(({ name, value }) => name === semconv.METRIC_SYSTEM_CPU_TIME.name && value !== undefined);
    const seconds = (Math.max(...points.map(({ timeMs }) => timeMs)) - Math.min(...points.map(({ startMs }) => startMs))) / 1_000;
    // A busy machine may lose a second between reading the numbers and looking at the clock.
    for (const { value } of times) expect(value).toBeLessThanOrEqual((seconds + 1) * availableParallelism());
    const shares = points.filter(({ name, value }) => name === semconv.METRIC_SYSTEM_MEMORY_UTILIZATION.name && value !== undefined);
    for (const { value } of shares) expect(value).toBeLessThanOrEqual(1);
    expect(shares.length).toBeGreaterThan(0);
  });

  test('no child process is started for it, and the objects of the program stay as they were', () => {
    expect(printed).toEqual({ started: ['busy.cjs'], isSame: true });
  });
});

describe('the bundle is not even loaded', () => {
  const mark = join(freshFolder('mark'), 'loaded');
  const copy = join(freshFolder('dist'), 'dist');
  beforeAll(() => {
    cpSync(dist, copy, { recursive: true });
    writeFileSync(
      join(copy, 'machine.cjs'),
      `require('node:fs').appendFileSync(${JSON.stringify(mark)}, process.pid + '\\n'); exports.startHost = () => ({ freeze() {} });`,
    );
  });
  const run = async (more: Record<string, string>, livesMs = '1600'): Promise<boolean> => {
    const sink = await startSink();
    const { code } = await runProgram({
      preloadFile: join(copy, 'register.cjs'),
      file: program('busy'),
      args: [livesMs],
      env: environment(sink, more),
    });
    await sink.close();
    expect(code).toBe(0);
    return existsSync(mark);
  };

  test.each([
    ['with the setting off', { SWARMSCOPE_HOST_METRICS: 'off' }],
    ['with metrics off', { OTEL_METRICS_EXPORTER: 'none' }],
  ])(
    '%s',
    async (_, more) => {
      expect(await run(more)).toBe(false);
    },
    PATIENT_MS,
  );

  test(
    'in a program that ends before the first interval',
    async () => {
      expect(await run({ OTEL_METRIC_EXPORT_INTERVAL: '60000' }, '1')).toBe(false);
    },
    PATIENT_MS,
  );

  test(
    'except in a root that lives longer, so that the cases above can fail',
    async () => {
      expect(await run({})).toBe(true);
    },
    PATIENT_MS,
  );
});

test(
  'under swarmscope run the supervisor alone measures',
  async () => {
    const sink = await startSink();
    const { code } = await runProgram({
      preload: 'none',
      command: process.execPath,
      args: [commandFile, 'run', '--quiet', '--export', sink.url, '--', process.execPath, program('busy'), '2000'],
      env: environment(sink, { MEMBER: 'yes' }),
      timeoutMs: PATIENT_MS,
    });
    await sink.close();
    expect(code).toBe(0);
    const points = pointsOf(sink).filter(isOfHost);
    expect(new Set(points.map(({ name }) => name)).has(semconv.METRIC_SYSTEM_CPU_TIME.name)).toBe(true);
    expect(writersOf(points)).toHaveLength(1);
  },
  PATIENT_MS,
);
