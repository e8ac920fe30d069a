/** Run files: what goes in comes back, in any order, and what cannot is counted. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { RunRow, SpanRow } from '../../../src/analysis/model.ts';
import type { MetricPointRow } from '../../../src/viewer/receive/rows/index.ts';
import { listRuns, openStore, readRun, removeOldRuns, runPath, startRunStore } from '../../../src/viewer/store/index.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'swarmscope-store-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const run = (id: string, startMs = 1_000): RunRow => ({
  id,
  name: 'demo',
  command: 'node',
  startMs,
  endMs: undefined,
  exitCode: undefined,
  signal: undefined,
});
const ended: SpanRow = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  parentSpanId: '00f067aa0ba902b7',
  name: 'run_task a',
  kind: 1,
  startMs: 1_000.25,
  endMs: 2_000.5,
  isError: true,
  attributes: { done: true, list: ['x'] },
  links: [{ traceId: '0af7651916cd43dd8448eb211c80319c', spanId: '1111111111111111' }],
  scopeName: 's',
  serviceName: 'swarm',
  pid: 7,
};
const open: SpanRow = { ...ended, endMs: undefined, isError: false, attributes: {}, links: [] };
const traces = (...spans: SpanRow[]) => ({ spans, losses: {} });
const starts = (...openSpans: SpanRow[]) => ({ logs: [], openSpans, spans: [], losses: {} });
const point = (timeMs: number, value: number, more: Partial<MetricPointRow> = {}): MetricPointRow => ({
  name: 'm',
  unit: '1',
  kind: 'gauge',
  isMonotonic: false,
  isDelta: false,
  attributes: {},
  instanceId: 'i',
  timeMs,
  value,
  ...more,
});

test('a run written to its private file is read back by id, by its beginning and as the latest', () => {
  const { store, warning } = startRunStore({ dataFolder: folder, run: run('run-1') });
  expect(warning).toBeUndefined();
  store.addTraces({ spans: [ended], losses: { 'span.bad-id': 2 } });
  store.addLogs({
    logs: [
      {
        timeMs: 5,
        eventName: 'api_request',
        body: undefined,
        severity: 9,
        traceId: undefined,
        spanId: undefined,
        attributes: { a: 1 },
        serviceName: 'claude-code',
      },
    ],
    openSpans: [],
    spans: [],
    losses: {},
  });
  store.addMetrics({ points: [point(1, 3)], losses: {} });
  store.startRun({ ...run('run-1'), pid: 42 });
  store.addLives([{ pid: 42, startMs: 1, endMs: 2.5 }]);
  store.endRun({ id: 'run-1', endMs: 9_000, exitCode: 3, signal: undefined });
  const before = store.loadRun();
  store.close();
  for (const name of ['run-1', 'run', 'latest']) expect(readRun(folder, name)).toEqual(before);
  expect(before.spans).toEqual([ended]);
  expect(before.run).toEqual({ ...run('run-1'), pid: 42, endMs: 9_000, exitCode: 3 });
  expect(before.lives).toEqual([{ pid: 42, startMs: 1, endMs: 2.5 }]);
  expect(before.losses).toEqual({ 'span.bad-id': 2 });
  expect(before.logs).toHaveLength(1);
  expect(before.series).toEqual([
    { name: 'm', unit: '1', kind: 'gauge', isMonotonic: false, attributes: {}, instanceId: 'i', points: [{ timeMs: 1, value: 3 }] },
  ]);
  expect(statSync(store.path).mode & 0o777).toBe(0o600);
  expect(statSync(dirname(store.path)).mode & 0o777).toBe(0o700);
});

test.each([
  [[starts(open)], [traces(ended)]],
  [[traces(ended)], [starts(open)]],
])('the ended span replaces the open one, in order %#', (first, second) => {
  const store = openStore(':memory:');
  for (const rows of [...first, ...second]) {
    if ('spans' in rows) store.addTraces(rows);
    else store.addLogs(rows);
  }
  expect(store.loadRun().spans).toEqual([ended]);
  store.close();
});

test('an open span whose end never came stays open', () => {
  const store = openStore(':memory:');
  store.addLogs(starts(open));
  expect(store.loadRun().spans).toEqual([open]);
  store.close();
});

test('a full run counts further spans and still ends the ones it knows', () => {
  const store = openStore(':memory:', { maxSpans: 1 });
  store.addLogs(starts(open));
  store.addTraces(traces(ended, { ...ended, spanId: 'b7ad6b7169203332' }));
  const { spans, losses } = store.loadRun();
  expect(spans).toEqual([ended]);
  expect(losses).toEqual({ 'span.store-full': 1 });
  store.close();
});

test('whose points and log records they are is read back, and two processes without a name are two series', () => {
  const store = openStore(':memory:');
  const owners = ['1', '2'].map((digit) => ({ traceId: 'a'.repeat(32), spanId: digit.repeat(16) }));
  const log = {
    timeMs: 5,
    eventName: 'e',
    body: undefined,
    severity: 9,
    traceId: undefined,
    spanId: undefined,
    attributes: {},
    serviceName: 's',
  };
  for (const owner of owners) store.addMetrics({ points: [point(1, 3, { owner })], losses: {} });
  store.addLogs({ logs: [{ ...log, owner: owners[0] }, log], openSpans: [], spans: [], losses: {} });
  const { series, logs } = store.loadRun();
  expect(series.map(({ owner }) => owner)).toEqual(owners);
  expect(logs.map(({ owner }) => owner)).toEqual([owners[0], undefined]);
  store.close();
});

test('the 0 of a counter that is said again after its values is no loss, an older value is', () => {
  const { store } = startRunStore({ dataFolder: folder, run: run('run-1') });
  const counter = (timeMs: number, value: number): MetricPointRow => point(timeMs, value, { kind: 'sum', isMonotonic: true });
  store.addMetrics({
    points: [counter(1_000, 0), counter(20_000, 5), counter(1_000, 0), counter(10_000, 3), point(30_000, 1), point(1_000, 0)],
    losses: {},
  });
  store.close();
  const { series, losses } = readRun(folder, 'run-1');
  expect(series.find(({ kind }) => kind === 'sum')?.points.at(-1)?.value).toBe(5);
  expect(losses).toEqual({ 'metric.out-of-order': 2 });
});

test('deltas add up, and a long gauge is thinned but keeps its last value and its peak', () => {
  const store = openStore(':memory:', { maxPoints: 16 });
  for (const timeMs of [1, 2, 3])
    store.addMetrics({ points: [point(timeMs, 5, { name: 'sum', kind: 'sum', isMonotonic: true, isDelta: true })], losses: {} });
  for (let timeMs = 1; timeMs <= 1_000; timeMs++) store.addMetrics({ points: [point(timeMs, timeMs === 777 ? 99 : 1)], losses: {} });
  const { series } = store.loadRun();
  expect(series[0]?.points.map(({ value }) => value)).toEqual([5, 10, 15]);
  const points = series[1]?.points ?? [];
  expect(points.length).toBeLessThanOrEqual(17);
  expect(points.at(-1)?.timeMs).toBe(1_000);
  expect(Math.max(...points.map(({ value, max }) => max ?? value))).toBe(99);
  store.close();
});

test('a file that is no database, and an id that leaves the folder, have their own codes', () => {
  const path = runPath(folder, 'broken');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, 'this is no database, only a long enough text '.repeat(50));
  expect(() => openStore(path)).toThrow(expect.objectContaining({ code: 'store_corrupt' }));
  expect(listRuns(folder)).toMatchObject([{ id: 'broken', run: undefined, problem: { code: 'store_corrupt' } }]);
  expect(() => runPath(folder, '../../etc')).toThrow(expect.objectContaining({ code: 'bad_run_id' }));
  expect(() => readRun(folder, 'nope')).toThrow(expect.objectContaining({ code: 'run_not_found' }));
});

test('when the folder cannot be made the run is kept in memory with a warning', () => {
  const file = join(folder, 'a-file');
  writeFileSync(file, '');
  chmodSync(file, 0o600);
  const { store, warning } = startRunStore({ dataFolder: file, run: run('run-1') });
  expect(warning).toContain('memory only');
  store.addTraces(traces(ended));
  expect(store.loadRun().spans).toHaveLength(1);
  store.close();
});

test('the oldest complete runs are removed, a running one and the kept one never', () => {
  for (let index = 1; index <= 5; index++) {
    const { store } = startRunStore({ dataFolder: folder, run: run(`run-${index}`, index) });
    if (index !== 2) store.endRun({ id: `run-${index}`, endMs: 10, exitCode: 0, signal: undefined });
    store.close();
  }
  expect(removeOldRuns({ dataFolder: folder, retention: { maxRuns: 2 }, keepId: 'run-1' })).toEqual(['run-3']);
  expect(listRuns(folder).map(({ id }) => id)).toEqual(['run-5', 'run-4', 'run-2', 'run-1']);
});

test('a run of an older version, without lives and without the id of its process, is read', () => {
  const { store } = startRunStore({ dataFolder: folder, run: run('run-old') });
  store.close();
  const database = new DatabaseSync(store.path);
  database.exec('DROP TABLE lives; ALTER TABLE run DROP COLUMN pid');
  database.close();
  expect(readRun(folder, 'run-old')).toMatchObject({ lives: [], run: { id: 'run-old', pid: undefined } });
});

test('ledgers are read with the spans that are stored of each sender, a span that came twice once', () => {
  const { store } = startRunStore({ dataFolder: folder, run: run('run-ledgers') });
  const sender = 'a1a1a1a1a1a1';
  store.addTraces(traces({ ...ended, sender }, { ...ended, spanId: 'b7ad6b7169203332', sender: 'b2b2b2b2b2b2' }));
  store.addTraces(traces({ ...ended, sender }));
  store.addLogs(starts({ ...open, spanId: 'b7ad6b7169203333', sender }));
  const nothing = { recorded: 0, sent: 0, left: 0, takenOver: 0, dropped: {} };
  const ledger = { sender, process: '7', isEnded: false, traces: { ...nothing, recorded: 3, dropped: { exit: 1 } }, logs: nothing };
  store.addLedgers([
    { ...ledger, traces: nothing },
    { ...ledger, sender: 'c3c3c3c3c3c3', isEnded: true },
  ]);
  store.addLedgers([ledger]);
  expect(store.loadRun().ledgers).toEqual([
    { ...ledger, sender: 'c3c3c3c3c3c3', isEnded: true, storedSpans: 0 },
    { ...ledger, storedSpans: 1 },
  ]);
  store.close();
  expect(readRun(folder, 'run-ledgers').ledgers).toHaveLength(2);
});

test('a file of an older version, without senders, takes what was left of its run', () => {
  const path = runPath(folder, 'run-old');
  const older = startRunStore({ dataFolder: folder, run: run('run-old') }).store;
  older.addTraces(traces(ended));
  older.close();
  const database = new DatabaseSync(path);
  database.exec('ALTER TABLE spans DROP COLUMN sender; DROP TABLE ledgers');
  database.close();
  expect(readRun(folder, 'run-old')).toMatchObject({ ledgers: [], spans: [{ spanId: ended.spanId }] });
  const store = openStore(path);
  store.addTraces(traces({ ...ended, spanId: 'b7ad6b7169203332', sender: 'a1a1a1a1a1a1' }));
  expect(store.loadRun().spans).toHaveLength(2);
  store.close();
});
