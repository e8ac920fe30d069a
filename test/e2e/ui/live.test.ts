/** `swarmscope run --ui`: a run is followed from its first span to its report, and costs the program nothing. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { RunReport } from '../../../src/analysis/index.ts';
import type {
  Frame,
  Frames,
  Pulse,
  ReportAnswer,
  RunsPage,
  Snapshot,
  SpanDetail,
  SpansPage,
  TasksPage,
  Tiles,
} from '../../../src/viewer/wire.ts';
import { commandFile, ensureBuilt, freshFolder, runProgram, startProgram, type RunningProgram } from '../../harness/index.ts';
import { api } from '../programs.ts';
import { Follower } from './picture-of.ts';
import { addressOf, dataHome, reportOf, servedBy, type Served } from './served.ts';

/** Three tasks: one works, one waits for a person until the file is there, one fails. Its exit code is 3. */
const swarm = (go: string): string => `
const { existsSync } = require('node:fs');
const { withTask, withTool, wait } = require(${api});
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const until = async () => { while (!existsSync(${JSON.stringify(go)})) await pause(20); };
const work = withTask({ type: 'work', id: 'one' }, async () => {
  while (!existsSync(${JSON.stringify(go)})) { await withTool('read', () => pause(30)); await pause(20); }
});
const asks = withTask({ type: 'ask', id: 'two' }, () => wait('human', until));
const fails = withTask({ type: 'fail', id: 'three' }, async () => { await pause(100); throw new Error('on purpose'); }).catch(() => undefined);
Promise.all([work, asks, fails]).then(() => pause(100)).then(() => { process.exitCode = 3; });
`;

interface Running {
  readonly served: Served;
  readonly home: string;
  readonly go: string;
  readonly program: RunningProgram;
}

async function start(args: readonly string[] = []): Promise<Running> {
  ensureBuilt();
  const home = dataHome();
  const go = join(freshFolder('go'), 'go');
  const file = join(freshFolder('swarm'), 'swarm.js');
  writeFileSync(file, swarm(go));
  const program = startProgram({
    file: commandFile,
    preload: 'none',
    args: ['run', '--ui', '--quiet', '--name', 'live', ...args, '--', process.execPath, file],
    env: { XDG_DATA_HOME: home },
  });
  const [, port = '', token = ''] = await addressOf(program);
  return { served: servedBy(program, Number(port), token), home, go, program };
}

/** Asks again until it is so. */
async function eventually<T>(ask: () => Promise<T>, isIt: (found: T) => boolean): Promise<T> {
  for (;;) {
    const found = await ask();
    if (isIt(found)) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Resolves with the frames once the stream ends. */
function follow({ served }: Running, id: string, seq: number, onFrame: (frame: Frame) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const path = `/api/runs/${id}/stream?from=${seq}`;
    const asked = request(
      { host: '127.0.0.1', port: served.port, path, headers: { authorization: `Bearer ${served.token}` } },
      (response) => {
        let rest = '';
        response.setEncoding('utf8').on('data', (piece: string) => {
          const lines = (rest + piece).split('\n');
          rest = lines.pop() ?? '';
          for (const line of lines) if (line !== '') onFrame(JSON.parse(line) as Frame);
        });
        response.on('end', resolve);
      },
    );
    asked.on('error', reject).end();
  });
}

test('a run is followed from its first span to its report', async () => {
  const running = await start();
  const { served, home, go, program } = running;
  const { opens: id = '', runs } = await served.get<RunsPage>('/api/runs');
  expect(runs.map(({ state, address }) => [state, address])).toEqual([['live', `${served.base}/#t=${served.token}`]]);
  const snapshot = await eventually(
    () => served.get<Snapshot>(`/api/runs/${id}/snapshot`),
    ({ tasks, needs }) =>
      tasks.id.length === 3 && needs.some(({ kind }) => kind === 'human') && needs.some(({ kind }) => kind === 'failed'),
  );
  const asks = snapshot.tasks.label.indexOf('ask two');
  const need = snapshot.needs.find(({ kind }) => kind === 'human');
  expect(need).toMatchObject({ isUrgent: true, text: 'ask two waits for a person', tasks: [asks], lanes: [snapshot.tasks.lane[asks]] });
  expect(snapshot.tasks.state).toEqual(expect.arrayContaining(['running', 'running', 'failed']));
  const now = snapshot.open.find(({ task }) => task === asks);
  expect([snapshot.categories[now?.category ?? 0], now?.name]).toEqual(['wait:human', 'wait human']);
  expect(await served.get<Pulse>(`/api/runs/${id}/pulse`)).toMatchObject({ state: 'live', needs: 2 });
  const follower = new Follower(snapshot);
  const followed = follow(running, id, snapshot.seq, (frame) => follower.apply(frame));
  await eventually(
    () => Promise.resolve(follower.frames.length),
    (count) => count > 5,
  );
  // Details of a run that goes on, by the rows that it has now.
  const spans = await served.get<SpansPage>(`/api/runs/${id}/spans?task=${asks}`);
  expect(spans.spans.map(({ name, end }) => [name, end])).toEqual([
    ['run_task ask', null],
    ['wait human', null],
  ]);
  const detail = await served.get<SpanDetail>(`/api/runs/${id}/spans/${now?.trace ?? ''}/${now?.span ?? ''}`);
  expect(detail.attributes).toContainEqual({ name: 'swarmscope.wait.reason', value: 'human', content: 'never' });
  const tasks = await served.get<TasksPage>(`/api/runs/${id}/tasks`);
  expect(tasks.tasks.map(({ row, label }) => [row, label]).sort()).toEqual(
    [...follower.tasks.entries()].map(([row, { label }]) => [row, label]).sort(),
  );
  expect((await served.get<Tiles>(`/api/runs/${id}/tiles?from=0&to=5000&px=20&lanes=0-9`)).rows.length).toBe(3);
  writeFileSync(go, '');
  await followed;
  expect(follower.frames.at(-1)?.end).toMatchObject({ id, state: 'ended', exitCode: 3 });
  // The page takes what it needs of the ended run before the server goes.
  const [ended, answer] = await Promise.all([
    served.get<Snapshot>(`/api/runs/${id}/snapshot`),
    served.get<ReportAnswer>(`/api/runs/${id}/report`),
  ]);
  const result = await program.finished;
  expect(result.code).toBe(3);
  expect(ended.run).toMatchObject({ state: 'ended', exitCode: 3 });
  expect(follower.byTask()).toEqual(new Follower(ended).byTask());
  expect(follower.lanes.filter((lane) => lane.length > 0)).toHaveLength(ended.lanes.count);
  const report = (await reportOf(home, id)) as RunReport;
  expect({ schemaVersion: 1, ...answer.report }).toEqual(report);
  expect(ended.totals.byCategory).toEqual(report.laneTime.byCategory);
  expect(readdirSync(join(home, 'swarmscope', 'runs', id))).not.toContain('view-address');
});

test('whoever asks only for frames misses nothing, and a number from long ago begins anew', async () => {
  const { served, go, program } = await start();
  const { opens: id = '' } = await served.get<RunsPage>('/api/runs');
  const snapshot = await eventually(
    () => served.get<Snapshot>(`/api/runs/${id}/snapshot`),
    ({ tasks }) => tasks.id.length > 0,
  );
  const follower = new Follower(snapshot);
  await eventually(
    async () => {
      const { frames } = await served.get<Frames>(`/api/runs/${id}/frames?from=${follower.seq}`);
      for (const frame of frames) follower.apply(frame);
      return follower;
    },
    ({ tasks, frames }) => tasks.length === 3 && frames.length > 3,
  );
  expect(Object.keys(follower.byTask()).length).toBeGreaterThan(1);
  const { frames } = await served.get<Frames>(`/api/runs/${id}/frames?from=999999`);
  expect(frames).toEqual([expect.objectContaining({ reset: true })]);
  writeFileSync(go, '');
  expect((await program.finished).code).toBe(3);
});

test('sixteen tabs follow, the next is told to poll, and one that reads nothing holds up nobody', async () => {
  const running = await start();
  const { served, go, program } = running;
  const { opens: id = '' } = await served.get<RunsPage>('/api/runs');
  const deaf = request({
    host: '127.0.0.1',
    port: served.port,
    path: `/api/runs/${id}/stream?from=0`,
    headers: { authorization: `Bearer ${served.token}` },
  });
  deaf.on('response', (response) => response.pause()).on('error', () => undefined);
  deaf.end();
  const counts: number[] = Array.from({ length: 15 }, () => 0);
  const ends = counts.map((_, tab) => follow(running, id, 0, () => void (counts[tab] = (counts[tab] ?? 0) + 1)));
  await eventually(
    () => Promise.resolve(counts),
    (all) => all.every((count) => count > 2),
  );
  const refused = await served.ask(`/api/runs/${id}/stream?from=0`);
  expect([refused.status, refused.json]).toEqual([503, expect.objectContaining({ error: 'busy' })]);
  writeFileSync(go, '');
  await Promise.all(ends);
  deaf.destroy();
  expect((await program.finished).code).toBe(3);
});

test('without anybody who looks the exit code and what is printed are those of a run without a view', async () => {
  const { go, program, home } = await start();
  writeFileSync(go, '');
  const { code, stdout, stderr } = await program.finished;
  expect([code, stdout]).toEqual([3, '']);
  expect(stderr).toMatch(/^swarmscope: http:\/\/127\.0\.0\.1:\d+\/#t=[\w-]{32}\n/);
  expect(stderr).toContain('swarmscope  live');
  expect(existsSync(join(home, 'swarmscope', 'runs'))).toBe(true);
});

test('a port in use ends with 1 before the program starts, and leaves no run', async () => {
  ensureBuilt();
  const home = dataHome();
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as AddressInfo;
  const { code, stderr, stdout } = await runProgram({
    file: commandFile,
    preload: 'none',
    args: ['run', '--ui', '--ui-port', String(port), '--', process.execPath, '-e', 'console.log("started")'],
    env: { XDG_DATA_HOME: home },
  });
  await new Promise((resolve) => other.close(resolve));
  expect([code, stdout, stderr]).toEqual([1, '', expect.stringContaining(`Port ${port} is in use`)]);
  expect(readdirSync(join(home, 'swarmscope', 'runs'))).toEqual([]);
});

test('--ui-port without --ui is a wrong command line', async () => {
  ensureBuilt();
  const { code, stderr } = await runProgram({ file: commandFile, preload: 'none', args: ['run', '--ui-port', '4000', '--', 'true'] });
  expect([code, stderr]).toEqual([2, expect.stringContaining('--ui-port belongs to --ui')]);
});
