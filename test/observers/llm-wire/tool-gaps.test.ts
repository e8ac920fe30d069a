/** Which tool call a result answers: ids are unique within a conversation at best, and results are cited again. */
import { describe, expect, test } from '@jest/globals';
import { ToolGaps, type AskedTool } from '../../../src/observers/llm-wire/tool-gaps.ts';
import { readRequest } from '../../../src/protocols/gemini/request.ts';
import { toolHistory, type ToolHistory, type Turn } from '../../../src/protocols/facts/tool-results.ts';
import type { Frame } from '../../../src/recording/types.ts';

/** Conversations in few words: `u:hello`, `call:id`, `result:id`, `a:text`. */
function conversation(...words: readonly string[]): ToolHistory {
  return toolHistory(
    words.map((word) => ({ word })),
    ({ word }): Turn => {
      const [kind = '', ...rest] = String(word).split(':');
      const text = rest.join(':');
      return {
        isAnswer: kind === 'a' || kind === 'call',
        calls: kind === 'call' ? [{ id: text, name: 'read' }] : [],
        results: kind === 'result' ? [{ id: text, content: undefined }] : [],
        texts: [text],
      };
    },
  );
}

const place = (id: string): Frame => ({ task: { id }, agent: undefined }) as Partial<Frame> as Frame;

/** What a request takes from the calls that wait, by the time when they were asked for. */
function taken(gaps: ToolGaps, { results }: ToolHistory, frame?: Frame): number[] {
  return results.flatMap((result) => gaps.answered(result, frame)?.at ?? []);
}

function ask(gaps: ToolGaps, at: number, { history }: ToolHistory, more: Partial<AskedTool> = {}): void {
  gaps.asked({ name: 'read', callId: 'f:0', at, frame: undefined, history, ...more });
}

test('an id of 512 characters is held, a longer one is not', () => {
  for (const [length, expected] of [
    [512, [1]],
    [513, []],
  ] as const) {
    const gaps = new ToolGaps();
    const callId = 'i'.repeat(length);
    ask(gaps, 1, conversation('u:hello'), { callId });
    expect(taken(gaps, conversation('u:hello', `call:${callId}`, `result:${callId}`, 'u:go on'))).toEqual(expected);
  }
});

describe('a result whose id the client made up, since the service gave none', () => {
  const user = (text: string) => ({ role: 'user', parts: [{ text }] });
  const called = (...ids: string[]) => ({ role: 'model', parts: ids.map((id) => ({ functionCall: { id, name: 'read', args: {} } })) });
  const brought = (...ids: string[]) => ({
    role: 'user',
    parts: ids.map((id) => ({ functionResponse: { id, name: 'read', response: { output: id } } })),
  });
  const gemini = (...contents: object[]): ToolHistory =>
    readRequest({ contents }, { operation: { name: 'generate_content' } as never, isContentCaptured: false }).tools as ToolHistory;

  test('belongs to the call at its place, also in later turns', () => {
    const gaps = new ToolGaps();
    ask(gaps, 1, gemini(user('hello')), { callId: 'read#0' });
    ask(gaps, 2, gemini(user('hello')), { callId: 'read#1' });
    const first = [user('hello'), called('a', 'b'), brought('a', 'b')];
    expect(taken(gaps, gemini(...first))).toEqual([1, 2]);
    ask(gaps, 3, gemini(...first), { callId: 'read#0' });
    expect(taken(gaps, gemini(...first, called('c'), brought('c')))).toEqual([3]);
    expect(taken(gaps, gemini(...first, called('c'), brought('c'), user('more')))).toEqual([]);
  });

  test('takes no call of another conversation', () => {
    const gaps = new ToolGaps();
    ask(gaps, 1, gemini(user('hello')), { callId: 'read#0' });
    expect(taken(gaps, gemini(user('good day'), called('a'), brought('a')))).toEqual([]);
  });
});

describe('a result', () => {
  test('is told once, however often later requests cite it', () => {
    const gaps = new ToolGaps();
    ask(gaps, 1, conversation('u:hello'));
    expect(taken(gaps, conversation('u:hello', 'call:f:0', 'result:f:0', 'u:go on'))).toEqual([1]);
    expect(taken(gaps, conversation('u:hello', 'call:f:0', 'result:f:0', 'u:go on'))).toEqual([]);
    expect(taken(gaps, conversation('u:hello', 'call:f:0', 'result:f:0', 'a:fine', 'u:more'))).toEqual([]);
  });

  test('of parallel tools may come one by one', () => {
    const gaps = new ToolGaps();
    ask(gaps, 1, conversation('u:hello'), { callId: 'a' });
    ask(gaps, 1, conversation('u:hello'), { callId: 'b' });
    expect(taken(gaps, conversation('u:hello', 'call:a', 'call:b', 'result:b'))).toEqual([1]);
    expect(taken(gaps, conversation('u:hello', 'call:a', 'call:b', 'result:b', 'a:waiting', 'result:a'))).toEqual([1]);
  });

  test('belongs to the call of its own conversation, in whatever order they come', () => {
    const gaps = new ToolGaps();
    ask(gaps, 1, conversation('u:first'));
    ask(gaps, 2, conversation('u:second'));
    expect(taken(gaps, conversation('u:second', 'call:f:0', 'result:f:0'))).toEqual([2]);
    expect(taken(gaps, conversation('u:second', 'call:f:0', 'result:f:0'))).toEqual([]); // sent again
    expect(taken(gaps, conversation('u:second', 'call:f:0', 'result:f:0', 'call:f:1', 'result:f:1'))).toEqual([]); // cited
    expect(taken(gaps, conversation('u:first', 'call:f:0', 'result:f:0'))).toEqual([1]);
  });

  test('of two agents with the same words belongs to the task that it comes from', () => {
    const gaps = new ToolGaps();
    const [one, two] = [place('one'), place('two')];
    ask(gaps, 1, conversation('u:hello'), { frame: one });
    ask(gaps, 2, conversation('u:hello'), { frame: two });
    const request = conversation('u:hello', 'call:f:0', 'result:f:0');
    expect([taken(gaps, request, two), taken(gaps, request, two), taken(gaps, request, one)]).toEqual([[2], [], [1]]);
  });

  test('is found when the conversation was rewritten since, but only a new one', () => {
    const gaps = new ToolGaps();
    ask(gaps, 1, conversation('u:hello', 'a:much', 'u:go on'));
    expect(taken(gaps, conversation('u:summary', 'call:f:0', 'result:f:0', 'a:old', 'u:more'))).toEqual([]);
    expect(taken(gaps, conversation('u:summary', 'call:f:0', 'result:f:0'))).toEqual([1]);
  });

  test('of an id that every answer of a conversation uses belongs to the last answer', () => {
    const gaps = new ToolGaps();
    ask(gaps, 1, conversation('u:hello'));
    expect(taken(gaps, conversation('u:hello', 'call:f:0', 'result:f:0'))).toEqual([1]);
    ask(gaps, 2, conversation('u:hello', 'call:f:0', 'result:f:0'));
    expect(taken(gaps, conversation('u:hello', 'call:f:0', 'result:f:0', 'call:f:0', 'result:f:0'))).toEqual([2]);
  });

  test('of an unknown call, or of a call without an id, is none', () => {
    const gaps = new ToolGaps();
    ask(gaps, 1, conversation('u:hello'), { callId: '' });
    expect(taken(gaps, conversation('u:hello', 'call:f:0', 'result:f:0'))).toEqual([]);
  });

  test('is waited for by the newest calls alone', () => {
    const gaps = new ToolGaps();
    for (let at = 0; at <= 2_048; at += 1) ask(gaps, at, conversation('u:hello'), { callId: `f:${at}` });
    expect(taken(gaps, conversation('u:hello', 'call:f:0', 'result:f:0'))).toEqual([]);
    expect(taken(gaps, conversation('u:hello', 'call:f:1', 'result:f:1'))).toEqual([1]);
  });
});
