/** Each run has a folder of its own and a place in the order of runs, whatever the clock said when it was made. */
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { RunRow } from '../../../src/analysis/model.ts';
import { ownMark } from '../../../src/config/process-mark.ts';
import { newRunId } from '../../../src/cli/run/name.ts';
import { listRuns, readRun, removeOldRuns, runPath, startRunStore } from '../../../src/viewer/store/index.ts';

const YEAR_MS = 365 * 86_400_000;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'swo-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const row = (id: string, startMs: number): RunRow => ({
  id,
  name: id,
  command: 'node',
  startMs,
  endMs: undefined,
  exitCode: undefined,
  signal: undefined,
});

function store(id: string, startMs: number, isEnded = true): string {
  const started = startRunStore({ dataFolder: folder, run: row(id, startMs), newId: () => `${id}-2` });
  if (isEnded) started.store.endRun({ id: started.run.id, endMs: startMs + 1, exitCode: 0, signal: undefined });
  started.store.close();
  return started.run.id;
}

const ids = (): string[] => listRuns(folder).map(({ id }) => id);
const ownerOf = (id: string): string => join(dirname(runPath(folder, id)), 'owner.json');

test('the latest run is the one that was started last, also where an earlier one was made two years ahead', () => {
  const now = Date.now();
  store('usual', now - 10);
  store('ahead', now + 2 * YEAR_MS);
  store('behind', now - 30 * YEAR_MS);
  store('last', now);
  expect(ids()).toEqual(['last', 'behind', 'ahead', 'usual']);
  expect(readRun(folder, 'latest').run.id).toBe('last');
});

test('the oldest by that order is removed first, not the one with the oldest time', () => {
  store('ahead', Date.now() + 2 * YEAR_MS);
  store('behind', Date.now() - 2 * YEAR_MS);
  expect(removeOldRuns({ dataFolder: folder, retention: { maxRuns: 1 } })).toEqual(['ahead']);
});

test('what is kept beside a run counts with it', () => {
  store('large', Date.now());
  store('small', Date.now());
  writeFileSync(join(folder, 'runs', 'large', 'view.sqlite'), Buffer.alloc(5_000_000));
  expect(removeOldRuns({ dataFolder: folder, retention: { maxBytes: 4_000_000 } })).toEqual(['large']);
});

test('runs of older versions stand behind, in the order of their times', () => {
  for (const [id, startMs] of [
    ['old-2', 2],
    ['old-1', 1],
    ['old-3', 3],
  ] as const) {
    store(id, startMs);
    rmSync(ownerOf(id));
  }
  store('new', 0);
  expect(ids()).toEqual(['new', 'old-3', 'old-2', 'old-1']);
});

test('an owner file that is damaged, or says what cannot be, hides no run', () => {
  const damages = ['', '{"pid":', '{"sequence":9,"pid":0}', `{"sequence":1e300,"pid":1}`, '[]', 'x'.repeat(5_000)];
  damages.forEach((text, index) => {
    store(`run-${index}`, index);
    writeFileSync(ownerOf(`run-${index}`), text);
  });
  store('last', 0);
  expect(ids()).toEqual(['last', ...damages.map((_, index) => `run-${index}`).reverse()]);
});

test('two runs that draw one id get a folder each', () => {
  const first = startRunStore({ dataFolder: folder, run: row('same', 1), newId: () => 'another' });
  const second = startRunStore({ dataFolder: folder, run: row('same', 2), newId: () => 'another' });
  expect([first.run.id, second.run.id]).toEqual(['same', 'another']);
  for (const { store: each } of [first, second]) each.close();
  expect(ids()).toEqual(['another', 'same']);
});

test('a run that finds only taken ids is kept in memory and harms nobody', () => {
  store('same', 1);
  const before = readFileSync(runPath(folder, 'same'));
  const { store: second, warning } = startRunStore({ dataFolder: folder, run: row('same', 2), newId: () => 'same' });
  expect(warning).toContain('There is a run same already.');
  second.close();
  expect(readFileSync(runPath(folder, 'same'))).toEqual(before);
});

test('ids of runs that start in one second do not meet', () => {
  const now = new Date('2026-11-21T13:45:01.123Z');
  const made = new Set(Array.from({ length: 100_000 }, () => newRunId(now)));
  expect(made.size).toBe(100_000);
  expect([...made][0]).toMatch(/^20261121-134501-[0-9a-f]{16}$/);
});

test('a run without an end is removed when its process is gone, never while it lives, whatever its times say', () => {
  for (const id of ['living', 'dead', 'elsewhere', 'elsewhere-old', 'elsewhere-ahead', 'kept']) store(id, 1, false);
  const mark = (id: string, more: object): void => writeFileSync(ownerOf(id), JSON.stringify({ sequence: 1, ...ownMark(), ...more }));
  mark('dead', { pid: 4_194_305 });
  for (const id of ['elsewhere', 'elsewhere-old', 'elsewhere-ahead']) mark(id, { boot: 'another' });
  const age = (id: string, ageMs: number): void => {
    for (const suffix of ['', '-wal']) {
      const at = (Date.now() - ageMs) / 1_000;
      if (existsSync(runPath(folder, id) + suffix)) utimesSync(runPath(folder, id) + suffix, at, at);
    }
  };
  for (const id of ['living', 'dead', 'elsewhere-old']) age(id, YEAR_MS);
  age('elsewhere-ahead', -YEAR_MS);
  const removed = removeOldRuns({ dataFolder: folder, keepId: 'kept', retention: { maxRuns: 0 } });
  expect(removed.sort()).toEqual(['dead', 'elsewhere-ahead', 'elsewhere-old']);
});
