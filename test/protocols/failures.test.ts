// Failures in the words of providers and of the servers that speak like them: what they are called, and which of them say
// that the prompt is too long.
import { describe, expect, test } from '@jest/globals';
import { protocol as anthropic } from '../../src/protocols/anthropic-messages/index.ts';
import { protocol as openai } from '../../src/protocols/openai-chat/index.ts';
import { tellsOverflow } from '../../src/semconv/context-overflow.ts';
import { readCall } from './call.ts';

const error = (message: string, more: object = {}): object => ({ error: { message, ...more } });

describe('a prompt that is too long', () => {
  test.each<[string, number, unknown, string]>([
    [
      'Anthropic',
      400,
      { type: 'error', ...error('prompt is too long: 203117 tokens > 200000 maximum', { type: 'invalid_request_error' }) },
      'invalid_request_error',
    ],
    [
      'Anthropic, with the answer to come',
      400,
      error('input length and `max_tokens` exceed context limit: 188240 + 21333 > 200000', { type: 'invalid_request_error' }),
      'invalid_request_error',
    ],
    ['OpenAI', 400, error('…', { type: 'invalid_request_error', code: 'context_length_exceeded' }), 'context_length_exceeded'],
    ['OpenAI, without its code', 400, error('Your input exceeds the context window of this model.', { code: null }), '400'],
    ['OpenAI, for a configured limit', 400, error('Input tokens exceed the configured limit of 272000 tokens.'), '400'],
    [
      'vLLM',
      400,
      {
        object: 'error',
        message: "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens.",
        type: 'BadRequestError',
        code: 400,
      },
      'BadRequestError',
    ],
    ['vLLM, of a prompt alone', 400, error('The decoder prompt (length 5000) is longer than the maximum model length of 4096.'), '400'],
    [
      'llama.cpp',
      400,
      error('the request exceeds the available context size', { code: 400, type: 'exceed_context_size_error', n_ctx: 8192 }),
      'exceed_context_size_error',
    ],
    ['llama.cpp behind FastAPI', 400, { detail: '{"error":{"code":400,"type":"exceed_context_size_error"}}' }, '400'],
    ['LM Studio', 400, { error: 'The number of tokens to keep from the initial prompt is greater than the context length.' }, '400'],
    ['Ollama', 400, { error: 'prompt too long; exceeded max context length by 17 tokens' }, '400'],
    ['SGLang', 400, error("The input (263000 tokens) is longer than the model's context length (262144 tokens)."), '400'],
    ['TGI', 422, { error: 'Input validation error: `inputs` must have less than 1024 tokens. Given: 2000' }, '422'],
    [
      'Gemini',
      400,
      [
        error('The input token count (1196265) exceeds the maximum number of tokens allowed (1048575).', {
          code: 400,
          status: 'INVALID_ARGUMENT',
        }),
      ],
      'INVALID_ARGUMENT',
    ],
    ['Vertex', 400, error('the input token count is 32825 but model only supports up to 32768'), '400'],
    [
      'xAI',
      400,
      {
        code: 'Client specified an invalid argument',
        error: "This model's maximum prompt length is 131072 but the request contains 537812 tokens.",
      },
      '400',
    ],
    [
      'Groq',
      400,
      error('Please reduce the length of the messages or completion.', { type: 'invalid_request_error' }),
      'invalid_request_error',
    ],
    [
      'Mistral',
      400,
      {
        object: 'error',
        message: 'Prompt contains 65673 tokens, too large for model with 32768 maximum context length',
        type: 'invalid_request_error',
      },
      'invalid_request_error',
    ],
    ['DeepSeek', 400, error("This model's maximum context length is 65536 tokens."), '400'],
    ['Bedrock', 400, { message: 'Input is too long for requested model.' }, '400'],
    ['Together', 422, error('… the inputs tokens. maximum context length 4097'), '422'],
    [
      'Fireworks',
      400,
      error('The prompt is too long: 140000, model maximum context length: 131071', { code: 'invalid_request_error' }),
      'invalid_request_error',
    ],
    ['Cohere', 400, { message: 'too many tokens: total number of tokens in the prompt cannot exceed 4081 - received 4292.' }, '400'],
    [
      'Kimi',
      400,
      error('Invalid request: Your request exceeded model token limit: 131072', { type: 'invalid_request_error' }),
      'invalid_request_error',
    ],
    ['MiniMax', 200, { base_resp: { status_code: 2013, status_msg: 'invalid params, context window exceeds limit' } }, '_OTHER'],
    ['Qwen', 400, { code: 'InvalidParameter', message: 'Range of input length should be [1, 129024]' }, 'InvalidParameter'],
    [
      'GitHub Models',
      413,
      error('Request body too large for gpt-4o model. Max size: 8000 tokens.', { code: 'tokens_limit_reached' }),
      'tokens_limit_reached',
    ],
    [
      'GitHub Copilot',
      400,
      error('prompt token count of 140000 exceeds the limit of 128000', { code: 'model_max_prompt_tokens_exceeded' }),
      'model_max_prompt_tokens_exceeded',
    ],
    ['LiteLLM', 400, error('litellm.ContextWindowExceededError: …', { type: 'None', param: 'None', code: '400' }), '400'],
    [
      'OpenRouter',
      400,
      error('Provider returned error', {
        code: 400,
        metadata: { raw: '{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 1 tokens > 0 maximum"}}' },
      }),
      '400',
    ],
    ['OpenRouter, after its status', 200, error("This endpoint's maximum context length is 8192 tokens.", { code: 400 }), '400'],
  ])('%s', (_, status, answer, errorType) => {
    for (const protocol of [openai, anthropic]) {
      const told = readCall(protocol, { status, answer }).answer;
      expect(told).toMatchObject({ errorType, isContextOverflow: true });
    }
  });

  test('is not told by limits of tokens in a time, by what was asked, or by an answer that speaks of it', () => {
    const perMinute =
      'Request too large for model on tokens per minute (TPM): Limit 6000, Requested 7000, please reduce the length of the messages';
    for (const [status, answer] of [
      [413, error(perMinute, { type: 'tokens', code: 'rate_limit_exceeded' })],
      [400, error(perMinute)],
      [429, { message: 'Too many tokens, please wait before trying again.' }],
      [429, error('prompt is too long')],
      [422, { detail: [{ loc: ['body'], msg: 'field required', type: 'missing', input: 'prompt is too long' }] }],
      [400, error('Failed to call a function.', { failed_generation: 'prompt is too long', code: 'tool_use_failed' })],
      [
        400,
        error("Invalid 'messages[0].content': string too long. Expected a string with maximum length 1048576.", {
          code: 'string_above_max_length',
        }),
      ],
      [200, { choices: [{ index: 0, message: { content: 'prompt is too long' }, finish_reason: 'stop' }] }],
    ] as const)
      expect([answer, readCall(openai, { status, answer }).answer?.isContextOverflow]).toEqual([answer, undefined]);
  });

  test('is looked for at the beginning of a text, and soon found to be absent', () => {
    const words = 'prompt is too long';
    expect(tellsOverflow(' '.repeat(2_048 - words.length) + words)).toBe(true);
    expect(tellsOverflow(' '.repeat(2_049 - words.length) + words)).toBe(false);
    for (const bomb of ['exceeds ', 'input tokens ', '`inputs` tokens ', 'context length '])
      expect(tellsOverflow(bomb.repeat(50_000))).toBe(false);
  });
});

describe('an error of status 200', () => {
  test.each<[string, unknown, string]>([
    ['a sentence', { error: 'the model runner has stopped' }, '_OTHER'],
    ['an object with a number', error('…', { code: 429 }), '429'],
    ['an object with digits', error('…', { code: '503', type: 'None' }), '503'],
    ["vLLM's document", { object: 'error', message: '…', type: 'InternalServerError', code: 500 }, 'InternalServerError'],
    ["Anthropic's document", { type: 'error', error: { type: 'overloaded_error' } }, 'overloaded_error'],
    ["Google's document", error('…', { code: 503, status: 'UNAVAILABLE' }), 'UNAVAILABLE'],
    ["MiniMax' document", { base_resp: { status_code: 1002, status_msg: 'rate limit' } }, '429'],
    ['nothing but that there is one', { error: true }, '_OTHER'],
  ])('%s', (_, answer, errorType) => {
    const event = `data: ${JSON.stringify(answer)}\n\n`;
    for (const protocol of [openai, anthropic]) {
      expect(readCall(protocol, { answer }).answer?.errorType).toBe(errorType);
      expect(readCall(protocol, { answer: event }).answer).toMatchObject({ errorType, finishReasons: ['error'] });
    }
    const text = 'data: {"choices":[{"index":0,"delta":{"content":"a long enough text"}}]}\n\n';
    expect(readCall(openai, { answer: text + event }).answer).toMatchObject({ errorType, finishReasons: ['error'] });
  });

  test.each([{ error: null }, { error: '' }, { error: {} }, { error: false }, { base_resp: { status_code: 0 } }])('%j is none', (more) => {
    const answer = { ...more, choices: [{ index: 0, message: { content: 'fine' }, finish_reason: 'stop' }] };
    expect(readCall(openai, { answer }).answer?.errorType).toBeUndefined();
  });

  test('an event named error is one, whatever its data is', () => {
    for (const [data, errorType] of [
      ['{"code":"InvalidParameter","message":"…"}', 'InvalidParameter'],
      ['{"error":{"type":"overloaded_error"}}', 'overloaded_error'],
      ['overloaded', '_OTHER'],
    ])
      for (const protocol of [openai, anthropic])
        expect(readCall(protocol, { answer: `event: error\ndata: ${data}\n\n` }).answer).toMatchObject({
          errorType,
          finishReasons: ['error'],
        });
  });
});

describe('a finish reason', () => {
  const choice = (finishReason: string, more: object = {}) => ({
    choices: [{ index: 0, message: {}, delta: {}, finish_reason: finishReason, ...more }],
  });

  test.each<[string, object, string]>([
    ['error', {}, '_OTHER'],
    ['error', { error: { code: 502, message: '…' } }, '502'],
    ['error', { native_finish_reason: 'MALFORMED_FUNCTION_CALL' }, 'malformed_function_call'],
    ['function_call_filter: MALFORMED_FUNCTION_CALL', {}, 'malformed_function_call'],
    ['insufficient_system_resource', {}, 'insufficient_system_resource'],
    ['network_error', {}, 'network_error'],
    ['abort', {}, 'abort'],
  ])('%s %j is a failure', (reason, more, errorType) => {
    const answer = choice(reason, more);
    expect(readCall(openai, { answer }).answer).toMatchObject({ errorType, finishReasons: ['error'] });
    expect(readCall(openai, { answer: `data: ${JSON.stringify(answer)}\n\n` }).answer).toMatchObject({
      errorType,
      finishReasons: ['error'],
    });
  });

  test.each(['stop', 'length', 'content_filter', 'refusal', 'tool_calls', 'eos', 'SAFETY', 'other'])(
    '%s is an end of the answer',
    (reason) => {
      expect(readCall(openai, { answer: choice(reason) }).answer?.errorType).toBeUndefined();
    },
  );

  test('that says less than the error beside it does not hide it', () => {
    const answer = { ...error('…', { code: 'server_error' }), ...choice('error') };
    expect(readCall(openai, { answer }).answer).toMatchObject({ errorType: 'server_error', finishReasons: ['error'] });
  });
});

test.each<[Record<string, string>, number | undefined]>([
  [{ 'retry-after': '20' }, 20],
  [{ 'retry-after': '20', 'retry-after-ms': '1500.5' }, 1.5005],
  [{ 'retry-after': '20', 'x-ms-retry-after-ms': '1500' }, 1.5],
  [{ 'retry-after': 'Sun, 06 Nov 1994 08:49:37 GMT', date: 'Sun, 06 Nov 1994 08:49:30 GMT' }, 7],
  [{ 'retry-after': 'Sun, 06 Nov 1994 08:49:37 GMT' }, undefined],
  [{ 'retry-after': 'soon', date: 'Sun, 06 Nov 1994 08:49:30 GMT' }, undefined],
])('the headers %j ask to wait %s seconds', (headers, seconds) => {
  const { answer } = readCall(openai, { status: 503, answer: {}, headers });
  expect(answer?.attributes?.['swarmscope.retry.after']).toBe(seconds);
});
