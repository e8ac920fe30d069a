// Calls of session files beside calls that somebody else saw: each is one call, and disagreement is told.
import { describe, expect, test } from '@jest/globals';
import { joinCalls, witness, type SeenCall, type WitnessedCall } from '../../src/sessions/index.ts';
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
    expect(calls.map(({ pid, tokens }) => [pid, tokens.outputTokens])).toEqual([
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
});

describe('one call of two witnesses', () => {
  const told = (more: Partial<WitnessedCall> = {}): WitnessedCall => ({
    ...{ key: 'claude:msg_1', pid: 7, agent: 'claude', sessionId: 'one', by: 'child', provider: 'anthropic', model: 'claude-opus-4-8' },
    ...{
      startMs: 1_000,
      endMs: 5_000,
      tokens: { inputTokens: 100, outputTokens: 20 },
      responseId: 'msg_1',
      requestId: undefined,
      toldCost: undefined,
    },
    ...more,
  });
  const seen = (more: Partial<SeenCall> = {}): SeenCall => ({
    ...{
      pid: 7,
      startMs: 900,
      endMs: 5_100,
      model: 'claude-opus-4-8[1m]',
      responseId: 'msg_1',
      tokens: { inputTokens: 100, outputTokens: 20 },
    },
    ...more,
  });

  test.each([
    ['the same answer of the same process', seen(), told()],
    ['the same request, whatever else', seen({ requestId: 'req_1', responseId: 'req_1', pid: undefined }), told({ requestId: 'req_1' })],
    ['the same answer at the same time, where the process is not known', seen({ pid: undefined }), told()],
    ['the same model, output and time, where one tells no answer', seen({ responseId: undefined }), told()],
    ['a file that tells one time only', seen(), told({ startMs: 5_050, endMs: 5_050, responseId: undefined })],
  ])('%s', (_title, one, other) => {
    expect(joinCalls([one], [other])).toMatchObject({ pairs: [{ differences: [] }], onlyTold: [], onlySeen: [] });
  });

  test.each([
    ['the same answer of another process at another time', seen({ pid: 8, startMs: 90_000, endMs: 95_000 }), told()],
    ['another answer of the same process at the same time', seen({ responseId: 'msg_2' }), told()],
    ['another output', seen({ responseId: undefined, tokens: { outputTokens: 21 } }), told()],
    ['another model', seen({ responseId: undefined, model: 'claude-haiku-4-5' }), told()],
  ])('not: %s', (_title, one, other) => {
    expect(joinCalls([one], [other])).toMatchObject({ pairs: [], onlyTold: [{ key: 'claude:msg_1' }], onlySeen: [{ endMs: one.endMs }] });
  });

  test('each is taken once: two alike with one answer leave one over', () => {
    const { pairs, onlySeen } = joinCalls([seen({ responseId: undefined }), seen({ responseId: undefined, endMs: 5_000 })], [told()]);
    expect([pairs.length, onlySeen.length, pairs[0]?.seen.endMs]).toEqual([1, 1, 5_000]);
  });

  test('counts that differ are told, and those that are absent on one side are none', () => {
    const { pairs } = joinCalls(
      [seen({ tokens: { inputTokens: 100, outputTokens: 12 } })],
      [told({ tokens: { inputTokens: 100, outputTokens: 20, cacheReadTokens: 5 } })],
    );
    expect(pairs[0]?.differences).toEqual([{ field: 'outputTokens', seen: 12, told: 20 }]);
  });
});
