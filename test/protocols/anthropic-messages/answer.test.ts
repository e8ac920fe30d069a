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
  expect(outputs).toBe(1);
  expect(facts).toMatchObject({ finishReasons: ['tool_call'], toolsCalled: ['look'], isComplete: true });
  expect(facts.usage).toEqual({ inputTokens: 30, outputTokens: 9, cacheReadTokens: 20, cacheWriteTokens: 7 });
});

test('a server that is overloaded in the middle of a stream is an error by its type', () => {
  expect(readStream(protocol, ['event: error\ndata: {"type":"error","error":{"type":"overloaded_error"}}']).facts.errorType).toBe(
    'overloaded_error',
  );
});
