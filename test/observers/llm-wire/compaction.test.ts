/** A conversation that comes back far smaller was compacted; what is smaller for another reason was not. */
import { describe, expect, test } from '@jest/globals';
import { contextSizeOf, withInferredCompaction } from '../../../src/observers/llm-wire/compaction.ts';
import { startCalls } from './calls.ts';

const url = 'https://api.openai.com/v1/chat/completions';
const TRIGGER = 'swarmscope.context.compaction.trigger';
const user = { role: 'user', content: 'hello' };
const asked = { role: 'assistant', tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'look_up', arguments: '{}' } }] };
const result = { role: 'tool', tool_call_id: 'call_1', content: 'found' };
const answered = (tokens: number, message: object, model = 'gpt-5') => ({
  model,
  choices: [{ index: 0, finish_reason: 'stop', message }],
  usage: { prompt_tokens: tokens, completion_tokens: 1 },
});

/** What the second of two calls is marked with. */
function second(first: number, then: number, { messages = [user, asked, result] as object[], model = 'gpt-5' } = {}): unknown {
  const { call, spans } = startCalls({ url });
  call({ asked: { model: 'gpt-5', messages: [user] }, answered: answered(first, asked) });
  call({ asked: { model, messages }, answered: answered(then, { role: 'assistant', content: 'so' }, model) });
  const calls = spans().filter(({ name }) => name.startsWith('chat '));
  expect(calls).toHaveLength(2);
  expect(calls[0]?.attributes[TRIGGER]).toBeUndefined();
  return calls[1]?.attributes[TRIGGER];
}

describe('a call that brings the result of a tool', () => {
  test('is marked at two thirds of the tokens, and not one above', () => {
    expect(second(9_000, 6_000)).toBe('inferred');
    expect(second(9_000, 6_001)).toBeUndefined();
  });

  test('is marked with a thousand tokens less, and not with one less than that', () => {
    expect(second(1_100, 100)).toBe('inferred');
    expect(second(1_100, 101)).toBeUndefined();
  });

  test('is not marked where another model counted', () => {
    expect(second(9_000, 100, { model: 'gpt-4o' })).toBeUndefined();
  });
});

test('another conversation is smaller for its own reasons', () => {
  expect(second(9_000, 100, { messages: [{ role: 'user', content: 'good day' }] })).toBeUndefined();
});

describe('the size of a context', () => {
  test('is not known where the service put in what its own tools found, or went several times over it', () => {
    const usage = { inputTokens: 9 };
    expect(contextSizeOf({ usage, responseModel: 'm' })).toEqual({ model: 'm', tokens: 9 });
    expect(contextSizeOf({ usage, billing: { providerTools: { web_search: 1 } } })).toBeUndefined();
    expect(contextSizeOf({ usage, billing: { passes: [usage] } })).toBeUndefined();
    expect(contextSizeOf({ usage, attributes: { 'swarmscope.tool.provider.names': ['web_search'] } })).toBeUndefined();
    expect(contextSizeOf({})).toBeUndefined();
  });

  test('leaves what a provider told of a compaction as it is', () => {
    const before = { model: 'm', tokens: 9_000 };
    const told = { responseModel: 'm', usage: { inputTokens: 10 }, attributes: { [TRIGGER]: 'provider' } };
    expect(withInferredCompaction(told, before)).toEqual(told);
  });
});
