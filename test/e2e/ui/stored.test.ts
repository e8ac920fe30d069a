/** `swarmscope ui` over stored runs: what it serves equals what `report --json` prints, and bad input is told in words. */
import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { RunReport } from '../../../src/analysis/index.ts';
import { runPath } from '../../../src/viewer/store/index.ts';
import type {
  ReportAnswer,
  ReviewAnswer,
  RunsPage,
  Snapshot,
  SpanDetail,
  SpansPage,
  TasksPage,
  Tiles,
  WireError,
} from '../../../src/viewer/wire.ts';
import { randomRun } from '../../analysis/random-runs.ts';
import { commandFile, runProgram } from '../../harness/index.ts';
import { segmentsOf, timeBy } from './picture-of.ts';
import { dataHome, reportOf, serve, store } from './served.ts';

const SEEDS = [1, 2, 4, 7, 9, 15, 21, 31, 47, 63];
const named = (seed: number) => {
  const data = randomRun(seed);
  return { ...data, run: { ...data.run, id: `run-${seed}` } };
};

test('the numbers and the lanes of every stored run are those of its report', async () => {
  const home = dataHome();
  for (const seed of SEEDS) store(home, named(seed));
  const served = await serve(home);
  for (const seed of SEEDS) {
    const report = (await reportOf(home, `run-${seed}`)) as RunReport;
    const snapshot = await served.get<Snapshot>(`/api/runs/run-${seed}/snapshot`);
    const answer = await served.get<ReportAnswer>(`/api/runs/run-${seed}/report`);
    expect({ schemaVersion: 1, ...answer.report }).toEqual(report);
    expect(answer.text).toContain('demo');
    const { totals, lanes, tasks } = snapshot;
    expect([lanes.count, lanes.kind, totals.spans, totals.peak]).toEqual([
      report.lanes.count,
      report.lanes.kind,
      report.spanCount,
      report.parallelism.peak,
    ]);
    expect([tasks.id.length, totals.llm.calls, totals.refused.count]).toEqual([
      report.lanes.occupants,
      report.usage.calls,
      report.trouble.rateLimited.count,
    ]);
    expect([totals.tokens?.input, totals.cost?.amount]).toEqual([report.usage.tokens.input, report.usage.cost.amount]);
    expect(totals.byCategory).toEqual(report.laneTime.byCategory);
    const shown = timeBy(segmentsOf(snapshot));
    // Each segment is rounded to whole milliseconds at both of its ends.
    const slackMs = segmentsOf(snapshot).length;
    for (const { category, ms } of report.laneTime.byCategory)
      expect(Math.abs((shown.get(category) ?? 0) - ms)).toBeLessThanOrEqual(slackMs);
  }
  await served.stop();
});

test('segments of a lane follow each other, and each belongs to a task of that lane', async () => {
  const home = dataHome();
  store(home, named(15));
  const served = await serve(home);
  const snapshot = await served.get<Snapshot>('/api/runs/run-15/snapshot');
  const last = new Map<number, number>();
  for (const { lane, start, end, task } of segmentsOf(snapshot)) {
    expect(start).toBeGreaterThanOrEqual(last.get(lane) ?? 0);
    expect(end).toBeGreaterThan(start);
    if (task >= 0) expect(snapshot.tasks.lane[task]).toBe(lane);
    last.set(lane, end);
  }
  await served.stop();
});

test('tasks, spans, one span and tiles come by pages', async () => {
  const home = dataHome();
  store(home, named(15));
  const served = await serve(home);
  const { report } = await served.get<ReportAnswer>('/api/runs/run-15/report');
  const tasks = await served.get<TasksPage>('/api/runs/run-15/tasks?sort=duration');
  expect(tasks.total).toBe(report.lanes.occupants);
  expect(tasks.tasks[0]?.durationMs).toBe(report.slowest[0]?.durationMs);
  expect(tasks.tasks[0]?.byCategory).toEqual(report.slowest[0]?.breakdown);
  const all = await served.get<SpansPage>('/api/runs/run-15/spans');
  expect(all.total).toBe(report.spanCount);
  const starts = all.spans.map(({ start }) => start);
  expect(starts).toEqual(starts.toSorted((a, b) => a - b));
  const of = await served.get<SpansPage>(`/api/runs/run-15/spans?task=${tasks.tasks[0]?.row ?? 0}`);
  expect(of.total).toBe(tasks.tasks[0]?.spans);
  const call = all.spans.find(({ class: kind, parent }) => kind === 'llm' && parent !== undefined);
  const children = await served.get<SpansPage>(`/api/runs/run-15/spans?parent=${call?.trace ?? ''}/${call?.parent ?? ''}`);
  expect(children.spans.map(({ id }) => id)).toContain(call?.id);
  const tiles = await served.get<Tiles>('/api/runs/run-15/tiles?from=0&to=100000&px=50&lanes=0-0');
  expect(tiles.rows).toHaveLength(1);
  expect(tiles.rows[0]).toMatch(/^[A-R.]{50}$/);
  for (const bad of ['tiles?from=5&to=1&px=5', 'tiles?from=0&to=9&px=99999', 'spans?task=999', 'nothing', 'spans?parent=a/b'])
    expect((await served.ask(`/api/runs/run-15/${bad}`)).status).toBe(404);
  const pages = await served.ask(`/api/runs/run-15/spans/${'a'.repeat(32)}/1111111111111111`);
  expect(pages.status).toBe(404);
  await served.stop();
});

test('a span of hexadecimal ids is told whole, and a very long value is cut and said to be', async () => {
  const home = dataHome();
  const base = named(15);
  const trace = 'ab'.repeat(16);
  const inner = { ...(base.spans[0] as (typeof base.spans)[number]), traceId: trace, spanId: 'cd'.repeat(8), parentSpanId: undefined };
  const long = '<script>alert(1)</script>'.repeat(10_000);
  store(home, {
    ...base,
    spans: [...base.spans, { ...inner, name: long, attributes: { 'gen_ai.input.messages': long, 'error.type': 'x' } }],
  });
  const served = await serve(home);
  const detail = await served.get<SpanDetail>(`/api/runs/run-15/spans/${trace}/${'cd'.repeat(8)}`);
  expect(detail.name.length).toBeLessThan(600);
  const [kind, messages] = detail.attributes;
  expect(kind).toEqual({ name: 'error.type', value: 'x', content: 'name' });
  expect([messages?.content, messages?.cutOf, String(messages?.value).length]).toEqual(['content', long.length, 65_536]);
  await served.stop();
});

/** The same, so many milliseconds after. */
function later<T extends ReturnType<typeof named>>(data: T, ms: number): T {
  const moved = (at: number | undefined): number | undefined => (at === undefined ? undefined : at + ms);
  return {
    ...data,
    run: { ...data.run, startMs: data.run.startMs + ms, endMs: moved(data.run.endMs) },
    spans: data.spans.map((span) => ({ ...span, startMs: span.startMs + ms, endMs: moved(span.endMs) })),
    series: [],
  };
}

test('a review of runs has the figures that swarmscope review prints, beside as many runs before', async () => {
  const home = dataHome();
  for (const [at, seed] of [1, 4, 15].entries()) {
    const data = named(seed);
    store(home, later({ ...data, run: { ...data.run, id: `run-${at + 1}` } }, at * 3_600_000));
  }
  const served = await serve(home);
  const { review } = await served.get<ReviewAnswer>('/api/review?runs=run-3');
  const printed = await runProgram({
    ...{ file: commandFile, preload: 'none', env: { XDG_DATA_HOME: home } },
    args: ['review', '--since', 'run-2', '--json', '-'],
  });
  const told = JSON.parse(printed.stdout) as ReviewAnswer['review'];
  for (const part of ['figures', 'perTask', 'slower', 'findings', 'changes'] as const)
    expect([part, review[part]]).toEqual([part, told[part]]);
  expect([review.phase.runs, review.before?.runs]).toEqual([1, 1]);
  const first = await served.get<ReviewAnswer>('/api/review?runs=run-1,run-2');
  expect([first.review.phase.runs, first.review.before]).toEqual([2, undefined]);
  const unknown = await served.ask('/api/review?runs=run-1,none');
  expect([unknown.status, (unknown.json as WireError).error]).toEqual([404, 'run_not_found']);
  const many = await served.ask(`/api/review?runs=${Array.from({ length: 51 }, () => 'run-1').join(',')}`);
  expect([many.status, (many.json as WireError).error]).toEqual([413, 'too_large']);
  await served.stop();
});

test('a list of runs says how each ended, and what cannot be read and why', async () => {
  const home = dataHome();
  const data = named(1);
  store(home, data);
  store(home, { ...data, run: { ...data.run, id: 'killed', endMs: undefined, exitCode: undefined } });
  store(home, { ...data, run: { ...data.run, id: 'living', endMs: undefined, exitCode: undefined } }, true);
  store(home, { ...data, run: { ...data.run, id: 'empty' }, spans: [] });
  store(home, { ...data, run: { ...data.run, id: 'damaged' } });
  const damaged = runPath(join(home, 'swarmscope'), 'damaged');
  for (const suffix of ['-wal', '-shm']) rmSync(damaged + suffix, { force: true });
  writeFileSync(damaged, 'this is no database, and it is longer than a header of one: '.repeat(20));
  const served = await serve(home);
  const { runs, total } = await served.get<RunsPage>('/api/runs');
  expect(total).toBe(5);
  expect(Object.fromEntries(runs.map(({ id, state }) => [id, state]))).toEqual({
    'run-1': 'ended',
    killed: 'cut',
    living: 'live',
    empty: 'ended',
    damaged: 'unreadable',
  });
  expect(runs.find(({ id }) => id === 'damaged')?.problem?.code).toBe('store_corrupt');
  const refused = await served.ask('/api/runs/damaged/snapshot');
  expect([refused.status, (refused.json as WireError).error]).toEqual([409, 'store_corrupt']);
  const empty = await served.get<Snapshot>('/api/runs/empty/snapshot');
  expect([empty.tasks.id, empty.g.l, empty.totals.spans, empty.totals.tokens, empty.totals.cost]).toEqual([
    [],
    [],
    0,
    undefined,
    undefined,
  ]);
  const killed = await served.get<Snapshot>('/api/runs/killed/snapshot');
  expect([killed.run.state, killed.verdict.word, killed.verdict.rule]).toEqual(['cut', 'no', 'cut']);
  expect((await served.get<Snapshot>('/api/runs/living/snapshot')).run.state).toBe('live');
  await served.stop();
});

test('the stream of an ended run is one frame, and that of a run which goes on says when to fetch it again', async () => {
  const home = dataHome();
  const data = named(1);
  store(home, data);
  const going = { ...data, run: { ...data.run, id: 'living', endMs: undefined, exitCode: undefined } };
  store(home, going, true);
  const served = await serve(home);
  const whole = await served.ask('/api/runs/run-1/stream');
  expect(whole.text.trim().split('\n')).toHaveLength(1);
  expect(JSON.parse(whole.text)).toMatchObject({ end: { id: 'run-1', state: 'ended' } });
  const living = served.ask('/api/runs/living/stream');
  await served.get('/api/runs/living/snapshot');
  store(home, { ...going, run: { ...going.run, endMs: data.run.endMs, exitCode: 3 } });
  const frames = (await living).text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as object);
  expect(frames.at(-1)).toMatchObject({ end: { exitCode: 3 } });
  await served.stop();
});

test('a run that is deleted while the page looks at it is said to be gone', async () => {
  const home = dataHome();
  store(home, named(1));
  const served = await serve(home);
  await served.get('/api/runs/run-1/snapshot');
  rmSync(dirname(runPath(join(home, 'swarmscope'), 'run-1')), { recursive: true });
  const gone = await served.ask('/api/runs/run-1/snapshot');
  expect([gone.status, (gone.json as WireError).error]).toEqual([404, 'run_not_found']);
  expect((await served.get<RunsPage>('/api/runs')).runs).toEqual([]);
  await served.stop();
});

test('without any run the page is served, and a run that is not there is refused by name', async () => {
  const home = dataHome();
  const served = await serve(home);
  expect((await served.get<RunsPage>('/api/runs')).runs).toEqual([]);
  expect((await served.ask('/', { authorization: undefined })).status).toBe(200);
  await served.stop();
  const none = await runProgram({ file: commandFile, preload: 'none', args: ['ui', 'no-such'], env: { XDG_DATA_HOME: home } });
  expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('No run is stored yet')]);
});

test('two servers look at one store, each with its own token', async () => {
  const home = dataHome();
  store(home, named(1));
  const [one, two] = [await serve(home), await serve(home, ['run-1'])];
  expect((await one.get<RunsPage>('/api/runs')).opens).toBeUndefined();
  expect((await two.get<RunsPage>('/api/runs')).opens).toBe('run-1');
  expect((await two.ask('/api/runs', { authorization: `Bearer ${one.token}` })).status).toBe(401);
  await one.stop();
  expect((await two.ask('/api/runs/run-1/snapshot')).status).toBe(200);
  await two.stop();
});

test('a port in use ends with 1, and a free one that was asked for is taken', async () => {
  const home = dataHome();
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as AddressInfo;
  const refused = await runProgram({
    file: commandFile,
    preload: 'none',
    args: ['ui', '--ui-port', String(port)],
    env: { XDG_DATA_HOME: home },
  });
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining(`Port ${port} is in use`)]);
  await new Promise((resolve) => other.close(resolve));
  const served = await serve(home, ['--ui-port', String(port)]);
  expect(served.port).toBe(port);
  await served.stop();
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s ends it, also while a stream is open', async (signal) => {
  const home = dataHome();
  const data = named(1);
  store(home, { ...data, run: { ...data.run, endMs: undefined, exitCode: undefined } }, true);
  const served = await serve(home);
  const cut = served.ask('/api/runs/run-1/stream').catch(() => undefined);
  await served.get('/api/runs');
  served.program.child.kill(signal);
  expect((await served.program.finished).code).toBe(0);
  await cut;
});

test('a run that has grown since is read anew', async () => {
  const home = dataHome();
  const data = named(1);
  store(home, { ...data, spans: data.spans.slice(0, 2) });
  const served = await serve(home);
  const before = await served.get<Snapshot>('/api/runs/run-1/snapshot');
  store(home, data);
  appendFileSync(join(dirname(runPath(join(home, 'swarmscope'), 'run-1')), 'note'), 'x');
  const after = await served.get<Snapshot>('/api/runs/run-1/snapshot');
  expect([before.totals.spans, after.totals.spans]).toEqual([2, data.spans.length]);
  await served.stop();
});
