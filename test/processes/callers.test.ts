/** Whose a command is that has often ended before it is looked for: by its number, its parent's, and the names above it. */
import { expect, test } from '@jest/globals';
import { findCaller, type StartedCommand } from '../../src/processes/callers.ts';
import type { TreeProcess } from '../../src/processes/tree.ts';
import { facts, processOf } from './hand-built.ts';

/** Above the program: the supervisor, a shell, and the first process of the machine. */
const ABOVE = ['node', 'bash', 'init'];
const program = processOf(10, undefined, facts('bash', { kind: 'shell' }));
const claude = (pid: number, worktree: string): TreeProcess =>
  processOf(pid, program, facts('claude', { kind: 'agent', agentName: 'claude', repository: 'shop', worktree }));
const [one, two] = [claude(11, 'a1'), claude(12, 'a2')];

const command = (more: Partial<StartedCommand>): StartedCommand => ({
  pid: 900,
  parentPid: undefined,
  startMs: 2_000,
  ancestry: [],
  repository: 'shop',
  worktree: undefined,
  ...more,
});

const ask = (more: Partial<StartedCommand>, isLast = false, processes: readonly TreeProcess[] = [program, one, two]) =>
  findCaller(
    { find: (pid) => processes.find((process) => process.pid === pid), all: () => processes, above: ABOVE.length },
    command(more),
    isLast,
  );

const ofAgent = ['claude', 'bash', ...ABOVE];

test('a command that was met is its parent’s, and one whose parent was met is too', () => {
  const git = processOf(900, one, facts('git', { kind: 'git' }));
  expect(ask({ ancestry: ofAgent }, false, [program, one, two, git])).toEqual({ agent: one, kind: 'agent' });
  expect(ask({ ancestry: ofAgent, parentPid: 12 })).toEqual({ agent: two, kind: 'agent' });
});

test('a command of the program itself belongs to no agent, without another look', () => {
  expect(ask({ ancestry: ['bash', ...ABOVE] })).toEqual({ agent: undefined, kind: 'shell' });
});

test('of two agents the one in the same worktree ran it', () => {
  expect(ask({ ancestry: ofAgent, worktree: 'a2' })).toEqual({ agent: two, kind: 'agent' });
});

test('where several would do, a look is asked for first, and then nobody is named', () => {
  expect(ask({ ancestry: ofAgent })).toBeUndefined();
  expect(ask({ ancestry: ofAgent }, true)).toEqual({ agent: undefined, kind: 'agent' });
});

test('an agent that is alone is asked for again where the worktree is another one: a younger one may not have been met', () => {
  expect(ask({ ancestry: ofAgent, worktree: 'a9' }, false, [program, one])).toBeUndefined();
  expect(ask({ ancestry: ofAgent, worktree: 'a9' }, true, [program, one])).toEqual({ agent: one, kind: 'agent' });
});

test('a shell in between that nobody met is looked through, and says that a tool ran it', () => {
  const below = { ancestry: ['bash', ...ofAgent], worktree: 'a1' };
  expect(ask(below)).toBeUndefined();
  expect(ask(below, true)).toEqual({ agent: one, kind: 'shell' });
});

test('a fork of an agent that was about to become a shell is that agent', () => {
  const fork = processOf(13, one, facts('claude', { kind: 'agent', agentName: 'claude', isFork: true }));
  const asked = { parentPid: 13, ancestry: ['bash', ...ofAgent] };
  expect(ask(asked, false, [program, one, two, fork])).toBeUndefined();
  expect(ask(asked, true, [program, one, two, fork])).toEqual({ agent: one, kind: 'shell' });
});

test('names that lead past the program are of another place: a program of that name elsewhere is not it', () => {
  expect(ask({ ancestry: ['bash', 'sshd', ...ABOVE] }, true)).toEqual({ agent: undefined, kind: 'shell' });
  expect(ask({ ancestry: ['claude', 'bash', 'init'] }, true)).toEqual({ agent: undefined, kind: 'agent' });
});

test('a number that is another process now, or was when the command ran, is nobody’s', () => {
  const ended = { ...one, endMs: 1_500 };
  expect(ask({ parentPid: 11 }, true, [program, ended])).toEqual({ agent: undefined, kind: undefined });
  const later = { ...one, startMs: 3_000 };
  expect(ask({ parentPid: 11 }, true, [program, later])).toEqual({ agent: undefined, kind: undefined });
});

test('a git that tells no names is found by numbers alone', () => {
  expect(ask({ parentPid: 11 })).toEqual({ agent: one, kind: 'agent' });
  expect(ask({})).toBeUndefined();
});
