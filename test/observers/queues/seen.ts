/** Installs the libraries, runs one program for one of them without and with the preload, and asks what was seen. */
import { mkdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from '@jest/globals';
import type { SpanRow } from '../../../src/analysis/model.ts';
import type { MetricPointRow } from '../../../src/viewer/receive/rows/index.ts';
import { runProgram, startSink } from '../../harness/index.ts';
import { installProject } from '../../harness/install-project.ts';
import { allSpansOf, metricPointsOf, spansOf } from '../../harness/received.ts';
import { api } from '../../e2e/programs.ts';

const project = join(import.meta.dirname, 'project');

/** Folders whose name is not that of the package in them, with its name. */
function aliases(): [folder: string, library: string][] {
  const { dependencies } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as { dependencies: Record<string, string> };
  return Object.entries(dependencies).flatMap(([folder, version]) => {
    const library = /^npm:(.+)@/.exec(version)?.[1];
    return library === undefined ? [] : [[folder, library]];
  });
}

/** An older version lies where Node would look for it: in a `node_modules` of its own, under its own name. */
function placeOf(root: string, library: string, folder: string): string {
  return folder === library ? join(root, 'node_modules', library) : join(root, 'older', folder, 'node_modules', library);
}

let root: string | undefined;
function installed(): string {
  return (root ??= installProject({
    project,
    into: 'queue-versions/',
    name: 'the queue libraries',
    isNative: true,
    finish(fresh) {
      for (const [folder, library] of aliases()) {
        const place = placeOf(fresh, library, folder);
        mkdirSync(dirname(place), { recursive: true });
        renameSync(join(fresh, 'node_modules', folder), place);
      }
    },
  }));
}

export interface QueueProgram {
  readonly library: string;
  readonly folder: string;
  readonly system: 'CommonJS' | 'ES module';
  /** Below the package's folder. */
  readonly entry: string;
  /** Sets `library` to what the package exports; default: its default export, else all of it. */
  readonly main: string;
  /** Files beside the program; in them `{api}` is the path of the API, `{fastq in fastq: queue.js}` that of a library's file. */
  readonly files?: Readonly<Record<string, string>>;
}

export interface QueueSeen {
  readonly bare: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
  /** Without the root of the run. */
  readonly spans: readonly SpanRow[];
  readonly all: readonly SpanRow[];
  readonly points: readonly MetricPointRow[];
  named(name: string): SpanRow[];
  /** Every value of a metric, in order of arrival. */
  values(name: string, attributes?: Record<string, unknown>): number[];
  numbers(name: string, attribute: string): number[];
}

/** What a file of a worker needs: the API, and the libraries of the project. */
function withPaths(text: string): string {
  const place = (_: string, library: string, folder: string, entry: string): string =>
    JSON.stringify(join(placeOf(installed(), library, folder), entry));
  return text.replaceAll('{api}', api).replace(/\{([\w-]+) in ([\w-]+): ([\w./]+)\}/g, place);
}

/** `main` prints what the program of an app would see; `inside` records something within a task. */
export async function seenOf({ library, folder, system, entry, main, files: beside = {} }: QueueProgram): Promise<QueueSeen> {
  const path = JSON.stringify(join(placeOf(installed(), library, folder), entry));
  const body = `
const { withTask } = require(${api});
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const inside = (name) => withTask(name, () => undefined);
const say = (...what) => console.log(JSON.stringify(what));
const nameOf = (error) => error?.name + ': ' + error?.message;
${main}
`;
  const program: Record<string, string> =
    system === 'CommonJS'
      ? { 'app.cjs': `const all = require(${path}); const library = all.default ?? all; ${body} main(library, all);` }
      : {
          'app.mjs': `import { createRequire } from 'node:module'; import * as all from ${path}; const require = createRequire(import.meta.url);
const library = all.default ?? all; ${body} await main(library, all);`,
        };
  const files = { ...program, ...Object.fromEntries(Object.entries(beside).map(([name, text]) => [name, withPaths(text)])) };
  const sink = await startSink();
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, SWARMSCOPE_EXIT_TIMEOUT: '10000', OTEL_METRIC_EXPORT_INTERVAL: '100' };
  const { stdout: bare } = await runProgram({ files, preload: 'none' });
  const result = await runProgram({ files, env });
  await sink.close();
  const [spans, points] = [spansOf(sink), metricPointsOf(sink)];
  const named = (name: string): SpanRow[] => spans.filter((span) => span.name === name).sort((a, b) => a.startMs - b.startMs);
  return {
    ...result,
    bare,
    spans,
    all: allSpansOf(sink),
    points,
    named,
    values: (name, attributes = {}) =>
      points
        .filter((point) => point.name === name && Object.entries(attributes).every(([key, value]) => point.attributes[key] === value))
        .map(({ value }) => value),
    numbers: (name, attribute) =>
      named(name)
        .map(({ attributes }) => Number(attributes[attribute]))
        .sort((a, b) => a - b),
  };
}

/** The app saw what it sees without us; what is told of it is one tree: one root, and none without what it hangs below. */
export function expectSameAsBare(seen: QueueSeen): void {
  expect(seen.bare).not.toBe('');
  expect({ code: seen.code, stdout: seen.stdout, stderr: seen.stderr }).toEqual({ code: 0, stdout: seen.bare, stderr: '' });
  const ids = seen.all.map(({ spanId }) => spanId);
  const roots = seen.all.filter(({ parentSpanId }) => parentSpanId === undefined || !ids.includes(parentSpanId));
  expect(roots.map(({ name }) => name)).toEqual(['invoke_workflow app']);
}

/** Four tasks of which two may run at once: two have waited, and each holds what was recorded in it. */
export function expectFourByTwo(seen: QueueSeen, type: string, pool: string): void {
  const tasks = seen.named(`run_task ${type}`);
  expect(tasks.map(({ attributes }) => [attributes['swarmscope.task.result'], attributes['swarmscope.pool.name']])).toEqual(
    tasks.map(() => ['success', pool]),
  );
  expect(tasks).toHaveLength(4);
  const waits = seen.numbers(`run_task ${type}`, 'swarmscope.task.queue.wait_time');
  expect(waits[2]).toBeGreaterThan(0.1);
  expect(waits[1]).toBeLessThan(waits[2] ?? 0);
  // A thread that its pool terminates while a request is on the wire has it sent again, with the same ids.
  const inner = new Map(seen.named('run_task inner').map(({ spanId, parentSpanId }) => [spanId, parentSpanId]));
  expect([...inner.values()].sort()).toEqual(tasks.map(({ spanId }) => spanId).sort());
}

/**
 * Its gauges: the limit, and how far it was used between two collections. `longest`: a library that starts jobs with the event
 * loop may be looked at before it does.
 */
export function expectGauges(seen: QueueSeen, pool: string, limit = 2, longest = 2): void {
  const peak = Math.max(...seen.values('swarmscope.queue.peak_size', { 'swarmscope.queue.name': pool }));
  const ofPool = { 'swarmscope.pool.name': pool };
  const ofQueue = { 'swarmscope.queue.name': pool };
  expect(new Set(seen.values('swarmscope.worker.limit', ofPool))).toEqual(new Set([limit]));
  expect(Math.max(...seen.values('swarmscope.worker.peak_count', ofPool))).toBe(limit);
  expect(peak).toBeGreaterThanOrEqual(2);
  expect(peak).toBeLessThanOrEqual(longest);
  expect(seen.values('swarmscope.queue.size', ofQueue).at(-1)).toBe(0);
  expect(seen.values('swarmscope.worker.utilization', ofPool).at(-1)).toBe(0);
  expect(seen.values('swarmscope.worker.time', { ...ofPool, 'swarmscope.worker.state': 'active' }).at(-1)).toBeGreaterThan(0.5);
}
