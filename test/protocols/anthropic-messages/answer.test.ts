// The answer to an Anthropic message: what one stream can hold at once.
import { expect, test } from '@jest/globals';
import { protocol } from '../../../src/protocols/anthropic-messages/index.ts';
import { readStream } from '../read-stream.ts';

test('input tokens include what the caches gave and took, and later counts replace earlier ones', () => {
  const { facts, outputs } = readStream(protocol, [
    'event: message_start\ndata: {"type":"message_start","message":{"id":"m","model":"c","usage":{"input_tokens":3,"cache_read_input_tokens":20,"cache_creation_input_tokens":7,"output_tokens":1}}}',
    { type: 'content_block_start', index: 0, content_block: { type: 'tool_use', id: 't', name: 'look', input: {} } },
    { type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json: '{}' } },
    { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 9 } },
    'event: message_stop\ndata: {"type":"message_stop"}',
  ]);
  expect(outputs).toBe(2);
  expect(facts).toMatchObject({ finishReasons: ['tool_call'], toolsCalled: ['look'], isComplete: true });
  expect(facts.usage).toEqual({ inputTokens: 30, outputTokens: 9, cacheReadTokens: 20, cacheWriteTokens: 7 });
});

test('a server that is overloaded in the middle of a stream is an error by its type', () => {
  expect(readStream(protocol, ['event: error\ndata: {"type":"error","error":{"type":"overloaded_error"}}']).facts.errorType).toBe(
    'overloaded_error',
  );
});

test.each([
  ['text', { type: 'text', text: '' }, 0],
  ['text that comes at once', { type: 'text', text: 'a' }, 1],
  ['thinking', { type: 'thinking', thinking: '', signature: '' }, 0],
  ['encrypted reasoning', { type: 'redacted_thinking', data: 'EmwKAhgB' }, 1],
  ['a call', { type: 'tool_use', id: 't', name: 'look', input: {} }, 1],
  ['a result of the provider', { type: 'web_search_tool_result', content: [{ type: 'web_search_result' }] }, 0],
])('a block of %s holds output when it begins, or does not', (_, block, outputs) => {
  const begin = { type: 'content_block_start', index: 0, content_block: block };
  expect(readStream(protocol, [begin, { type: 'content_block_stop', index: 0 }]).outputs).toBe(outputs);
});

test.each([true, false])(
  'events whose members are sorted, or whose name is another, are read by their type (content captured: %s)',
  (isCaptured) => {
    const message = { content: [], id: 'm', model: 'c', type: 'message', usage: { input_tokens: 3, output_tokens: 1 } };
    const events = [
      { message, type: 'message_start' },
      { content_block: { text: '', type: 'text' }, index: 0, type: 'content_block_start' },
      { delta: { text: 'a', type: 'text_delta' }, index: 0, type: 'content_block_delta' },
      { delta: { stop_reason: 'end_turn', type: 'x' }, type: 'message_delta', usage: { output_tokens: 9 } },
    ];
    for (const name of ['', 'event: message\n']) {
      const { facts, outputs } = readStream(
        protocol,
        events.map((event) => `${name}data: ${JSON.stringify(event)}`),
        isCaptured,
      );
      expect(outputs).toBe(1);
      expect(facts).toMatchObject({ responseId: 'm', responseModel: 'c', finishReasons: ['stop'], isComplete: true });
      expect(facts.usage).toMatchObject({ inputTokens: 3, outputTokens: 9 });
    }
  },
);
