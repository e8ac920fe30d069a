/**
 * Names beyond the limit of a metric share one series: their sums stay exact, doctor names the metric, and no id is on
 * a metric.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as semconv from '../../../src/semconv/index.ts';
import type { MetricSpec } from '../../../src/semconv/index.ts';
import { commandFile, freshFolder, runProgram, startProgram, startSink, type Models, type Sink } from '../../harness/index.ts';
import {
  environmentOf,
  faultsOf,
  lastOf,
  pointsIn,
  pointsOf,
  program,
  startPricedModels,
  totalsOf,
  writersOf,
  type Point,
} from './swarm.ts';

const NAMES = 10_000;
/** Each is a real request; some more than the limit. */
const MODELS = 2_100;
const LIMIT = 2_000;
const LAST_QUEUE = `queue-${NAMES - 1}`;

interface Doctor {
  findings: { level: string; text: string; next?: string }[];
  processes: { held?: Record<string, number>; counters: Record<string, number> }[];
}

let models: Models;
let sink: Sink;
let points: Point[];
let doctor: Doctor;
let doctorText: string;

beforeAll(async () => {
  models = await startPricedModels();
  sink = await startSink();
  const state = { XDG_STATE_HOME: freshFolder('state') };
  const shownFile = join(freshFolder('shown'), 'shown');
  const env = environmentOf({
    models,
    endpoint: sink.url,
    OTEL_METRIC_EXPORT_INTERVAL: '1000',
    SWARMSCOPE_EXIT_TIMEOUT: '30000',
    SHOWN_FILE: shownFile,
    ...state,
  });
  const { finished } = startProgram({ file: program('hostile'), args: [String(NAMES), String(MODELS)], env, timeoutMs: 500_000 });
  const isOver = finished.then(() => true);
  for (let read = 0, isShown = false; !isShown && !(await Promise.race([isOver, sleep(100, false)]));) {
    const requests = sink.accepted('metrics').slice(read);
    read += requests.length;
    isShown = requests.some(showsLastQueue);
  }
  writeFileSync(shownFile, '');
  const result = await finished;
  if (result.code !== 0 || result.stderr !== '') throw new Error(JSON.stringify(result));
  points = pointsOf(sink);
  const ask = async (...args: string[]): Promise<string> =>
    (await runProgram({ preload: 'none', command: process.execPath, args: [commandFile, 'doctor', ...args], env: { ...env, ...state } }))
      .stdout;
  doctor = JSON.parse(await ask('--json', '-')) as Doctor;
  doctorText = await ask();
}, 600_000);
afterAll(async () => {
  await sink.close();
  await models.close();
});

/** Most requests do not name it at all. */
const showsLastQueue = (request: Parameters<typeof pointsIn>[0]): boolean =>
  request.body.includes(LAST_QUEUE) && pointsIn(request).some(isLastQueue);

const isLastQueue = ({ name, attributes, value }: Point): boolean =>
  name === semconv.METRIC_SWARMSCOPE_QUEUE_SIZE.name && attributes['swarmscope.queue.name'] === LAST_QUEUE && value === 1;

const isOverflow = ({ attributes }: Point): boolean => attributes['otel.metric.overflow'] === true;
const countOf = (name: string): number => lastOf(points, name).reduce((sum, { value = 0 }) => sum + value, 0);

test.each([
  [semconv.METRIC_SWARMSCOPE_TASK_DURATION.name, NAMES + 2],
  [semconv.METRIC_GEN_AI_EXECUTE_TOOL_DURATION.name, NAMES],
  [semconv.METRIC_GEN_AI_CLIENT_INFERENCE_DURATION.name, MODELS],
])('%s: %i counted, at most 2,000 series, the rest in one marked as overflow', (name, count) => {
  const last = lastOf(points, name);
  expect(countOf(name)).toBe(count);
  expect(last).toHaveLength(LIMIT);
  expect(last.filter(isOverflow)).toHaveLength(1);
});

test('tokens are exact although there are more models than series', () => {
  expect(totalsOf(points)).toMatchObject({ input: MODELS * 11, output: MODELS * 7 });
});

test('no counter has more series than the limit over the whole run, and no gauge at any moment', () => {
  const moments = new Map<string, Set<string>>();
  for (const { name, isMonotonic, timeMs, key } of points) {
    const moment = isMonotonic ? name : `${name} ${timeMs}`;
    moments.set(moment, (moments.get(moment) ?? new Set()).add(key));
  }
  for (const [moment, keys] of moments) expect([moment, keys.size <= LIMIT]).toEqual([moment, true]);
});

test('the last queue has a gauge of its own after ten thousand others', () => {
  expect(points.some(isLastQueue)).toBe(true);
});

test('no series falls or runs backwards, the shared ones included', () => {
  expect(points.length).toBeGreaterThan(10_000);
  expect(faultsOf(points)).toEqual([]);
});

test('a snapshot of all series is not too large for the root, so there is one writer', () => {
  expect(writersOf(points)).toHaveLength(1);
});

test('the number of remembered attribute sets is bounded, and no value is longer than 512 characters', () => {
  const metrics = new Set(points.map(({ name }) => name)).size;
  const held = doctor.processes.map((process) => process.held?.['metrics.series'] ?? 0);
  expect(Math.max(...held)).toBeGreaterThan(LIMIT);
  expect(Math.max(...held)).toBeLessThanOrEqual(metrics * LIMIT);
  const lengths = points.flatMap(({ attributes }) => Object.values(attributes).map((value) => String(value).length));
  expect(lengths.reduce((most, length) => Math.max(most, length), 0)).toBe(512);
});

test('doctor shows the bound, names each metric that reached it, and says what to do', () => {
  expect(doctorText).toMatch(/attribute sets +at most 2,000 per metric/);
  const texts = doctor.findings.filter(({ next }) => next?.includes('ids belong on spans')).map(({ text }) => text);
  for (const name of [semconv.METRIC_SWARMSCOPE_TASK_DURATION.name, semconv.METRIC_GEN_AI_EXECUTE_TOOL_DURATION.name])
    expect(texts.some((text) => text.includes(`${name} has more attribute sets`))).toBe(true);
});

test('every attribute of every metric is one that the registry gives it, and no id is among them', () => {
  const specs = new Map(
    Object.values(semconv as Record<string, unknown>)
      .filter((value): value is MetricSpec => typeof value === 'object' && value !== null && 'instrument' in value)
      .map((spec) => [spec.name, spec]),
  );
  const seen = new Map<string, Set<string>>();
  for (const { name, attributes } of points)
    for (const attribute of Object.keys(attributes)) seen.set(name, (seen.get(name) ?? new Set()).add(attribute));
  expect(seen.size).toBeGreaterThan(20);
  for (const [name, attributes] of seen) {
    const allowed = new Set<string>([...(specs.get(name)?.attributes ?? []), semconv.ATTR_OTEL_METRIC_OVERFLOW]);
    expect([name, [...attributes].filter((attribute) => !allowed.has(attribute))]).toEqual([name, []]);
    expect([
      name,
      [...attributes].filter((attribute) => /(?:\.id$|\.pid$|trace|span|branch|commit|path|\.index$)/.test(attribute)),
    ]).toEqual([name, []]);
  }
  expect(points.some(({ attributes }) => JSON.stringify(attributes).includes('canary-task-id'))).toBe(false);
});
