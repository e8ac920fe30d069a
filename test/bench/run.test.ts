/** The runner of the bench as a program: what it answers to a wrong word, to an interrupt, and without peers. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { asMarkdown, missed, printed, type Result } from '../../bench/result.ts';
import { pairedRounds, quartiles, timesAdded } from '../../bench/rounds.ts';

const root = join(import.meta.dirname, '..', '..');
const runner = join(root, 'bench', 'run.ts');
const folder = mkdtempSync(join(tmpdir(), 'swarmscope-bench-test-'));
const started = new Set<ChildProcess>();
afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const said = (...args: string[]) => spawnSync(process.execPath, [runner, ...args], { encoding: 'utf8' });

test('a word that is no part is refused, with those that are', () => {
  const { status, stderr, stdout } = said('start-up', 'strat-up');
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain('there is no part "strat-up"; known: start-up, managers, instructions, calls');
});

test.each([
  ['--rounds', 'many'],
  ['--fast', '--quick'],
])('%s %s is refused', (...args) => {
  expect(said(...args).status).toBe(2);
});

test('the help names every part and every script that lies there', () => {
  const { stdout, status } = said('--help');
  expect(status).toBe(0);
  for (const word of ['start-up', 'burst', 'receiver', 'soak']) expect(stdout).toContain(`\n  ${word} `);
});

/** Whatever it installs or builds lies below `folder`; no registry answers. */
function start(...args: string[]) {
  const { PATH } = process.env;
  const env = {
    PATH,
    HOME: folder,
    TMPDIR: folder,
    XDG_CACHE_HOME: folder,
    npm_config_registry: 'http://127.0.0.1:9/',
    npm_config_fetch_retries: '0',
  };
  const child = spawn(process.execPath, [runner, ...args], { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });
  started.add(child);
  let output = '';
  child.stdout.on('data', (part) => (output += String(part)));
  return { child, output: () => output };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 50));
}

test('without a registry the peers are left out and said, and the rest is measured; an interrupt ends it with what it started', async () => {
  const { child, output } = start('start-up', 'instructions', '--rounds', '1000');
  await until(() => /\nstart-up: /.test(output()) || child.exitCode !== null);
  for (const peer of ['otel-auto', 'traceloop', 'langfuse', 'dd-trace', 'elastic'])
    expect(output()).toMatch(new RegExp(`^${peer} is left out, it could not be installed: .*ECONNREFUSED`, 'm'));
  child.kill('SIGINT');
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  expect({ code, signal }).toEqual({ code: null, signal: 'SIGINT' });
  expect(output()).toContain('broken off by SIGINT; 0 parts were measured');
  expect(readdirSync(folder).filter((name) => name.startsWith('swarmscope-bench-'))).toEqual([]);
  expect(readdirSync(join(folder, 'swarmscope', 'bench-peers'))).toEqual([]);
});

test('ratios are of the same round, with their quartiles', async () => {
  const costs = { none: [10, 20, 40], ours: [11, 24, 42] };
  const { ours } = await pairedRounds(['none', 'ours'], 3, (name) => costs[name].shift() ?? NaN);
  expect(ours).toEqual({ ratio: 1.1, spread: [expect.closeTo(1.075), expect.closeTo(1.15)], added: 2, value: 24 });
  expect(quartiles([1])).toEqual([1, 1]);
});

const found: Result = {
  part: 'burst',
  about: '',
  when: 'today, load 1 to 2, 3 rounds',
  isQuick: false,
  notes: ['dd-trace is left out: it ended with 1'],
  comparisons: [],
  figures: [
    { name: 'burst: lost, %', value: 0 },
    { name: "burst: spans a second x bare's", value: 1.39, spread: [1.3, 1.45] },
    { name: 'burst: CPU us of a span that arrived', value: 8.01 },
    { name: "burst: peak RSS x bare's", value: NaN },
  ],
};

test('a ratio to what cost nothing, by noise, is unknown and holds no gate', () => {
  expect(timesAdded(6, 3)).toBe(2);
  expect([timesAdded(6, 0), timesAdded(6, -3), timesAdded(6, NaN)]).toEqual([NaN, NaN, NaN]);
  const figures = [{ name: "call, C=1, CPU added x bare's", value: timesAdded(671, -1_178) }];
  expect(missed({ part: 'calls', about: '', when: '', figures, comparisons: [], notes: [], isQuick: true })).toEqual([
    "call, C=1, CPU added x bare's: unknown, gate 1",
  ]);
});

test('a gate is missed above it, or below it where more is better, and where nothing was measured', () => {
  expect(missed(found)).toEqual([
    "burst: spans a second x bare's: 1.39, gate 1.4",
    "burst: CPU of a span that arrived x bare's: not measured",
    'burst: CPU us of a span that arrived: 8.01, gate 8',
    "burst: peak RSS x bare's: unknown, gate 0.6",
  ]);
  expect(missed({ ...found, isQuick: true, figures: [{ name: 'burst: lost, %', value: 0 }] })).toEqual([]);
});

test('what was found is told with its spread, its gates and what was left out', () => {
  expect(printed(found)).toContain('- dd-trace is left out: it ended with 1');
  expect(asMarkdown(found)).toContain("| burst: spans a second x bare's | 1.39 | 1.30 to 1.45 | 1.4 | 2.5 | MISS |");
});
