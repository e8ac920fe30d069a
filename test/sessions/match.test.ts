// Which session a running agent is said to write, and when nothing is said.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  matchSessions,
  namedByArguments,
  namedByChild,
  namedByPidFile,
  type RunningAgent,
  type Session,
} from '../../src/sessions/index.ts';
import { freshFolder } from '../harness/index.ts';

const T = Date.UTC(2026, 10, 30);
function session(id: string, from: number, to: number, more: Partial<Session> = {}): Session {
  const base = {
    key: `claude:${id}`,
    agent: 'claude',
    id,
    paths: new Set<string>(),
    bornMs: T,
    turns: 0,
    compactions: 0,
    tools: new Map(),
    revision: 0,
  };
  return { ...base, directory: '/work/project', firstMs: T + from, lastMs: T + to, ...more };
}
function agent(pid: number, more: Partial<RunningAgent> = {}): RunningAgent {
  return { pid, agent: 'claude', startMs: T, folder: '/work/project', isContinued: false, evidence: [], ...more };
}
const named = (by: 'file' | 'child' | 'pid-file' | 'argument', sessionId: string): RunningAgent['evidence'] => [{ by, sessionId }];

describe('what names a session decides', () => {
  test('also among several processes and sessions of one folder', () => {
    const matches = matchSessions(
      [agent(1, { evidence: named('child', 'a') }), agent(2, { evidence: named('argument', 'b') })],
      [session('a', 1_000, 9_000), session('b', 1_000, 9_000)],
    );
    expect(matches.get(1)).toMatchObject({ state: 'known', by: 'child', sessions: [{ id: 'a' }] });
    expect(matches.get(2)).toMatchObject({ state: 'known', by: 'argument', sessions: [{ id: 'b' }] });
  });

  test('the surer one, where two name different ones', () => {
    const evidence = [...named('argument', 'a'), ...named('child', 'b')];
    expect(matchSessions([agent(1, { evidence })], [session('a', 1, 2), session('b', 1, 2)]).get(1)).toMatchObject({
      by: 'child',
      sessions: [{ id: 'b' }],
    });
  });

  test('two of one kind that disagree are ambiguous, but open files may be many', () => {
    const evidence = (by: 'child' | 'file'): RunningAgent['evidence'] => [...named(by, 'a'), ...named(by, 'b')];
    const all = [session('a', 1, 2), session('b', 1, 2)];
    expect(matchSessions([agent(1, { evidence: evidence('child') })], all).get(1)).toEqual({
      state: 'ambiguous',
      sessions: 2,
      processes: 1,
    });
    expect(matchSessions([agent(1, { evidence: evidence('file') })], all).get(1)).toMatchObject({
      state: 'known',
      sessions: [{ id: 'a' }, { id: 'b' }],
    });
  });

  test('a session that has not been written yet is none, and nobody else is taken for it', () => {
    expect(matchSessions([agent(1, { evidence: named('pid-file', 'new') })], [session('a', 1_000, 9_000)]).get(1)).toEqual({
      state: 'none',
    });
  });

  test('a session that nobody claims and that began after it makes it ambiguous: /clear begins one', () => {
    const evidence = named('pid-file', 'a');
    expect(matchSessions([agent(1, { evidence })], [session('a', 1_000, 5_000), session('b', 6_000, 9_000)]).get(1)).toMatchObject({
      state: 'ambiguous',
      sessions: 2,
    });
    expect(matchSessions([agent(1, { evidence })], [session('a', 1_000, 5_000), session('b', 2_000, 9_000)]).get(1)).toMatchObject({
      state: 'known',
    });
  });
});

describe('where nothing names it', () => {
  test('the only process and the only session of a folder belong together', () => {
    expect(matchSessions([agent(1)], [session('a', 1_000, 9_000)]).get(1)).toMatchObject({ state: 'known', by: 'folder' });
  });

  test.each([
    ['two processes, one session', [agent(1), agent(2)], [session('a', 1_000, 9_000)], { state: 'ambiguous', sessions: 1, processes: 2 }],
    [
      'one process, two sessions',
      [agent(1)],
      [session('a', 1_000, 2_000), session('b', 3_000, 9_000)],
      { state: 'ambiguous', sessions: 2, processes: 1 },
    ],
  ])('%s are ambiguous', (_title, agents, sessions, expected) => {
    expect(matchSessions(agents, sessions).get(1)).toEqual(expected);
  });

  test.each([
    ['that ended before it started', session('a', -9_000, -5_000)],
    ['that began before it started and that it did not go on with', session('a', -9_000, 5_000)],
    ['of another folder', session('a', 1_000, 9_000, { directory: '/work/other' })],
    ['of another agent', session('a', 1_000, 9_000, { agent: 'codex' })],
    ['of a sub-agent', session('a', 1_000, 9_000, { parentKey: 'claude:b' })],
  ])('a session %s is not its own', (_title, other) => {
    expect(matchSessions([agent(1)], [other]).get(1)).toEqual({ state: 'none' });
  });

  test('one that began before is its own where it was asked to go on with one', () => {
    expect(matchSessions([agent(1, { isContinued: true })], [session('a', -9_000, 5_000)]).get(1)).toMatchObject({ by: 'folder' });
  });

  test('a session that another process is known to write is not taken', () => {
    const matches = matchSessions([agent(1), agent(2, { evidence: named('child', 'a') })], [session('a', 1_000, 9_000)]);
    expect(matches.get(1)).toEqual({ state: 'none' });
  });
});

describe('arguments', () => {
  const id = '3d434bce-2e03-4935-97ad-c7af5241316d';
  test.each([
    ['claude', ['-p', 'hi', '--session-id', id], id, false],
    ['claude', ['--resume', id], id, true],
    ['claude', [`--resume=${id}`], id, true],
    ['claude', ['--resume', id, '--fork-session'], undefined, true],
    ['claude', ['-c'], undefined, true],
    ['claude', ['-p', `go on with --resume ${id}`], undefined, false],
    ['codex', ['exec', 'resume', id, 'go on'], id, true],
    ['codex', ['exec', 'resume', '--last', 'go on'], undefined, true],
    ['opencode', ['run', '-s', 'ses_dd30dd875ffeBsbvrVG2aZf9K4', 'hi'], 'ses_dd30dd875ffeBsbvrVG2aZf9K4', true],
    ['aider', ['--resume', id], undefined, false],
  ])('%s %j', (name, args, sessionId, isContinued) => {
    expect(namedByArguments(name, args)).toEqual({ sessionId, isContinued });
  });
});

test('an agent below another inherits the name of its session, which is not its own', () => {
  const variable = (value: string): Record<string, string> => ({ CLAUDE_CODE_SESSION_ID: value });
  expect(namedByChild('claude', {}, variable('session-1'))).toBe('session-1');
  expect(namedByChild('claude', variable('session-1'), variable('session-1'))).toBeUndefined();
  expect(namedByChild('claude', variable('session-1'), variable('session-2'))).toBe('session-2');
  expect(namedByChild('codex', {}, variable('session-1'))).toBeUndefined();
});

test("Claude Code's own file is believed for the process that it names by its start", () => {
  const home = freshFolder('home');
  mkdirSync(join(home, '.claude/sessions'), { recursive: true });
  writeFileSync(join(home, '.claude/sessions/812.json'), JSON.stringify({ pid: 812, sessionId: 'session-1', procStart: '100174' }));
  const place = { home, environment: {} };
  expect(namedByPidFile(place, 812, 100_174)).toBe('session-1');
  expect(namedByPidFile(place, 812, 100_175)).toBeUndefined();
  expect(namedByPidFile(place, 813, 100_174)).toBeUndefined();
});
