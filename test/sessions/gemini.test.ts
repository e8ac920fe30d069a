// Chats of Gemini CLI: recorded ones of the real program, checkpoints, rewinds, older files.
import { expect, test } from '@jest/globals';
import { callsOf, homeWith, read, recordedPlace } from './reading.ts';

const chat = (name: string): string => `.gemini/tmp/project/chats/${name}`;
const header = { sessionId: 'g1', startTime: '2026-11-30T12:00:00.000Z', kind: 'main' };
const message = { id: 'm1', timestamp: '2026-11-30T12:00:05.000Z', type: 'gemini', model: 'gemini-2.5-pro' };
const tokens = { input: 100, output: 20, cached: 60, thoughts: 30, tool: 7, total: 157 };

test('a chat of the real Gemini CLI and its continuation tell three calls; checkpoints tell none anew', () => {
  const calls = callsOf(read(recordedPlace)).filter(({ session }) => session.agent === 'gemini');
  expect(calls.map(({ model, tokens: { inputTokens, outputTokens } }) => [model, inputTokens, outputTokens])).toEqual([
    ['gemini-2.5-pro', 1_000, 20],
    ['gemini-2.5-pro', 1_500, 33],
    ['gemini-2.5-flash', 900, 7],
  ]);
  expect(calls[0]?.session).toMatchObject({
    directory: '/work/project',
    turns: 2,
    tools: new Map([['list_directory', { calls: 1, failed: 0 }]]),
  });
});

test('thoughts are output, what tools gave is input, and the input holds what was cached', () => {
  const [call] = callsOf(read({ home: homeWith({ [chat('session-1.jsonl')]: [header, { ...message, tokens }] }) }));
  expect(call?.tokens).toEqual({ inputTokens: 107, outputTokens: 50, cacheReadTokens: 60, reasoningTokens: 30 });
});

test('what was taken back by the user was paid for', () => {
  const rows = [header, { ...message, tokens }, { $rewindTo: 'm0' }, { $set: { messages: [] } }];
  expect(callsOf(read({ home: homeWith({ [chat('session-1.jsonl')]: rows }) }))).toHaveLength(1);
});

test('a chat that an older version wrote as one value is read as well', () => {
  const value = { ...header, messages: [{ ...message, tokens }] };
  expect(callsOf(read({ home: homeWith({ [chat('session-1.json')]: JSON.stringify(value, null, 2) }) }))).toHaveLength(1);
});

test('the chat of a sub-agent belongs to the session in whose folder it lies', () => {
  const library = read({
    home: homeWith({
      [chat('g1/g2.jsonl')]: [
        { ...header, sessionId: 'g2', kind: 'subagent' },
        { ...message, tokens },
      ],
    }),
  });
  expect(library.store.sessions.get('gemini:g2')?.parentKey).toBe('gemini:g1');
});
