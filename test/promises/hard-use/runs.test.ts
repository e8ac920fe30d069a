/**
 * `swarmscope run` where nobody thought of it: in another run, beside another run, under nohup, in a folder that goes
 * away, with Ctrl-C twice.
 */
import { describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { dataFolder } from '../../../src/config/folders.ts';
import { readSettings } from '../../../src/config/settings/index.ts';
import type { RunData } from '../../../src/analysis/model.ts';
import { listRuns, readRun } from '../../../src/viewer/index.ts';
import { commandFile, dist, ensureBuilt, startProgram, type Preload, type ProgramResult } from '../../harness/index.ts';

const door = join(dist, 'index.cjs');
const program = (body: string): string => `const { withTask } = require(${JSON.stringify(door)});\n${body}`;
const task = (name: string): string => `withTask('${name}', () => 1);\n`;

interface RunOptions {
  readonly files: Readonly<Record<string, string>>;
  readonly main: string;
  readonly preload?: Preload;
  /** What stands before `node cli.mjs run`. */
  readonly before?: readonly string[];
  readonly onStarted?: (started: ReturnType<typeof startProgram>) => Promise<void>;
}

/** The recorded runs, by name, and how the command ended. */
async function swarmscopeRun(options: RunOptions): Promise<{ result: ProgramResult; runs: ReadonlyMap<string, RunData> }> {
  ensureBuilt();
  const [command = process.execPath, ...args] = [
    ...(options.before ?? []),
    process.execPath,
    commandFile,
    'run',
    '--',
    process.execPath,
    options.main,
  ];
  const started = startProgram({
    files: options.files,
    command,
    args,
    preload: options.preload ?? 'none',
    env: { CLI: commandFile },
  });
  await options.onStarted?.(started);
  const result = await started.finished;
  const folder = dataFolder(readSettings({ HOME: started.home, XDG_DATA_HOME: join(started.home, '.local/share') }));
  const runs = new Map(
    listRuns(folder)
      .map(({ id }) => readRun(folder, id))
      .map((data) => [data.run.name, data]),
  );
  return { result, runs };
}

const names = (data: RunData | undefined): string[] => (data?.spans ?? []).map(({ name }) => name).sort();
const ids = (data: RunData | undefined): Set<string> => new Set((data?.spans ?? []).map(({ traceId }) => traceId));

describe('swarmscope run', () => {
  test('inside swarmscope run is a run with its own trace, report and exit code, and the outer run shows its processes', async () => {
    const { result, runs } = await swarmscopeRun({
      main: 'outer.cjs',
      files: {
        'outer.cjs': program(`
const { spawnSync } = require('node:child_process');
withTask('outer-task', () => {
  const inner = spawnSync(process.execPath, [process.env.CLI, 'run', '--json', 'inner.json', '--', process.execPath, 'inner.cjs'], { encoding: 'utf8' });
  const report = JSON.parse(require('node:fs').readFileSync('inner.json', 'utf8'));
  console.log(JSON.stringify({ status: inner.status, spans: report.spanCount, exitCode: report.run.exitCode }));
});`),
        'inner.cjs': program(`${task('inner-task')}process.exitCode = 7;`),
      },
    });
    expect(JSON.parse(result.stdout)).toEqual({ status: 7, spans: 2, exitCode: 7 });
    expect(result.code).toBe(0);
    expect(names(runs.get('inner'))).toEqual(['invoke_workflow inner', 'run_task inner-task']);
    expect(names(runs.get('outer'))).toEqual(['invoke_workflow outer', 'node', 'node', 'run_task outer-task']);
    const [inner, outer] = [ids(runs.get('inner')), ids(runs.get('outer'))];
    expect([inner.size, outer.size]).toEqual([1, 1]);
    expect([...inner]).not.toEqual([...outer]);
    const failed = runs.get('outer')?.spans.filter(({ name, isError }) => name === 'node' && isError);
    expect(failed?.map(({ attributes }) => attributes['process.exit.code'])).toEqual([7, 7]);
    expect([...runs.values()].map(({ losses }) => losses)).toEqual([{}, {}]);
  });

  test('with the preload already in NODE_OPTIONS records once', async () => {
    const { result, runs } = await swarmscopeRun({ main: 'app.cjs', files: { 'app.cjs': program(task('once')) }, preload: 'NODE_OPTIONS' });
    expect(result.code).toBe(0);
    expect(names(runs.get('app'))).toEqual(['invoke_workflow app', 'run_task once']);
  });

  test('twice side by side makes two independent runs', async () => {
    const { result, runs } = await swarmscopeRun({
      main: 'a.cjs',
      before: ['sh', '-c', `"$@" & "${process.execPath}" "$CLI" run -- "${process.execPath}" b.cjs; code=$?; wait $! && exit $code`, 'sh'],
      files: { 'a.cjs': program(task('of-a')), 'b.cjs': program(`${task('of-b')}process.exitCode = 5;`) },
    });
    expect(result.code).toBe(5);
    expect(names(runs.get('a'))).toEqual(['invoke_workflow a', 'run_task of-a']);
    expect(names(runs.get('b'))).toEqual(['invoke_workflow b', 'run_task of-b']);
    expect(runs.get('b')?.run.exitCode).toBe(5);
  });

  test('under nohup, in a session without a terminal, reports and ends as the program does', async () => {
    const { result, runs } = await swarmscopeRun({
      main: 'app.cjs',
      before: ['nohup'],
      files: { 'app.cjs': program(`${task('alone')}console.log('out');process.exitCode = 3;`) },
    });
    expect(result).toMatchObject({ code: 3, stdout: 'out\n' });
    expect(result.stderr).toContain('exit code 3');
    expect(names(runs.get('app'))).toContain('run_task alone');
  });

  test('in a folder that is deleted during the run still records, reports and ends as the program does', async () => {
    const { result, runs } = await swarmscopeRun({
      main: 'app.cjs',
      files: {
        'app.cjs': program(`
require('node:fs').rmSync(process.cwd(), { recursive: true });
${task('homeless')}
require('node:child_process').spawnSync(process.execPath, ['-e', ''], { cwd: '/' });
process.exitCode = 4;`),
      },
    });
    expect(result.code).toBe(4);
    expect(names(runs.get('app'))).toEqual(['invoke_workflow app', 'node', 'run_task homeless']);
  });

  test('leaves the first and the second Ctrl-C to the program, and reports when it has ended', async () => {
    const { result, runs } = await swarmscopeRun({
      main: 'app.cjs',
      files: {
        'app.cjs': program(`
let count = 0;
process.on('SIGINT', () => {
  count += 1;
  console.log('got ' + count);
  if (count === 2) { withTask('last-words', () => 1); clearInterval(stay); process.exitCode = 9; }
});
const stay = setInterval(() => {}, 1000);
console.log('ready');`),
      },
      async onStarted({ child, printed }) {
        await printed(/ready/);
        child.kill('SIGINT');
        await printed(/got 1/);
        child.kill('SIGINT');
      },
    });
    expect(result).toMatchObject({ code: 9, stdout: 'ready\ngot 1\ngot 2\n' });
    expect(names(runs.get('app'))).toEqual(['invoke_workflow app', 'run_task last-words']);
  });
});
