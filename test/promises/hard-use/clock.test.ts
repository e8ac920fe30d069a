/** The machine's clock is set while programs run: durations, the order of what happened and of runs stay true. */
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { RunData, SpanRow } from '../../../src/analysis/model.ts';
import { dataFolder } from '../../../src/config/folders.ts';
import { readSettings } from '../../../src/config/settings/index.ts';
import { listRuns, readRun } from '../../../src/viewer/index.ts';
import { commandFile, fakeClock, freshFolder, runProgram, setClock, startSink, testWith, type ProgramResult } from '../../harness/index.ts';
import { metricPointsOf, spansOf } from '../../harness/received.ts';
import { api, endpointOf, patient } from '../../e2e/programs.ts';
import { LIMIT_MS, PATIENT_MS } from '../endings/program.ts';

const HOUR_S = 3_600;
const YEAR_S = 365 * 24 * HOUR_S;

/** Sends a span of a program without the preload, which takes its times from the machine's clock. */
const program = `
const { withTask } = require(${api});
const { spawnSync } = require('node:child_process');
const { Worker } = require('node:worker_threads');
${setClock}
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
let ids = 0;
async function other(name, work) {
  const start = Date.now();
  await work();
  const end = Date.now();
  const id = String(++ids).padStart(16, '0');
  const span = { traceId: id + id, spanId: id, name, kind: 1, startTimeUnixNano: start + '000000', endTimeUnixNano: end + '000000' };
  await fetch(process.env.SWARMSCOPE_ENDPOINT + '/v1/traces', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: [{ resource: { attributes: [] }, scopeSpans: [{ scope: { name: 'other' }, spans: [span] }] }] }),
  });
}
(async () => {
  await withTask('before', () => other('other before', () => sleep(100)));
  await withTask('across', async () => {
    await sleep(50);
    setClock(Number(process.argv[2]));
    // The supervisor looks at the clock every 100 ms.
    await sleep(300);
  });
  await withTask('after', () => other('other after', () => sleep(100)));
  await withTask('git', async () => { spawnSync('git', ['init', '-q', 'r']); });
  await withTask('thread', () => new Promise((resolve) => new Worker('./thread.cjs').on('exit', resolve)));
  await withTask('process', async () => { spawnSync(process.execPath, ['child.cjs']); });
})();
`;
const within = (type: string): string => `require(${api}).withTask('${type}', () => new Promise((resolve) => setTimeout(resolve, 100)));`;
const files = { 'app.cjs': program, 'child.cjs': within('child'), 'thread.cjs': within('worker') };

async function underRun(
  env: Record<string, string>,
  args: readonly string[],
  home = freshFolder('home'),
): Promise<{ result: ProgramResult; data: RunData }> {
  const own = { HOME: home, XDG_DATA_HOME: join(home, 'data') };
  const result = await runProgram({
    files,
    command: process.execPath,
    args: [commandFile, 'run', '--quiet', '--', process.execPath, ...args],
    preload: 'none',
    env: { ...own, ...env },
    timeoutMs: LIMIT_MS,
  });
  return { result, data: readRun(dataFolder(readSettings(own)), 'latest') };
}

/** By name; a task by its type. */
function spanOf(spans: readonly SpanRow[], name: string): SpanRow & { endMs: number } {
  const found = spans.filter((span) => span.name === name || span.name === `run_task ${name}`);
  expect({ name, found: found.length }).toEqual({ name, found: 1 });
  return found[0] as SpanRow & { endMs: number };
}

/** Times of two programs meet within a clock's tick and the wait between two readings of it. */
const SLACK_MS = 50;

function expectInside(inner: SpanRow, outer: SpanRow): void {
  const before = inner.startMs - outer.startMs;
  const after = (outer.endMs ?? 0) - (inner.endMs ?? 0);
  const isInside = before > -SLACK_MS && after > -SLACK_MS;
  expect({ inner: inner.name, outer: outer.name, before, after, isInside }).toMatchObject({ isInside: true });
}

for (const [title, seconds, told] of [
  ['not touched', 0, {}],
  ['set back by 5 s', -5, { 'clock set back by 5.0 s': 1 }],
  ['set forward by an hour', HOUR_S, { 'clock set forward by 3600.0 s': 1 }],
  ['set back by two years', -2 * YEAR_S, { [`clock set back by ${2 * YEAR_S}.0 s`]: 1 }],
] as const)
  testWith(
    'faketime',
    `a run whose clock is ${title} lasts as long as it lasted, and all that happened in it has its place`,
    async () => {
      const startedMs = performance.now();
      const { result, data } = await underRun(fakeClock(), ['app.cjs', String(seconds)]);
      const realMs = performance.now() - startedMs;
      expect(result).toMatchObject({ code: 0 });
      const { run, spans, lives = [], losses } = data;
      const wallMs = (run.endMs ?? 0) - run.startMs;
      expect(wallMs).toBeGreaterThan(600);
      expect(wallMs).toBeLessThan(realMs);
      const order = ['before', 'across', 'after', 'git', 'thread', 'process'].map((name) => spanOf(spans, name));
      order.forEach((span, index) => {
        expect(span.startMs).toBeGreaterThanOrEqual(order[index - 1]?.endMs ?? run.startMs);
        expect(span.endMs).toBeLessThanOrEqual(run.endMs ?? 0);
      });
      const least = {
        before: 100,
        across: 350,
        after: 100,
        thread: 100,
        process: 100,
        child: 100,
        worker: 100,
        'other before': 99,
        'other after': 99,
      };
      for (const [name, ms] of Object.entries(least))
        expect([name, spanOf(spans, name).endMs - spanOf(spans, name).startMs >= ms - 1]).toEqual([name, true]);
      for (const [inner, outer] of [
        ['other before', 'before'],
        ['other after', 'after'],
        ['git init', 'git'],
        ['worker', 'thread'],
        ['child', 'process'],
      ] as const)
        expectInside(spanOf(spans, inner), spanOf(spans, outer));
      for (const { startMs, endMs } of lives) {
        expect(startMs).toBeGreaterThan(run.startMs - SLACK_MS);
        expect(endMs).toBeLessThan((run.endMs ?? 0) + 2_000);
        expect(endMs).toBeGreaterThanOrEqual(startMs);
      }
      const putRight = seconds === 0 ? {} : { 'time.put-right': expect.any(Number) };
      expect(losses).toEqual({ ...told, ...putRight });
    },
    PATIENT_MS,
  );

testWith(
  'faketime',
  'a run made under a clock two years ahead is not the latest once another one was made',
  async () => {
    const home = freshFolder('home');
    const first = await underRun(fakeClock(2 * YEAR_S), ['child.cjs'], home);
    expect(first.data.run.startMs).toBeGreaterThan(Date.now() + YEAR_S * 1_000);
    const second = await underRun({}, ['child.cjs'], home);
    const ids = listRuns(dataFolder(readSettings({ HOME: home, XDG_DATA_HOME: join(home, 'data') }))).map(({ id }) => id);
    expect(ids).toEqual([second.data.run.id, first.data.run.id]);
  },
  PATIENT_MS,
);

const daemon = `
const { withTask } = require(${api});
${setClock}
(async () => {
  await withTask('before', () => 1);
  await withTask('long', async () => {
    setClock(-${HOUR_S});
    await withTask('inner', () => new Promise((resolve) => setTimeout(resolve, 50)));
  });
  await withTask('after', () => require('node:child_process').spawnSync(process.execPath, ['child.cjs']));
})();
`;

testWith(
  'faketime',
  'without a run a trace keeps the clock that it began with, and the next one follows the clock that was set, its children too',
  async () => {
    const sink = await startSink();
    const env = { ...fakeClock(), ...endpointOf(sink), ...patient, SWARMSCOPE_TRACE_SCOPE: 'task' };
    const { code } = await runProgram({ files: { 'app.cjs': daemon, 'child.cjs': within('child') }, env, timeoutMs: LIMIT_MS });
    expect(code).toBe(0);
    const spans = spansOf(sink);
    const [before, long, inner, after, child] = ['before', 'long', 'inner', 'after', 'child'].map((name) => spanOf(spans, name)) as [
      SpanRow,
      SpanRow,
      SpanRow,
      SpanRow,
      SpanRow,
    ];
    for (const span of spans) expect((span.endMs ?? 0) - span.startMs).toBeLessThan(LIMIT_MS);
    expectInside(inner, long);
    expectInside(child, after);
    expect(long.startMs).toBeGreaterThanOrEqual(before.endMs ?? 0);
    const setBackMs = (long.endMs ?? 0) - after.startMs;
    expect(Math.abs(setBackMs - HOUR_S * 1_000)).toBeLessThan(2_000);
    // A series never goes back: backends refuse it.
    const times = metricPointsOf(sink).map(({ timeMs }) => timeMs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  },
  PATIENT_MS,
);

testWith(
  'unshare as root',
  "a process with a monotonic clock of its own (time namespace) goes by the machine's clock",
  async () => {
    const app = `require('node:child_process').spawnSync('unshare', ['--time', '--monotonic', '100000', '--boottime', '100000', '--fork', process.execPath, 'child.cjs']); ${within('parent')}`;
    const home = freshFolder('home');
    const own = { HOME: home, XDG_DATA_HOME: join(home, 'data') };
    const result = await runProgram({
      files: { 'app.cjs': app, 'child.cjs': within('child') },
      command: process.execPath,
      args: [commandFile, 'run', '--quiet', '--', process.execPath, 'app.cjs'],
      preload: 'none',
      env: own,
      timeoutMs: LIMIT_MS,
    });
    expect(result.code).toBe(0);
    const { spans, run } = readRun(dataFolder(readSettings(own)), 'latest');
    const child = spanOf(spans, 'child');
    expect(child.startMs).toBeGreaterThan(run.startMs);
    expect(child.endMs).toBeLessThan(run.endMs ?? 0);
    expect(child.endMs - child.startMs).toBeLessThan(LIMIT_MS);
  },
  PATIENT_MS,
);
