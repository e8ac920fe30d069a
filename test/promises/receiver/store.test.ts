// The store says clearly what is corrupt, locked, full or another user's, and the user's command goes on undisturbed.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from '@jest/globals';
import type { SpanRow } from '../../../src/analysis/model.ts';
import { listRuns, openStore, readRun, removeOldRuns, runPath, startRunStore } from '../../../src/viewer/store/index.ts';
import { command, place, run, untouched } from './place.ts';

const span: SpanRow = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  parentSpanId: undefined,
  name: 'run_task a',
  kind: 1,
  startMs: 1_700_000_000_000,
  endMs: 1_700_000_001_000,
  isError: false,
  attributes: { text: 'x'.repeat(2_000) },
  links: [],
  scopeName: 's',
  serviceName: 'swarm',
  pid: 7,
};
const begun = (id: string): Parameters<typeof startRunStore>[0]['run'] => ({
  id,
  name: 'good',
  command: 'node',
  startMs: 1_700_000_000_000,
  endMs: undefined,
  exitCode: undefined,
  signal: undefined,
});

function goodRun(data: string, id: string): string {
  const { store } = startRunStore({ dataFolder: data, run: begun(id) });
  store.addTraces({
    spans: Array.from({ length: 50 }, (_, index) => ({ ...span, spanId: `b7ad6b71692${String(10_000 + index)}` })),
    losses: {},
  });
  store.endRun({ id, endMs: 1_700_000_002_000, exitCode: 0, signal: undefined });
  store.close();
  return runPath(data, id);
}

const endlessView = `
  ALTER TABLE run RENAME TO kept;
  CREATE VIEW run AS WITH RECURSIVE endless(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM endless)
  SELECT id, name, command, start_ms, end_ms, exit_code, signal, pid FROM kept, endless WHERE n < 0;`;

describe('a run file that is', () => {
  const spoil: readonly (readonly [string, (file: string) => void, string])[] = [
    ['random bytes', (file) => writeFileSync(file, Buffer.alloc(9_000, 'q7!')), 'store_corrupt'],
    ['empty', (file) => truncateSync(file, 0), 'store_corrupt'],
    ['cut in the middle', (file) => truncateSync(file, Math.floor(statSync(file).size / 2)), 'store_corrupt'],
    ['overwritten in the middle', (file) => overwrite(file), 'store_corrupt'],
    ['of a later version', (file) => change(file, 'PRAGMA user_version = 99'), 'store_newer'],
    ["another program's database", (file) => replace(file, 'CREATE TABLE notes (id INTEGER); PRAGMA user_version = 1'), 'store_odd'],
    [
      "another program's database with a table of our name",
      (file) => replace(file, 'CREATE TABLE run (id INTEGER); INSERT INTO run VALUES (1)'),
      'store_corrupt',
    ],
    [
      'whole but for one attribute that is no JSON',
      (file) => change(file, "UPDATE spans SET attributes = '{' WHERE rowid = 7"),
      'store_corrupt',
    ],
    ['a folder', (file) => folderInstead(file), 'store_odd'],
    ['a FIFO', (file) => fifoInstead(file), 'store_odd'],
    ['beside a FIFO that has the name of its journal', (file) => fifoInstead(`${file}-wal`), 'store_odd'],
    ['a link to an endless device', (file) => linkInstead(file, '/dev/zero'), 'store_odd'],
    ['a link to another run', (file) => linkInstead(file, file.replace('bad-', 'good-')), 'store_odd'],
    ['one with an endless view in the place of a table', (file) => change(file, endlessView), 'store_odd'],
    ['one with a view beside the tables', (file) => change(file, 'CREATE VIEW mine AS SELECT 1'), 'store_odd'],
    ['one with a trigger', (file) => change(file, 'CREATE TRIGGER t AFTER INSERT ON logs BEGIN DELETE FROM run; END'), 'store_odd'],
    [
      'one with a column that is computed',
      (file) => change(file, 'ALTER TABLE run ADD COLUMN large BLOB GENERATED ALWAYS AS (zeroblob(900000000)) VIRTUAL'),
      'store_odd',
    ],
  ];

  test.each(spoil)('%s gets an error code of its own and hides no other run', (_title, harm, code) => {
    const { data } = place();
    goodRun(data, 'good-1');
    harm(goodRun(data, 'bad-1'));
    expect(() => readRun(data, 'bad-1')).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(/bad-1.* (?:is|was|cannot) /) }),
    );
    expect(readRun(data, 'good-1')).toMatchObject({ run: { exitCode: 0 } });
    expect(listRuns(data).map(({ id }) => id)).toEqual(expect.arrayContaining(['good-1', 'bad-1']));
  });

  test('report, runs and doctor each say clearly what is wrong with it', async () => {
    const { data, env } = place();
    goodRun(data, 'good');
    spoil.forEach(([, harm], index) => harm(goodRun(data, `bad-${index}`)));
    for (const id of ['bad-0', 'bad-4', 'bad-7']) {
      const report = await command(env, 'report', id);
      expect(report).toMatchObject({ code: 1, stdout: '' });
      expect(report.stderr).toMatch(/^swarmscope: The run file .*bad-\d.* (?:is|was|cannot) [^\n]*\n$/);
    }
    expect(await command(env, 'report', 'good')).toMatchObject({ code: 0, stderr: '' });
    const runs = await command(env, 'runs');
    expect(runs).toMatchObject({ code: 0, stderr: '' });
    expect(runs.stdout.match(/^.*(?:good|bad-\d).*$/gm)).toHaveLength(1 + spoil.length);
    expect((await command(env, 'doctor')).stderr).toBe('');
  });
});

describe('a locked run file', () => {
  test('is tried again while the run lasts, and what came meanwhile is written when the lock is released', async () => {
    const { data } = place();
    const { store } = startRunStore({ dataFolder: data, run: begun('run-1') });
    const other = new DatabaseSync(store.path);
    other.exec('BEGIN IMMEDIATE');
    store.addTraces({ spans: [span], losses: {} });
    store.flush();
    expect(store.problem).toMatchObject({ code: 'store_locked' });
    other.exec('COMMIT');
    other.close();
    expect(store.loadRun()).toMatchObject({ spans: [{ name: 'run_task a' }], losses: {} });
    store.close();
  });

  test('that stays locked to the end loses rows, which are counted', () => {
    const { data } = place();
    const { store } = startRunStore({ dataFolder: data, run: begun('run-1') });
    const other = new DatabaseSync(store.path);
    other.exec('BEGIN IMMEDIATE');
    store.addTraces({ spans: [span, { ...span, spanId: 'b7ad6b7169203332' }], losses: {} });
    expect(store.loadRun()).toMatchObject({ spans: [], losses: { 'span.store_locked': 2 } });
    other.close();
    store.close();
  });

  test('cannot be read, and report says which process must end', async () => {
    const { data, env } = place();
    const other = new DatabaseSync(goodRun(data, 'run-1'));
    other.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; UPDATE run SET name = name');
    const report = await command(env, 'report', 'latest');
    expect(report).toMatchObject({ code: 1, stdout: '' });
    expect(report.stderr).toMatch(/in use by another process; wait until it ends/);
    expect((await command(env, 'runs')).stdout).toMatch(/run-1 .*unreadable: store_locked/);
    other.close();
    expect(await command(env, 'report', 'latest')).toMatchObject({ code: 0 });
  });
});

describe('space on the disk', () => {
  test('a run that reaches its largest size counts what came later and still records how it ended', () => {
    const { data } = place();
    const path = runPath(data, 'run-1');
    const store = openStore(path, { maxBytes: 400_000 });
    store.startRun(begun('run-1'));
    for (let part = 0; part < 20; part++) {
      store.addTraces({
        spans: Array.from({ length: 20 }, (_, index) => ({ ...span, spanId: `${String(part * 100 + index + 1).padStart(16, 'a')}` })),
        losses: {},
      });
      store.flush();
    }
    store.endRun({ id: 'run-1', endMs: 1_700_000_002_000, exitCode: 3, signal: undefined });
    const { spans, losses, run: row } = store.loadRun();
    store.close();
    expect(spans.length + (losses['span.store_full'] ?? 0)).toBe(400);
    expect(losses['span.store_full']).toBeGreaterThan(100);
    expect(row).toMatchObject({ exitCode: 3 });
    expect(statSync(path).size).toBeLessThanOrEqual(400_000);
  });

  test('a disk that becomes full during a run does not disturb the command, and the report shows what was lost', async () => {
    const here = place();
    // Files of at most 700 KiB, and no signal at that size: what a full disk looks like to one process.
    const result = await run(here, "trap '' XFSZ; ulimit -f 700", { TASKS: '6000' });
    expect(result).toMatchObject(untouched);
    expect(result.stderr).toMatch(/Lost on the way[^]*store_/);
    expect(statSync(join(here.data, 'runs', readdirSync(join(here.data, 'runs'))[0] ?? '', 'run.sqlite')).size).toBeLessThanOrEqual(
      700 * 1024,
    );
  });

  test('the oldest complete runs are removed when there are too many or they are too large, whether or not others are corrupt', () => {
    const { data } = place();
    for (let index = 1; index <= 6; index++) goodRun(data, `run-${index}`);
    writeFileSync(runPath(data, 'run-3'), 'broken');
    const kept = removeOldRuns({ dataFolder: data, retention: { maxBytes: 300_000 }, keepId: 'run-1', nowMs: Date.now() + 48 * 3_600_000 });
    expect(kept.length).toBeGreaterThan(0);
    const bytes = listRuns(data).reduce((sum, { bytes: each }) => sum + each, 0);
    expect(bytes).toBeLessThanOrEqual(300_000 + statSync(runPath(data, 'run-1')).size);
    expect(existsSync(runPath(data, 'run-1'))).toBe(true);
  });
});

function overwrite(file: string): void {
  const bytes = readFileSync(file);
  writeFileSync(file, Buffer.concat([bytes.subarray(0, 4_096), Buffer.alloc(bytes.length - 4_096, 0xff)]));
}

function change(file: string, sql: string): void {
  const database = new DatabaseSync(file);
  database.exec(sql);
  database.close();
}

function replace(file: string, sql: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
  change(file, sql);
}

function fifoInstead(file: string): void {
  rmSync(file, { force: true });
  execFileSync('mkfifo', [file]);
}

function linkInstead(file: string, target: string): void {
  rmSync(file);
  symlinkSync(target, file);
}

function folderInstead(file: string): void {
  rmSync(file);
  mkdirSync(file);
}
