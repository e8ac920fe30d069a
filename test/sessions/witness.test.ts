// Calls that processes of a run wrote down: each of the process that made it, and none where that is not certain.
import { describe, expect, test } from '@jest/globals';
import { witness } from '../../src/sessions/index.ts';
import { read, recordedPlace } from './reading.ts';

const CLAUDE = '3d434bce-2e03-4935-97ad-c7af5241316d';
const FORK = '9781ed2b-e56a-4ddb-87b9-2462c7f4e561';
const at = (time: string): number => Date.parse(`2026-11-30T${time}Z`);
const process = (pid: number, sessionId: string, startMs: number, endMs?: number): Parameters<typeof witness>[1][number] => ({
  ...{ pid, agent: 'claude', startMs, endMs, folder: '/work/project', isContinued: true },
  evidence: [{ by: 'pid-file', sessionId }],
});

describe('what processes wrote down', () => {
  test('is told for each of the processes that went on with one session, within its lifetime', () => {
    const { store } = read(recordedPlace);
    const first = process(1, CLAUDE, at('14:43:20'), at('14:44:30'));
    const second = process(2, CLAUDE, at('14:44:35'), at('14:45:10'));
    const fork = process(3, FORK, at('14:45:30'));
    const { calls, ambiguous } = witness(store, [first, second, fork]);
    expect(calls.map(({ pid, call }) => [pid, call.tokens.outputTokens])).toEqual([
      [1, 20],
      [1, 33],
      [2, 7],
      [3, 7],
    ]);
    expect(ambiguous).toEqual([]);
  });

  test('is not told where it is not certain whose it is', () => {
    const { store } = read(recordedPlace);
    const unnamed = (pid: number): Parameters<typeof witness>[1][number] => ({
      ...process(pid, '', at('14:43:00')),
      isContinued: false,
      evidence: [],
    });
    expect(witness(store, [unnamed(1), unnamed(2)])).toEqual({ calls: [], ambiguous: [1, 2] });
  });

  test('is not told of a session that was not read to its end', () => {
    const { store } = read(recordedPlace);
    const one = process(1, CLAUDE, at('14:43:20'));
    expect(witness(store, [one], ({ id }) => id !== CLAUDE).calls).toEqual([]);
    expect(witness(store, [one]).calls.length).toBeGreaterThan(0);
  });
});
