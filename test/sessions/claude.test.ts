// Sessions of Claude Code: recorded ones of the real program, and rows for each trap that its files have.
import { describe, expect, test } from '@jest/globals';
import { addUp } from '../../src/sessions/index.ts';
import { callsOf, homeWith, read, recordedPlace, tokensOf } from './reading.ts';

const at = (second: number): string => new Date(Date.UTC(2026, 10, 30, 12, 0, second)).toISOString();
const usage = { input_tokens: 10, cache_creation_input_tokens: 200, cache_read_input_tokens: 3_000, output_tokens: 40 };

/** One row of an answer. */
function answer(
  id: string | undefined,
  second: number,
  more: { uuid?: string; sessionId?: string; usage?: object; [key: string]: unknown } = {},
): object {
  const { usage: told = usage, ...row } = more;
  return {
    type: 'assistant',
    sessionId: 'one',
    uuid: `${id}-${second}`,
    timestamp: at(second),
    cwd: '/work/project',
    message: { ...(id === undefined ? {} : { id }), model: 'claude-sonnet-4-5', content: [{ type: 'text', text: 'said' }], usage: told },
    ...row,
  };
}
const file = (name: string): string => `.claude/projects/-work-project/${name}.jsonl`;
const readRows = (rows: readonly object[]): ReturnType<typeof read> => read({ home: homeWith({ [file('one')]: rows }) });

describe('what Claude Code wrote', () => {
  test('a session, its continuation and its fork tell each call once', () => {
    const library = read(recordedPlace);
    const claude = callsOf(library).filter(({ session }) => session.agent === 'claude');
    expect(claude.map(({ tokens, model }) => [model, tokens.inputTokens, tokens.outputTokens]).sort()).toEqual([
      ['claude-opus-5-5', 1_000, 20],
      ['claude-opus-5-5', 1_500, 33],
      ['claude-opus-5-5', 900, 7],
      ['claude-opus-5-5', 900, 7],
    ]);
  });

  test('what a fork took over belongs to the session that made it', () => {
    const library = read(recordedPlace);
    const sessions = [...library.store.sessions.values()].filter(({ agent }) => agent === 'claude');
    const told = sessions.map((session) => ({
      calls: [...library.store.callsOf(session)].length,
      turns: session.turns,
      tools: session.tools.get('Bash')?.calls ?? 0,
    }));
    expect(told.sort((a, b) => b.calls - a.calls)).toEqual([
      { calls: 3, turns: 2, tools: 1 },
      { calls: 1, turns: 1, tools: 0 },
    ]);
  });

  test('a call begins when its request was sent and ends with its last row', () => {
    const [first] = callsOf(read(recordedPlace)).filter(({ responseId }) => responseId === 'msg_J5b-Rod9suI51rzY');
    expect(first?.startMs).toBe(Date.parse('2026-11-30T14:43:52.467Z'));
    expect(first?.endMs).toBe(Date.parse('2026-11-30T14:43:53.815Z'));
  });
});

describe('rows of one answer', () => {
  test('are one call, with the highest count of each kind, whichever comes first', () => {
    const partial = { ...usage, output_tokens: 3 };
    expect(
      tokensOf(readRows([answer('msg_1', 1, { usage: partial }), answer('msg_1', 2), answer('msg_1', 3, { usage: partial })])),
    ).toEqual(['3210/40']);
  });

  test('are told apart by the request, or the row, where the answer has no id', () => {
    const rows = [
      answer(undefined, 1, { requestId: 'req_1' }),
      answer(undefined, 2, { requestId: 'req_1' }),
      answer(undefined, 3),
      answer(undefined, 4),
    ];
    expect(callsOf(readRows(rows))).toHaveLength(3);
  });

  test('count without a reason for their end: an interrupted answer is paid for', () => {
    expect(callsOf(readRows([answer('msg_1', 1, { message: undefined }), answer('msg_2', 2)]))).toHaveLength(1);
  });

  test('of no model are no call', () => {
    const row = { ...answer('msg_1', 1), message: { id: 'msg_1', model: '<synthetic>', usage } };
    expect(callsOf(readRows([row]))).toEqual([]);
  });
});

test('the four classes of tokens do not overlap, and all that was sent is the input', () => {
  const told = { ...usage, cache_creation: { ephemeral_1h_input_tokens: 150, ephemeral_5m_input_tokens: 50 } };
  const sums = addUp(callsOf(readRows([answer('msg_1', 1, { usage: told })])), () => undefined);
  expect(sums.tokens).toMatchObject({
    inputTokens: 3_210,
    cacheReadTokens: 3_000,
    cacheWriteTokens: 200,
    cacheWriteHourTokens: 150,
    outputTokens: 40,
  });
});

test('what is not told is absent, and no zero', () => {
  const [call] = callsOf(readRows([answer('msg_1', 1, { usage: { output_tokens: 5 } })]));
  expect(call?.tokens).toMatchObject({ inputTokens: undefined, outputTokens: 5 });
});

test('two sub-agents of two sessions with one id are two', () => {
  const home = homeWith({
    [file('one/subagents/agent-a')]: [answer('msg_1', 1, { sessionId: 'one', isSidechain: true, agentId: 'a' })],
    [file('two/subagents/agent-a')]: [answer('msg_2', 1, { sessionId: 'two', isSidechain: true, agentId: 'a' })],
  });
  const library = read({ home });
  expect([...library.store.sessions.values()].map(({ key, parentKey }) => [key, parentKey])).toEqual([
    ['claude:one/a', 'claude:one'],
    ['claude:two/a', 'claude:two'],
  ]);
});

test('a copied history is counted once where the session that made it is gone', () => {
  const rows = [
    { type: 'queue-operation', timestamp: at(50), sessionId: 'fork' },
    answer('msg_1', 1, { sessionId: 'fork' }),
    answer('msg_2', 55, { sessionId: 'fork' }),
  ];
  const calls = callsOf(read({ home: homeWith({ [file('fork')]: rows }) }));
  expect(calls.map(({ responseId, isCopied }) => [responseId, isCopied])).toEqual([
    ['msg_1', true],
    ['msg_2', false],
  ]);
});

test('a tool that failed is counted by its name', () => {
  const tool = { type: 'tool_use', id: 'toolu_1', name: 'Bash', input: {} };
  const call = { ...answer('msg_1', 1), message: { id: 'msg_1', model: 'claude-sonnet-4-5', content: [tool], usage } };
  const result = {
    type: 'user',
    sessionId: 'one',
    uuid: 'r',
    timestamp: at(2),
    message: { content: [{ type: 'tool_result', tool_use_id: 'toolu_1', is_error: true }] },
  };
  const library = readRows([call, call, result]);
  expect(library.store.sessions.get('claude:one')?.tools).toEqual(new Map([['Bash', { calls: 1, failed: 1 }]]));
});
