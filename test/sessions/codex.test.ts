// Rollouts of Codex: a recorded one of the real program, forks, sub-agents, and sums that are told twice or begin anew.
import { expect, test } from '@jest/globals';
import { callsOf, homeWith, read, recordedPlace, tokensOf } from './reading.ts';

const PARENT = '01a00000-0000-7000-8000-000000000001';
const FORK = '01a00000-0000-7000-8000-000000000002';
const file = (id: string): string => `.codex/sessions/2026/11/30/rollout-2026-11-30T12-00-00-${id}.jsonl`;
const at = (second: number, ms = 0): string => new Date(Date.UTC(2026, 10, 30, 12, 0, second, ms)).toISOString();
const head = (id: string, second: number, more: object = {}): object => ({
  timestamp: at(second),
  type: 'session_meta',
  payload: { id, cwd: '/work/project', model_provider: 'openai', ...more },
});
const context = (second: number): object => ({ timestamp: at(second), type: 'turn_context', payload: { model: 'gpt-5' } });
const counts = (input: number, output: number): object => ({ input_tokens: input, cached_input_tokens: 0, output_tokens: output });
/** The sum so far, and what the last answer added. */
const told = (timestamp: string, sum: readonly [number, number], last?: readonly [number, number]): object => ({
  timestamp,
  type: 'event_msg',
  payload: {
    type: 'token_count',
    info: { total_token_usage: counts(...sum), ...(last === undefined ? {} : { last_token_usage: counts(...last) }) },
  },
});
const parent = [head(PARENT, 0), context(0), told(at(2), [100, 10], [100, 10]), told(at(4), [300, 30], [200, 20])];
/** Its history again, all of it at the time of the fork. */
const history = [
  head(FORK, 30, { forked_from_id: PARENT }),
  head(PARENT, 30),
  context(30),
  told(at(30, 1), [100, 10], [100, 10]),
  told(at(30, 2), [300, 30], [200, 20]),
];

test('a session of the real Codex and its continuation tell three calls, by the name of the answer', () => {
  const calls = callsOf(read(recordedPlace)).filter(({ session }) => session.agent === 'codex');
  expect(calls.map(({ tokens }) => [tokens.inputTokens, tokens.outputTokens])).toEqual([
    [1_000, 20],
    [1_500, 33],
    [900, 7],
  ]);
  expect(calls.every(({ responseId }) => responseId?.startsWith('resp-'))).toBe(true);
  expect(calls[0]?.session).toMatchObject({ turns: 2, model: 'gpt-5', contextWindow: 258_400, contextTokens: 907, doing: 'idle' });
});

test('a call lasts from what the model was given to its answer, although its tokens are told after the tool that it asked for', () => {
  const calls = callsOf(read(recordedPlace)).filter(({ session }) => session.agent === 'codex');
  expect(calls.map(({ startMs, endMs }) => [startMs, endMs].map((ms) => new Date(ms).toISOString().slice(11, -1)))).toEqual([
    ['14:46:32.770', '14:46:34.189'],
    ['14:46:36.522', '14:46:37.848'],
    ['14:46:50.273', '14:46:51.294'],
  ]);
});

test('the history that a fork begins with is told by its parent', () => {
  const library = read({ home: homeWith({ [file(PARENT)]: parent, [file(FORK)]: [...history, told(at(36), [350, 37], [50, 7])] }) });
  expect(tokensOf(library)).toEqual(['100/10', '200/20', '50/7']);
});

test('where the parent is gone, what bears the time of the fork is left out', () => {
  expect(tokensOf(read({ home: homeWith({ [file(FORK)]: [...history, told(at(36), [350, 37], [50, 7])] }) }))).toEqual(['50/7']);
});

test('a first answer within the second of the fork counts, when the parent never gave it', () => {
  const library = read({ home: homeWith({ [file(PARENT)]: parent, [file(FORK)]: [...history, told(at(30, 700), [350, 37], [50, 7])] }) });
  expect(tokensOf(library)).toEqual(['100/10', '200/20', '50/7']);
});

test('limits that are told again make no call', () => {
  const rows = [...parent, told(at(5), [300, 30], [200, 20]), told(at(6), [300, 30], [200, 20])];
  expect(tokensOf(read({ home: homeWith({ [file(PARENT)]: rows }) }))).toEqual(['100/10', '200/20']);
});

test('without the last answer, the sums are subtracted; a smaller sum has begun anew', () => {
  const rows = [head(PARENT, 0), context(0), told(at(1), [100, 10], [100, 10]), told(at(2), [150, 15]), told(at(3), [40, 4])];
  expect(tokensOf(read({ home: homeWith({ [file(PARENT)]: rows }) }))).toEqual(['100/10', '50/5', '40/4']);
});

test('a sub-agent belongs to the session that spawned it', () => {
  const source = { subagent: { thread_spawn: { parent_thread_id: PARENT } } };
  const library = read({ home: homeWith({ [file(FORK)]: [head(FORK, 0, { source }), context(0), told(at(9), [5, 1], [5, 1])] }) });
  expect(library.store.sessions.get(`codex:${FORK}`)).toMatchObject({ parentKey: `codex:${PARENT}`, provider: 'openai' });
});
