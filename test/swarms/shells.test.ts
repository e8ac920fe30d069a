// Shell scripts, make and tmux that start real Claude Codes, and curl: the report against the counts of the script and of the
// model server.
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { ensureBuilt, freshFolder, testWith, type NeedName } from '../harness/index.ts';
import { installRealClis } from '../real-clis/install.ts';
import { expectAgents, expectCalls, expectGit, expectSameProgram, expectUnobserved } from './agreement.ts';
import { startModelServer, type ModelServer } from './model-server.ts';
import { runBare, runObserved, type Outcome, type Swarm } from './swarm.ts';

const programs = join(import.meta.dirname, 'programs');
const script = (name: string, ...names: string[]): string[] => ['bash', join(programs, name), ...names];

let server: ModelServer;
let bin: string;

beforeAll(async () => {
  ensureBuilt();
  bin = join(freshFolder('bin'), 'bin');
  mkdirSync(bin);
  symlinkSync(installRealClis().claude, join(bin, 'claude'));
  server = await startModelServer();
});

const withClaude = (command: readonly string[]): Swarm => ({ command, env: { PATH: `${bin}:${process.env['PATH'] ?? ''}` } });

describe('four claude, started by bash, in git worktrees', () => {
  let bare: Outcome;
  const swarm = (): Swarm => withClaude(script('claude.sh', 'a1', 'a2', 'a3', 'a4'));
  beforeAll(async () => {
    bare = await runBare(swarm(), server);
  });

  test.each([
    ['without the gateway', []],
    ['with the gateway', ['--gateway']],
  ])('%s', async (_, flags) => {
    const seen = await runObserved(swarm(), flags, server);
    expectSameProgram(seen, bare);
    expectCalls(seen);
    expectAgents(seen);
    expectGit(seen);
  });
});

describe.each<[string, NeedName, string, string[]]>([
  ['make -j', 'make', 'make.sh', ['m1', 'm2']],
  ['tmux panes', 'tmux', 'tmux.sh', ['t1', 't2']],
])('two claude, started by %s', (_, need, file, names) => {
  testWith(need, 'each has its own figures', async () => {
    const swarm = withClaude(script(file, ...names));
    const seen = await runObserved(swarm, [], server);
    expectSameProgram(seen, await runBare(swarm, server));
    expectCalls(seen);
    expectAgents(seen);
    expectGit(seen);
  });
});

describe('programs of Node, started by bash', () => {
  test.each([
    ['at once, have a lane each', 'at-once', 3],
    ['one after the other, have one lane', 'in-turn', 1],
  ])('%s, and their start-up is no wait', async (_, how, count) => {
    const swarm = { command: script('nodes.sh', how, 'n1', 'n2', 'n3') };
    const seen = await runObserved(swarm, [], server);
    expectSameProgram(seen, await runBare(swarm, server));
    expectCalls(seen);
    const { lanes, laneTime, wallPath } = seen.report;
    expect(lanes).toEqual({ kind: 'process', count, occupants: 3 });
    for (const { byCategory } of [laneTime, wallPath]) {
      const categories = byCategory.map(({ category }) => category);
      expect(categories).toEqual(expect.arrayContaining(['llm', 'startup']));
      expect(categories).not.toContain('wait:orchestrator');
    }
  });
});

describe('four curl, started by xargs -P', () => {
  const swarm = { command: script('curl.sh', 'c1', 'c2', 'c3', 'c4') };

  testWith('curl', 'with the gateway', async () => {
    const seen = await runObserved(swarm, ['--gateway'], server);
    expectSameProgram(seen, await runBare(swarm, server));
    expectCalls(seen);
  });
  testWith('curl', 'without it, nothing is said of what was not seen', async () => {
    expectUnobserved(await runObserved(swarm, [], server));
  });
});

testWith('tmux', 'panes of a tmux server that ran before make their calls through the gateway', async () => {
  const socket = join(freshFolder('tmux'), 'socket');
  const tmux = (...args: string[]): void => {
    execFileSync('tmux', ['-S', socket, '-f', '/dev/null', ...args], { env: { ...process.env, ...server.env } });
  };
  tmux('new-session', '-d', '-x', '200', '-y', '50', 'sleep 600');
  try {
    const swarm = { command: script('panes.sh', 'w1', 'w2'), env: { TMUX_SOCKET: socket } };
    const seen = await runObserved(swarm, ['--gateway'], server);
    expectSameProgram(seen, await runBare(swarm, server));
    expectCalls(seen);
  } finally {
    tmux('kill-server');
  }
});
