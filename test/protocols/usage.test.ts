// Token counts as providers and gateways really send them: other places, other spellings, and what is no count.
import { describe, expect, test } from '@jest/globals';
import { protocol as anthropic } from '../../src/protocols/anthropic-messages/index.ts';
import { protocol as openai } from '../../src/protocols/openai-chat/index.ts';
import type { LlmUsage } from '../../src/semconv/telemetry.ts';
import { readCall } from './call.ts';
import { readStream } from './read-stream.ts';

const known = (usage: LlmUsage | undefined): LlmUsage =>
  Object.fromEntries(Object.entries(usage ?? {}).filter(([, count]) => count !== undefined));
const ofOpenai = (usage: object): LlmUsage => known(readCall(openai, { answer: { usage } }).answer?.usage);
const ofAnthropic = (usage: object): LlmUsage => known(readCall(anthropic, { answer: { usage } }).answer?.usage);
const plain = { prompt_tokens: 100, completion_tokens: 20 };
const read = { inputTokens: 100, outputTokens: 20 };

describe('the OpenAI family', () => {
  test.each<[whose: string, usage: object, read: LlmUsage]>([
    ['OpenAI', { ...plain, prompt_tokens_details: { cached_tokens: 64 } }, { ...read, cacheReadTokens: 64 }],
    ['DeepSeek', { ...plain, prompt_cache_hit_tokens: 64, prompt_cache_miss_tokens: 36 }, { ...read, cacheReadTokens: 64 }],
    [
      'DeepSeek without the sum',
      { completion_tokens: 20, prompt_cache_hit_tokens: 64, prompt_cache_miss_tokens: 36 },
      { ...read, cacheReadTokens: 64 },
    ],
    ['Moonshot', { ...plain, cached_tokens: 64 }, { ...read, cacheReadTokens: 64 }],
    ['vLLM and its like', { ...plain, num_cached_tokens: 64 }, { ...read, cacheReadTokens: 64 }],
    ['xAI', { ...plain, cached_prompt_tokens: 64 }, { ...read, cacheReadTokens: 64 }],
    [
      'OpenRouter',
      { ...plain, prompt_tokens_details: { cached_tokens: 64, cache_write_tokens: 30 } },
      { ...read, cacheReadTokens: 64, cacheWriteTokens: 30 },
    ],
    [
      'LiteLLM, of Anthropic',
      {
        ...plain,
        prompt_tokens_details: {
          cached_tokens: 64,
          cache_creation_tokens: 30,
          cache_creation_token_details: { ephemeral_1h_input_tokens: 10 },
        },
        cache_creation_input_tokens: 30,
        cache_read_input_tokens: 64,
      },
      { ...read, cacheReadTokens: 64, cacheWriteTokens: 30, cacheWriteHourTokens: 10 },
    ],
    [
      'a gateway in the words of Responses',
      { input_tokens: 100, output_tokens: 20, input_tokens_details: { cached_tokens: 64 } },
      { ...read, cacheReadTokens: 64 },
    ],
    [
      'two spellings, one of them empty',
      { ...plain, prompt_tokens_details: { cached_tokens: 0 }, prompt_cache_hit_tokens: 64 },
      { ...read, cacheReadTokens: 64 },
    ],
    ['reasoning beside the counts', { ...plain, reasoning_tokens: 5 }, { ...read, reasoningTokens: 5 }],
    [
      'caches outside the prompt, by the total',
      { ...plain, total_tokens: 184, cache_read_input_tokens: 64 },
      { ...read, inputTokens: 164, cacheReadTokens: 64 },
    ],
    [
      'caches outside the prompt, by their size',
      { ...plain, cache_read_input_tokens: 640 },
      { ...read, inputTokens: 740, cacheReadTokens: 640 },
    ],
    [
      'reasoning outside the completion, by the total',
      { prompt_tokens: 10_120, completion_tokens: 1_499, total_tokens: 14_428, completion_tokens_details: { reasoning_tokens: 2_809 } },
      { inputTokens: 10_120, outputTokens: 4_308, reasoningTokens: 2_809 },
    ],
    [
      'reasoning inside the completion, by the total',
      { prompt_tokens: 10, completion_tokens: 300, total_tokens: 310, completion_tokens_details: { reasoning_tokens: 280 } },
      { inputTokens: 10, outputTokens: 300, reasoningTokens: 280 },
    ],
    [
      'reasoning outside the completion, by its size',
      { prompt_tokens: 10, completion_tokens: 30, completion_tokens_details: { reasoning_tokens: 280 } },
      { inputTokens: 10, outputTokens: 310, reasoningTokens: 280 },
    ],
    [
      'reasoning and nothing else',
      { prompt_tokens: 21, completion_tokens: 0, total_tokens: 81, completion_tokens_details: { reasoning_tokens: 60 } },
      { inputTokens: 21, outputTokens: 60, reasoningTokens: 60 },
    ],
    [
      'reasoning and caches outside, by the total',
      { ...plain, total_tokens: 100 + 20 + 7 + 64, cache_read_input_tokens: 64, completion_tokens_details: { reasoning_tokens: 7 } },
      { inputTokens: 164, outputTokens: 27, cacheReadTokens: 64, reasoningTokens: 7 },
    ],
    [
      "Gemini's thoughts, in the total alone",
      { prompt_tokens: 20, completion_tokens: 424, total_tokens: 1_016 },
      { inputTokens: 20, outputTokens: 996 },
    ],
    ['a total that is less than its parts', { ...plain, total_tokens: 7 }, read],
    ['a completion that is left out', { prompt_tokens: 100, total_tokens: 120 }, read],
    ['an embedding', { prompt_tokens: 100, total_tokens: 100 }, { inputTokens: 100 }],
    [
      'sound and pictures',
      {
        ...plain,
        prompt_tokens_details: { audio_tokens: 9, image_tokens: 8 },
        completion_tokens_details: { audio_tokens: 7, image_tokens: 6 },
      },
      { ...read, audioInputTokens: 9, imageInputTokens: 8, audioOutputTokens: 7, imageOutputTokens: 6 },
    ],
  ])('%s', (_, usage, expected) => expect(ofOpenai(usage)).toEqual(expected));

  test.each<[where: string, chunk: object]>([
    ['in the last chunk', { choices: [], usage: plain }],
    ['inside the last choice', { choices: [{ index: 0, delta: {}, finish_reason: 'stop', usage: plain }] }],
    ["under a vendor's key", { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], x_groq: { id: 'req_1', usage: plain } }],
    ["under another vendor's key", { choices: [], x_house: { usage: plain } }],
  ])('usage is read %s', (_, chunk) => {
    const text = { choices: [{ index: 0, delta: { content: 'x'.repeat(100) } }] };
    expect(known(readStream(openai, [text, text, chunk, 'data: [DONE]']).facts.usage)).toEqual(read);
  });

  test.each([[{}], [null], [{ prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }], [{ prompt_tokens: null }], ['x'], [[]]])(
    'usage %j in a later chunk takes no count back',
    (later) => {
      const told = { ...plain, prompt_tokens_details: { cached_tokens: 64 } };
      const { facts } = readStream(openai, [{ choices: [], usage: told }, { choices: [], usage: later }, 'data: [DONE]']);
      expect(known(facts.usage)).toEqual({ ...read, cacheReadTokens: 64 });
    },
  );

  test('usage that grows with the stream is the last one', () => {
    const at = (completion: number): object => ({
      choices: [],
      usage: { ...plain, completion_tokens: completion, total_tokens: 100 + completion },
    });
    expect(known(readStream(openai, [at(1), at(12), at(20), 'data: [DONE]']).facts.usage)).toEqual(read);
  });
});

describe('Anthropic', () => {
  const start = (usage: object): object => ({ type: 'message_start', message: { id: 'm', model: 'claude-opus-4-8', usage } });
  const text = { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'word' } };
  const end = (usage: object): object => ({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage });

  test('the count of output before there is output is none: a stream that is left has an unknown one', () => {
    const { facts, outputs } = readStream(anthropic, [
      start({ input_tokens: 150, output_tokens: 1 }),
      ...Array.from({ length: 150 }, () => text),
    ]);
    expect(outputs).toBe(150);
    expect(known(facts.usage)).toEqual({ inputTokens: 150 });
  });

  test.each<[told: string, last: object, read: LlmUsage]>([
    ['input_tokens: 0', { input_tokens: 0, output_tokens: 20 }, { inputTokens: 150, outputTokens: 20 }],
    ['null', { input_tokens: null, cache_read_input_tokens: null, output_tokens: 20 }, { inputTokens: 150, outputTokens: 20 }],
    ['the whole prompt', { input_tokens: 170, output_tokens: 20 }, { inputTokens: 170, outputTokens: 20 }],
    ['the caches at last', { cache_read_input_tokens: 40, output_tokens: 20 }, { inputTokens: 190, outputTokens: 20, cacheReadTokens: 40 }],
    ['no output', { output_tokens: 0 }, { inputTokens: 150, outputTokens: 0 }],
  ])('a last event that says %s', (_, last, expected) => {
    expect(known(readStream(anthropic, [start({ input_tokens: 150, output_tokens: 1 }), text, end(last)]).facts.usage)).toEqual(expected);
  });

  test('a prompt of 0 tokens at the start is a count that is not there yet', () => {
    expect(readStream(anthropic, [start({ input_tokens: 0, output_tokens: 0 }), text]).facts.usage).toBeUndefined();
  });

  test('the lives of what was written to the cache add up to it', () => {
    const lives = { ephemeral_5m_input_tokens: 30, ephemeral_1h_input_tokens: 10 };
    const expected = { inputTokens: 50, outputTokens: 9, cacheWriteTokens: 40, cacheWriteHourTokens: 10 };
    expect(ofAnthropic({ input_tokens: 10, output_tokens: 9, cache_creation: lives })).toEqual(expected);
    expect(ofAnthropic({ input_tokens: 10, output_tokens: 9, cache_creation_input_tokens: 40, cache_creation: lives })).toEqual(expected);
  });

  const pass = (type: string, input: number, output: number): object => ({ type, input_tokens: input, output_tokens: output });
  test.each<[what: string, usage: object, input: number, output: number]>([
    [
      'compaction beside the message',
      { input_tokens: 23_000, output_tokens: 1_000, iterations: [pass('compaction', 180_000, 3_500), pass('message', 23_000, 1_000)] },
      203_000,
      4_500,
    ],
    ['compaction alone', { input_tokens: 0, output_tokens: 0, iterations: [pass('compaction', 180_000, 3_500)] }, 180_000, 3_500],
    [
      'several messages are the sum already',
      { input_tokens: 30, output_tokens: 3, iterations: [pass('message', 10, 1), pass('message', 20, 2)] },
      30,
      3,
    ],
    [
      'a sum that has the compaction in it',
      { input_tokens: 203_000, output_tokens: 4_500, iterations: [pass('compaction', 180_000, 3_500), pass('message', 23_000, 1_000)] },
      203_000,
      4_500,
    ],
  ])('passes: %s', (_, usage, input, output) => {
    expect(ofAnthropic(usage)).toMatchObject({ inputTokens: input, outputTokens: output });
  });
});

test.each([-1, 0.5, NaN, 1e308, 2 ** 53, 1_000_000_001, '7', true, [], {}])('%p tokens are no count', (count) => {
  const details = { cached_tokens: count, reasoning_tokens: count, audio_tokens: count };
  expect(
    ofOpenai({
      prompt_tokens: count,
      completion_tokens: count,
      total_tokens: count,
      prompt_tokens_details: details,
      completion_tokens_details: details,
    }),
  ).toEqual({});
  expect(
    ofAnthropic({ input_tokens: count, output_tokens: count, cache_creation_input_tokens: count, iterations: [pass0(count)] }),
  ).toEqual({});
  expect(ofOpenai({ prompt_tokens: 1_000_000_000, completion_tokens: 0 })).toEqual({ inputTokens: 1_000_000_000, outputTokens: 0 });
});

const pass0 = (count: unknown): object => ({ type: 'compaction', input_tokens: count, output_tokens: count });
