/**
 * A copy of the preload that is hidden or removed ends nobody; options of the user and full environments stay as they
 * are; and a process that has nothing but NODE_OPTIONS finds its run again, or sends nowhere.
 */
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import type { RunReport } from '../../../src/analysis/index.ts';
import { readFileSync } from 'node:fs';
import { commandFile, ensureBuilt, freshFolder, runProgram, startSink, testWith, type ProgramResult } from '../../harness/index.ts';
import { spansOf } from '../../harness/received.ts';
import { api, FETCH_MINUTES, nodeBinary, patient } from './support.ts';

ensureBuilt();
jest.setTimeout(FETCH_MINUTES);
const node = process.execPath;

interface Run extends ProgramResult {
  readonly report: RunReport;
}

/** `swarmscope run -- program`, in a temporary folder of its own. */
async function underRun(
  program: readonly string[],
  { files = {}, env = {} }: { files?: Record<string, string>; env?: Record<string, string> } = {},
): Promise<Run> {
  const json = join(freshFolder('report'), 'report.json');
  const result = await runProgram({
    command: node,
    args: [commandFile, 'run', '--quiet', '--json', json, '--', ...program],
    files,
    preload: 'none',
    env: { ...patient, NODE: node, TMPDIR: freshFolder('tmp'), ...env },
  });
  return { ...result, report: JSON.parse(readFileSync(json, 'utf8')) as RunReport };
}

const started = `const { Worker, isMainThread } = require('node:worker_threads');
  const { fork, execFileSync } = require('node:child_process');
  const wait = (emitter) => new Promise((resolve) => emitter.on('exit', resolve));
  if (!isMainThread || process.argv[2] === 'child') process.exitCode = 0;
  else (async () => {
    require('node:fs').rmSync(process.env.XDG_CACHE_HOME, { recursive: true });
    console.log(await wait(new Worker(__filename)), await wait(new Worker('0', { eval: true })), await wait(fork(__filename, ['child'])),
      execFileSync(process.execPath, ['-p', '1'], { encoding: 'utf8' }).trim(), execFileSync('sh', ['-c', '"$NODE" -p 2'], { encoding: 'utf8' }).trim());
  })();`;

test('after `rm -rf` of the cache, Node, npm, threads, forks and children of children live', async () => {
  const shell = await underRun(['sh', '-c', 'rm -rf "$XDG_CACHE_HOME"; "$NODE" -p 1 && npm --version && "$NODE" main.cjs'], {
    files: { 'main.cjs': `console.log(require.main === module)` },
  });
  expect({ code: shell.code, stdout: shell.stdout.replace(/^[\d.]+$/m, '1') }).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^1\n[\d.]+\ntrue\n$/) as unknown,
  });
  expect(shell.report.observation.unseen).toMatchObject({ count: 3, byName: [{ name: expect.stringContaining('hidden') as unknown }] });
  expect(shell.stderr.replaceAll(/\s+/g, ' ')).toContain('3 processes told nothing: node (preload hidden or removed) x 3.');
  const program = await underRun([node, 'main.cjs'], { files: { 'main.cjs': started } });
  expect({ code: program.code, stdout: program.stdout }).toEqual({ code: 0, stdout: '0 0 0 1 2\n' });
});

testWith('user namespaces', 'where a sandbox hides the home folder, Node lives', async () => {
  const inside = 'mount -t tmpfs none "$HOME" && exec "$NODE" -p 40+2';
  const { code, stdout, report } = await underRun(['unshare', '--user', '--map-root-user', '--mount', 'sh', '-c', inside]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: '42\n' });
  expect(report.observation.unseen.count).toBe(1);
});

test('a temporary folder that is emptied meanwhile takes moments of git from the run, and the report says so', async () => {
  const files = { 'main.cjs': `require(${api}).withTask('afterwards', () => undefined);` };
  const emptied = 'git init -q r; rm -rf "$TMPDIR"/*; until [ -S "$SWARMSCOPE_RUN_DIR/git.sock" ]; do sleep 0.02; done';
  const { code, stderr, report } = await underRun(['sh', '-c', `${emptied}; git -C r status -s; "$NODE" main.cjs`], { files });
  expect(code).toBe(0);
  // More than once, where `rm` meets what was made again meanwhile.
  expect(report.losses).toEqual({ 'run folder emptied (git commands)': expect.any(Number) });
  expect(JSON.stringify(report.git)).toContain('status');
  expect(stderr).toContain('afterwards');
});

test('NODE_OPTIONS of an --env-file hold as they do without us', async () => {
  const files = { 'own.env': 'NODE_OPTIONS="--stack-trace-limit=7"\n', 'main.cjs': `console.log(Error.stackTraceLimit)` };
  const direct = await underRun([node, '--env-file=own.env', 'main.cjs'], { files });
  const inShell = await underRun(['sh', '-c', '"$NODE" --env-file own.env main.cjs'], { files });
  const child = `require('node:child_process').execFileSync(process.execPath, ['--env-file-if-exists=own.env', 'main.cjs'], { stdio: 'inherit' })`;
  const below = await underRun([node, 'parent.cjs'], { files: { ...files, 'parent.cjs': child } });
  expect([direct.stdout, inShell.stdout, below.stdout]).toEqual(['7\n', '7\n', '7\n']);
});

test('an environment that is nearly full is not what makes a child fail', async () => {
  // A run puts a folder of its own in front of PATH where one of its scripts is of use; that much is said in the docs.
  // A stack of 512 KiB allows the least: 128 KiB for all strings.
  const files = {
    'main.cjs': `const { spawnSync } = require('node:child_process');
      const room = (bytes) => spawnSync('true', [], { env: { PATH: '/usr/bin:/bin', FULL: 'x'.repeat(bytes) } }).error?.code;
      let [fits, fails] = [0, 200_000];
      while (fails - fits > 1) { const middle = (fits + fails) >> 1; if (room(middle) === undefined) fits = middle; else fails = middle; }
      console.log(fits, ['E2BIG'].includes(room(fits + 1)));`,
  };
  const script = 'ulimit -s 512; exec "$NODE" main.cjs';
  const plain = await runProgram({ command: 'sh', args: ['-c', script], files, preload: 'none', env: { NODE: node } });
  const loaded = await underRun(['sh', '-c', script], { files });
  expect(loaded.stdout).toBe(plain.stdout);
  expect(plain.stdout).toMatch(/^\d{6} true\n$/);
});

const tells = `require(${api}).withTask('alone', () => undefined); console.log('done');`;

test('a process that has nothing but NODE_OPTIONS is in its run', async () => {
  const { stderr, stdout } = await underRun(['sh', '-c', 'exec env -i NODE_OPTIONS="$NODE_OPTIONS" "$NODE" main.cjs'], {
    files: { 'main.cjs': tells },
  });
  expect(stdout).toBe('done\n');
  expect(stderr).toContain('alone');
});

test('without a run and without an endpoint, an inherited preload is not even armed; with one it sends there', async () => {
  const options = (await underRun(['sh', '-c', 'printf %s "$NODE_OPTIONS"'], { env: { XDG_CACHE_HOME: cache } })).stdout;
  const sink = await startSink();
  const run = (env: Record<string, string>) =>
    runProgram({
      files: { 'main.cjs': `${tells} console.log(Symbol.for('swarmscope.runtime.1') in globalThis)` },
      preload: 'none',
      env: { ...patient, NODE_OPTIONS: options, ...env },
    });
  expect((await run({})).stdout).toBe('done\nfalse\n');
  expect((await run({ OTEL_EXPORTER_OTLP_ENDPOINT: sink.url })).stdout).toBe('done\ntrue\n');
  await sink.close();
  expect(spansOf(sink).map(({ name }) => name)).toContain('run_task alone');
});
const cache = freshFolder('cache');

test.each(['20.20.2', '22.14.0'])('Node %s is handed nothing that it cannot use', async (version) => {
  const old = nodeBinary(version);
  const files = { 'main.cjs': `console.log(process.version, process.env.NODE_OPTIONS, module.id)` };
  const printed = `v${version} undefined .\n`;
  const direct = await underRun([old, 'main.cjs'], { files });
  expect(direct.stdout).toBe(printed);
  expect(direct.report.observation.unseen).toEqual({ count: 1, byName: [{ name: `node ${version}`, count: 1 }] });
  expect(direct.stderr.replaceAll(/\s+/g, ' ')).toContain(
    `1 process told nothing: node ${version} x 1. A Node program is seen from Node 22.15 on`,
  );
  expect((await underRun(['sh', '-c', `"${old}" main.cjs`], { files })).stdout).toBe(printed);
  const byPath = await underRun(['sh', '-c', 'cd . && node main.cjs; true'], {
    files,
    env: { PATH: `${join(old, '..')}:${process.env['PATH'] ?? ''}` },
  });
  expect(byPath.stdout).toBe(printed);
  expect(byPath.report.observation).toMatchObject({ unseen: { count: 0 }, uncounted: [`node ${version}`] });
  const parent = `require('node:child_process').execFileSync(${JSON.stringify(old)}, ['main.cjs'], { stdio: 'inherit' })`;
  const below = await underRun([node, 'parent.cjs'], { files: { ...files, 'parent.cjs': `${parent}; ${parent}` } });
  expect(below.stdout).toBe(printed.repeat(2));
  expect(below.report.observation.unseen.byName).toEqual([{ name: `node ${version}`, count: 2 }]);
});
