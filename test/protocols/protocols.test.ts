/** The two protocols on bodies and events: the true ones, the odd ones, and the wrong ones. */
import { describe, expect, test } from '@jest/globals';
import { protocol as anthropicMessages } from '../../src/protocols/anthropic-messages/index.ts';
import { AnswerFacts } from '../../src/protocols/facts/answer.ts';
import { protocol as openaiChat } from '../../src/protocols/openai-chat/index.ts';
import type { Protocol } from '../../src/protocols/protocol.ts';
import { protocolOf, providerOf } from '../../src/protocols/recognition.ts';

function readStream(protocol: Protocol, data: readonly unknown[], isContentCaptured = false) {
  const facts = new AnswerFacts(isContentCaptured);
  const reader = new protocol.Answer(facts);
  let outputs = 0;
  for (const item of data) {
    const text = typeof item === 'string' ? item : `data: ${JSON.stringify(item)}`;
    if (reader.readEvent(Buffer.from(text, 'utf8').toString('latin1'))) outputs += 1;
  }
  return { facts, outputs };
}

const delta = (content: object, rest: object = {}) => ({
  id: 'c1',
  model: 'm-1',
  choices: [{ index: 0, delta: content, finish_reason: null }],
  usage: null,
  ...rest,
});

describe('openai chat', () => {
  test('a stream gives usage, reason, tool names and counts output chunks only', () => {
    const { facts, outputs } = readStream(openaiChat, [
      delta({ role: 'assistant', content: '' }),
      delta({ content: 'a' }),
      delta({ content: 'b "usage": {' }),
      delta({ tool_calls: [{ index: 0, id: 't', function: { name: 'look', arguments: '' } }] }),
      { choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] },
      {
        choices: [],
        usage: {
          prompt_tokens: 10,
          completion_tokens: 5,
          prompt_tokens_details: { cached_tokens: 4 },
          completion_tokens_details: { reasoning_tokens: 3 },
        },
      },
      'data: [DONE]',
    ]);
    expect(outputs).toBe(3);
    expect(facts).toMatchObject({
      responseId: 'c1',
      responseModel: 'm-1',
      finishReasons: ['tool_call'],
      toolsCalled: ['look'],
      isComplete: true,
    });
    expect(facts.usage).toMatchObject({ inputTokens: 10, outputTokens: 5, cacheReadTokens: 4, reasoningTokens: 3 });
  });

  test('text events of one frame are passed over, and the one that differs is read', () => {
    const framed = (content: object, reason: string | null) => ({
      id: 'c',
      choices: [{ index: 0, delta: content, finish_reason: reason }],
      usage: null,
      obfuscation: 'abc',
    });
    const texts = ['a', 'b', 'say "hi"', 'c'].map((content) => framed({ content }, null));
    const { facts, outputs } = readStream(openaiChat, [
      ...texts,
      framed({ content: 'd', tool_calls: [{ index: 0, function: { name: 'look' } }] }, null),
      framed({ content: 'e' }, 'stop'),
    ]);
    expect(outputs).toBe(6);
    expect(facts).toMatchObject({ toolsCalled: ['look'], finishReasons: ['stop'] });
  });

  test('a stream without its end is not complete, and an error inside names itself', () => {
    expect(readStream(openaiChat, [delta({ content: 'a' })]).facts.isComplete).toBe(false);
    expect(
      readStream(openaiChat, [delta({ content: 'a' }), { error: { code: 'server_error', message: 'secret words' } }]).facts.errorType,
    ).toBe('server_error');
  });
});

describe('anthropic messages', () => {
  test('input tokens are the sum with what the caches gave and took; later counts replace earlier ones', () => {
    const { facts, outputs } = readStream(anthropicMessages, [
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

  test('an overloaded server in mid-stream is an error by its own name', () => {
    expect(
      readStream(anthropicMessages, ['event: error\ndata: {"type":"error","error":{"type":"overloaded_error"}}']).facts.errorType,
    ).toBe('overloaded_error');
  });
});

const WRONG: readonly unknown[] = [
  {},
  { usage: 'x', choices: 'x', content: 7, model: 1, id: null },
  { choices: [null, 1, { index: -1, message: [], delta: 'x' }], usage: { prompt_tokens: -1, completion_tokens: '9' } },
  { messages: [null, { content: [null, { type: {} }] }], tools: [null, 1, {}], stop: [1] },
  { type: 'content_block_start', content_block: { type: '__proto__' } },
  { type: 'constructor' },
];

describe.each<Protocol>([openaiChat, anthropicMessages])('$pathEnd on wrong input', (protocol) => {
  test.each([true, false])('values of the wrong type are left out, none throws (content: %s)', (isContentCaptured) => {
    for (const body of WRONG as Record<string, unknown>[]) {
      expect(() => protocol.readRequest(body, isContentCaptured)).not.toThrow();
      expect(() => new protocol.Answer(new AnswerFacts(isContentCaptured)).readBody(body)).not.toThrow();
    }
    expect(() => readStream(protocol, [...WRONG, 'data: {', 'data:', '', ': ping', 'event: ping'], isContentCaptured)).not.toThrow();
  });

  test('captured content is whole JSON within its bound, without media', () => {
    const image = `data:image/png;base64,${'A'.repeat(1000)}`;
    const content = [
      { type: 'text', text: '"€\n'.repeat(100_000) },
      { type: 'image_url', image_url: { url: image } },
      { type: 'image', source: { data: 'AAAAAAAA' } },
    ];
    const { attributes } = protocol.readRequest({ messages: [{ role: 'user', content }] }, true);
    const [text] = Object.values(attributes ?? {}).filter((value) => typeof value === 'string');
    expect(String(text).length).toBeLessThanOrEqual(65_536);
    expect(JSON.parse(String(text))).toMatchObject([{ role: 'user' }]);
    expect(text).not.toContain('AAAAAA');
  });
});

test.each([
  ['POST', 'api.openai.com', '/v1/chat/completions', 'openai'],
  ['POST', 'me.openai.azure.com', '/openai/deployments/x/chat/completions?api-version=1', 'azure.ai.openai'],
  ['POST', 'openrouter.ai', '/api/v1/chat/completions', 'openrouter'],
  ['POST', 'notopenai.com', '/v1/messages', 'anthropic'],
  ['POST', 'localhost', '/v1/chat/completions', 'openai'],
  ['GET', 'api.openai.com', '/v1/chat/completions', undefined],
  ['POST', 'api.anthropic.com', '/v1/messages/count_tokens', undefined],
  ['POST', 'api.anthropic.com', '/v1/messages/batches', undefined],
  ['POST', 'localhost', '/v1/traces', undefined],
])('%s %s%s belongs to %s', (method, host, path, provider) => {
  const protocol = protocolOf({ method, path });
  expect(protocol === undefined ? undefined : providerOf(host, protocol)).toBe(provider);
});
