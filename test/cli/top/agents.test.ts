// `swarmscope top` over real processes: programs with the names of agents, their children, ports, worktrees and session files.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { openMachine, type Look } from '../../../src/cli/top/machine.ts';
import { topJson } from '../../../src/cli/top/json.ts';
import { tableLines } from '../../../src/cli/top/text.ts';
import { freshFolder } from '../../harness/index.ts';

const running: ChildProcess[] = [];
afterEach(() => {
  for (const child of running.splice(0)) {
    try {
      // Its group: what it started as well.
      process.kill(-(child.pid ?? 0), 'SIGKILL');
    } catch {
      // It has ended.
    }
  }
});

interface Swarm {
  readonly home: string;
  readonly bin: string;
  readonly worktree: string;
}

/** A repository with a worktree on a branch of its own, and programs that are called as agents are and only sleep. */
function newSwarm(): Swarm {
  const folder = freshFolder('swarm');
  const [home, bin, repository] = ['home', 'bin', 'project'].map((name) => join(folder, name)) as [string, string, string];
  for (const each of [home, bin, repository]) mkdirSync(each);
  for (const name of ['claude', 'codex']) copyFileSync('/bin/sleep', join(bin, name));
  for (const name of ['claude', 'codex']) execFileSync('chmod', ['755', join(bin, name)]);
  const git = (...args: string[]): void =>
    void execFileSync('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', ...args], { cwd: repository, stdio: 'ignore' });
  git('init', '-q', '-b', 'main');
  git('commit', '-q', '--allow-empty', '-m', 'first');
  git('worktree', 'add', '-q', '-b', 'feature', join(folder, 'tree'));
  return { home, bin, worktree: join(folder, 'tree') };
}

function start(command: string, { home, worktree }: Swarm, env: Record<string, string> = {}): number {
  const child = spawn('bash', ['-c', command], {
    cwd: worktree,
    detached: true,
    stdio: 'ignore',
    env: { PATH: process.env['PATH'] ?? '', HOME: home, ...env },
  });
  running.push(child);
  return child.pid ?? 0;
}

function write(path: string, rows: readonly object[]): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
}

const usage = { input_tokens: 1_000, cache_read_input_tokens: 9_000, cache_creation_input_tokens: 0, output_tokens: 500 };
const claudeRows = (sessionId: string, cwd: string): object[] => [
  { type: 'user', sessionId, uuid: `${sessionId}-u`, cwd, timestamp: new Date().toISOString(), message: { content: 'SECRETPROMPT' } },
  {
    ...{ type: 'assistant', sessionId, uuid: `${sessionId}-a`, cwd, timestamp: new Date().toISOString() },
    message: {
      id: `msg_${sessionId}`,
      model: 'claude-sonnet-4-20250514',
      stop_reason: 'end_turn',
      content: [{ type: 'text', text: 'SECRETANSWER' }],
      usage,
    },
  },
];

/** Looks until `isThere`: a process needs a moment for its exec. */
async function lookUntil(swarm: Swarm, isThere: (look: Look) => boolean): Promise<Look> {
  const machine = openMachine({ home: swarm.home });
  const untilMs = Date.now() + 300_000;
  for (;;) {
    const look = machine.look(Date.now(), Infinity);
    const own = { ...look, rows: look.rows.filter(({ place }) => place?.worktree === 'tree') };
    if (isThere(own) || Date.now() > untilMs) return own;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

describe('an agent that somebody else started', () => {
  test('has a row with its worktree, branch, session, model, tokens and cost, each with what it is known by', async () => {
    const swarm = newSwarm();
    const pid = start(`exec ${swarm.bin}/claude 600`, swarm);
    await lookUntil(swarm, ({ rows }) => rows.length === 1);
    write(join(swarm.home, '.claude/projects/p/one.jsonl'), claudeRows('one', swarm.worktree));
    const look = await lookUntil(swarm, ({ rows }) => rows[0]?.match.state === 'known');
    expect(look.rows).toMatchObject([
      {
        ...{ agent: 'claude', pid, match: { state: 'known', by: 'folder' }, sessionIds: ['one'], doing: 'idle' },
        ...{ model: 'claude-sonnet-4-20250514', inputTokens: 10_000, cacheReadTokens: 9_000, outputTokens: 500, turns: 1, tools: 0 },
        ...{ place: { repository: 'project', worktree: 'tree', branch: 'feature' }, contextTokens: 10_500, isComplete: true },
      },
    ]);
    // 1,000 x 3 + 9,000 x 0.30 + 500 x 15 dollars a million.
    expect(look.rows[0]?.costUsd).toBeCloseTo(0.0132, 6);
    expect(look.rows[0]?.contextWindow).toBeGreaterThan(100_000);
    expect(topJson(look)).not.toContain('SECRET');
  });

  test('without a session file has what the process table tells, and no zero for the rest', async () => {
    const swarm = newSwarm();
    start(`exec ${swarm.bin}/claude 600`, swarm);
    const look = await lookUntil(swarm, ({ rows }) => rows.length === 1);
    const [agent] = (JSON.parse(topJson(look)) as { agents: Record<string, unknown>[] }).agents;
    expect(agent).toMatchObject({ agent: 'claude', worktree: 'tree', session: { match: 'none' } });
    for (const name of ['inputTokens', 'costUsd', 'turns', 'tools', 'contextTokens', 'model']) expect(agent).not.toHaveProperty(name);
    expect(tableLines(look, 200)[2]).toMatch(/ tree +feature +- +- +- +- +- +- +- /);
  });

  test('two of them in one folder with two sessions that nothing names are called ambiguous', async () => {
    const swarm = newSwarm();
    start(`exec ${swarm.bin}/claude 600`, swarm);
    start(`exec ${swarm.bin}/claude 601`, swarm);
    await lookUntil(swarm, ({ rows }) => rows.length === 2);
    for (const id of ['one', 'two']) write(join(swarm.home, `.claude/projects/p/${id}.jsonl`), claudeRows(id, swarm.worktree));
    const look = await lookUntil(swarm, ({ rows }) => rows[0]?.match.state === 'ambiguous');
    expect(look.rows.map(({ match, inputTokens }) => [match, inputTokens])).toEqual([
      [{ state: 'ambiguous', sessions: 2, processes: 2 }, undefined],
      [{ state: 'ambiguous', sessions: 2, processes: 2 }, undefined],
    ]);
    expect(tableLines(look, 200).join('\n')).toContain('proc+ambiguous');
  });

  test('what it gave to its child tells its session, also among several', async () => {
    const swarm = newSwarm();
    // The shell is called as the agent is, and waits for what it started.
    const agent = (id: string): number => start(`exec -a claude bash -c 'CLAUDE_CODE_SESSION_ID=${id}-session sleep 600; :'`, swarm);
    const pids = [agent('one'), agent('two')];
    await lookUntil(swarm, ({ rows }) => rows.length === 2 && rows.every(({ children }) => children === 1));
    for (const id of ['one', 'two'])
      write(join(swarm.home, `.claude/projects/p/${id}-session.jsonl`), claudeRows(`${id}-session`, swarm.worktree));
    const look = await lookUntil(swarm, ({ rows }) => rows.every(({ match }) => match.state === 'known'));
    const told = look.rows.map(({ pid, sessionIds, match, children }) => [pid, sessionIds, match.state === 'known' && match.by, children]);
    expect(told.sort()).toEqual(
      [
        [pids[0], ['one-session'], 'child', 1],
        [pids[1], ['two-session'], 'child', 1],
      ].sort(),
    );
  });

  test('a rollout that it holds open to be written is its session', async () => {
    const swarm = newSwarm();
    const id = '01a00000-0000-7000-8000-000000000001';
    const path = join(swarm.home, `.codex/sessions/2026/11/30/rollout-2026-11-30T12-00-00-${id}.jsonl`);
    const at = new Date().toISOString();
    const sum = { input_tokens: 100, cached_input_tokens: 0, output_tokens: 10 };
    write(path, [
      { timestamp: at, type: 'session_meta', payload: { id, cwd: '/elsewhere', model_provider: 'openai' } },
      {
        timestamp: at,
        type: 'event_msg',
        payload: { type: 'token_count', info: { total_token_usage: sum, last_token_usage: sum, model_context_window: 1_000 } },
      },
    ]);
    start(`exec ${swarm.bin}/codex 600 3>>${path}`, swarm);
    const look = await lookUntil(swarm, ({ rows }) => rows[0]?.match.state === 'known');
    expect(look.rows).toMatchObject([
      { agent: 'codex', match: { by: 'file' }, sessionIds: [id], inputTokens: 100, contextTokens: 110, contextWindow: 1_000 },
    ]);
  });

  test('ports that its children listen on are its own, and stay told when it has ended', async () => {
    const swarm = newSwarm();
    const server = join(swarm.home, 'server.cjs');
    const listen = "server.listen(0, '127.0.0.1', () => require('node:fs').writeFileSync('port', String(server.address().port)));";
    writeFileSync(server, `const server = require('node:http').createServer();\n${listen}\n`);
    const pid = start(`exec -a claude bash -c 'CLAUDE_CODE_SESSION_ID=one-session ${process.execPath} ${server} & sleep 600; :'`, swarm);
    const { rows } = await lookUntil(swarm, (look) => (look.rows[0]?.ports.length ?? 0) > 0);
    const port = Number(readFileSync(join(swarm.worktree, 'port'), 'utf8'));
    expect(rows[0]).toMatchObject({ pid, ports: [port] });
    process.kill(pid, 'SIGKILL');
    const after = await lookUntil(swarm, ({ leftBehind }) => leftBehind.some(({ ports }) => ports.includes(port)));
    expect(after.leftBehind.find(({ ports }) => ports.includes(port))).toMatchObject({ program: 'node', sessionId: 'one-session' });
    expect(tableLines(after, 200).join('\n')).toContain(`(port ${port})`);
  });
});

test('a narrow terminal shows fewer columns, and no line is longer than it', async () => {
  const swarm = newSwarm();
  start(`exec ${swarm.bin}/claude 600`, swarm);
  const look = await lookUntil(swarm, ({ rows }) => rows.length === 1);
  for (const width of [10, 20, 40, 80, 120, 300]) {
    const lines = tableLines(look, width);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
  }
  expect(tableLines(look, 40)[1]).toContain('WORKTREE');
  expect(tableLines(look, 300)[1]).toContain('PORTS');
});
