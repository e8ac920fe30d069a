// A run with more segments than are sent at once: what was found of it is kept beside it, and read in parts by a thread with little memory.
import { readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startReader, type RunReader } from '../../../src/viewer/index.ts';
import { dist, ensureBuilt, freshFolder } from '../../harness/index.ts';
import type { SpanDetail, Snapshot, SpansPage, TasksPage, Tiles } from '../../../src/viewer/wire.ts';
import { writeLargeRun } from './large-run.ts';

const ID = 'large';
const thread = pathToFileURL(join(dist, 'view-thread.mjs'));
const readers: RunReader[] = [];
let path: string;
/** Of the thread that read the whole run, before anything was kept. */
let first: Record<string, string>;

const asked = {
  snapshot: ['snapshot', ''],
  report: ['report', ''],
  pulse: ['pulse', ''],
  tasks: ['tasks', 'sort=cost&cursor=500'],
  whole: ['tiles', 'from=0&to=600000&px=1200&lanes=0-39'],
  part: ['tiles', 'from=30000&to=31000&px=1000&lanes=3-4'],
  task: ['spans', 'task=7'],
  trace: ['spans', `trace=${'ab'.repeat(16)}`],
  parent: ['spans', `parent=${'ab'.repeat(16)}/0000000000000001`],
  span: ['span', `trace=${'ab'.repeat(16)}&span=0000000000000003`],
} as const;

function reader(oldMb?: number): RunReader {
  const made = startReader(thread, oldMb === undefined ? {} : { maxOldGenerationSizeMb: oldMb });
  readers.push(made);
  return made;
}

async function answers(of: RunReader, path: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [name, [what, query]] of Object.entries(asked)) {
    const { status, body } = await of.ask({ what, query, path, id: ID });
    expect([name, status, status === 200 ? '' : body.toString('utf8')]).toEqual([name, 200, '']);
    found[name] = body.toString('utf8');
  }
  return found;
}

beforeAll(async () => {
  ensureBuilt();
  path = writeLargeRun(freshFolder('large'), ID, { spans: 110_000, lanes: 40, perTask: 24 });
  const whole = reader();
  first = { snapshot: (await whole.ask({ what: 'snapshot', query: '', path, id: ID })).body.toString('utf8') };
  // The next answer of this thread comes when it has kept what it found.
  await whole.ask({ what: 'pulse', query: '', path, id: ID });
});

afterAll(async () => {
  for (const each of readers) await each.close();
});

describe('a run of more than 200,000 segments', () => {
  test('is sent with the shortest merged, and says so', () => {
    const { g, mergedMs, notes, tasks } = JSON.parse(first['snapshot'] ?? '') as Snapshot;
    expect(g.l.length).toBeGreaterThan(100_000);
    expect(g.l.length).toBeLessThanOrEqual(200_000);
    expect(tasks.id).toHaveLength(4_400);
    expect(notes).toEqual([
      expect.stringMatching(/^\d{6} segments are too many to be sent at once: those up to \d+ ms are part of the one/),
    ]);
    expect(mergedMs).toBeGreaterThan(0);
  });

  test('is read again from what was kept, in a thread whose memory would not hold it', async () => {
    const small = await answers(reader(48), path);
    expect(small['snapshot']).toBe(first['snapshot']);
    expect(statSync(join(dirname(path), 'view.sqlite')).mode & 0o777).toBe(0o600);
    const report = JSON.parse(small['report'] ?? '') as { report: { spanCount: number; unread: unknown[] } };
    expect([report.report.spanCount, report.report.unread]).toEqual([110_000, []]);
    first = small;
  });

  test('has each pixel of a stretch of time from all of its segments', () => {
    const { rows } = JSON.parse(first['part'] ?? '') as Tiles;
    // 80 of 120 ms in one of three kinds, the rest in none.
    for (const row of rows) expect([...row].filter((letter) => letter === [...row].at(-1)).length).toBeLessThan(700);
    expect(new Set(rows.join('')).size).toBeGreaterThanOrEqual(4);
    const whole = JSON.parse(first['whole'] ?? '') as Tiles;
    expect(whole.rows).toHaveLength(40);
  });

  test('has its tasks, their spans and their attributes', () => {
    const tasks = JSON.parse(first['tasks'] ?? '') as TasksPage;
    expect([tasks.total, tasks.tasks.length, tasks.next]).toEqual([4_400, 500, '1000']);
    expect((JSON.parse(first['task'] ?? '') as SpansPage).spans).toHaveLength(25);
    const all = JSON.parse(first['trace'] ?? '') as SpansPage;
    expect([all.total, all.spans.length]).toEqual([110_000, 500]);
    expect((JSON.parse(first['parent'] ?? '') as SpansPage).spans.map(({ class: kind }) => kind).slice(0, 3)).toEqual([
      'llm',
      'tool',
      'wait',
    ]);
    const span = JSON.parse(first['span'] ?? '') as SpanDetail;
    expect(span.ancestors.map(({ name }) => name)).toEqual(['run_task implement']);
    expect(span.attributes).toContainEqual(expect.objectContaining({ name: 'gen_ai.tool.name', value: 'read' }));
  });
});

test('a run is read anew, and kept anew, where what was kept is damaged, or of another state of the run', async () => {
  const small = writeLargeRun(freshFolder('kept'), ID, { spans: 10_000, lanes: 4, perTask: 40 });
  const file = join(dirname(small), 'view.sqlite');
  const found = await answers(reader(), small);
  const writtenMs = statSync(file).mtimeMs;
  expect(await answers(reader(48), small)).toEqual(found);
  expect(statSync(file).mtimeMs).toBe(writtenMs);
  const bytes = readFileSync(file);
  bytes.fill(7, 4_096);
  writeFileSync(file, bytes);
  expect(await answers(reader(), small)).toEqual(found);
  expect(readFileSync(file).equals(bytes)).toBe(false);
  const again = statSync(file).mtimeMs;
  utimesSync(small, 1, 1);
  await answers(reader(), small);
  expect(statSync(file).mtimeMs).not.toBe(again);
});
