/** OpenAI completions, as the API, vLLM and Mistral's fill-in-the-middle write them. */
import { expect } from '@jest/globals';
import type { ProtocolTable } from '../protocol.cases.ts';

const model = 'gpt-3.5-turbo-instruct';
const usage = { prompt_tokens: 5, completion_tokens: 7, total_tokens: 12 };
const usageRead = expect.objectContaining({ inputTokens: 5, outputTokens: 7 }) as never;
const event = (data: unknown): string => `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
const chunk = (text: string, finishReason: string | null = null, more: object = {}): string =>
  event({
    id: 'cmpl-7',
    object: 'text_completion',
    created: 1_690_759_702,
    choices: [{ text, index: 0, logprobs: null, finish_reason: finishReason }],
    model,
    ...more,
  });

export const table: ProtocolTable = {
  own: [
    ['https://api.openai.com/v1/completions', 'openai'],
    ['https://me.openai.azure.com/openai/deployments/old/completions?api-version=2024-10-21', 'azure.ai.openai', 'text_completion', 'old'],
    ['https://codestral.mistral.ai/v1/fim/completions', 'mistral_ai'],
    ['http://localhost:8000/v1/completions', 'openai'],
  ],
  foreign: [
    ['GET', 'https://api.openai.com/v1/completions'],
    ['POST', 'https://corp.example/courses/completions/list'],
  ],
  request: {
    request: { model, prompt: 'canary-prompt', max_tokens: 16, temperature: 0.5, n: 2, stop: ['\n'], seed: 3, stream: true },
    expected: {
      requestModel: model,
      stream: true,
      attributes: {
        'gen_ai.request.max_tokens': 16,
        'gen_ai.request.temperature': 0.5,
        'gen_ai.request.choice.count': 2,
        'gen_ai.request.stop_sequences': ['\n'],
        'gen_ai.request.seed': 3,
      },
    },
  },
  plain: {
    answer: {
      id: 'cmpl-1',
      object: 'text_completion',
      created: 1_589_478_378,
      model,
      choices: [{ text: 'canary-answer', index: 0, logprobs: null, finish_reason: 'length' }],
      usage,
    },
    expected: { responseId: 'cmpl-1', responseModel: model, finishReasons: ['length'], usage: usageRead },
  },
  stream: {
    request: { model, prompt: 'canary-prompt', stream: true, stream_options: { include_usage: true } },
    answer: [
      chunk('canary'),
      chunk(' grüßt'),
      chunk(' 🐝'),
      chunk('', 'stop'),
      event({ id: 'cmpl-7', model, choices: [], usage }),
      event('[DONE]'),
    ].join(''),
    outputs: 3,
    expected: { responseId: 'cmpl-7', responseModel: model, finishReasons: ['stop'], usage: usageRead },
  },
  errors: {
    status: {
      status: 404,
      answer: { error: { message: 'canary model does not exist', type: 'invalid_request_error', code: 'model_not_found' } },
      expected: { errorType: 'model_not_found' },
    },
    body: { answer: { error: { message: 'canary', code: 502 } }, expected: { statusCode: 200, errorType: '502' } },
    event: {
      answer: [chunk('canary'), event({ error: { message: 'canary', type: 'server_error' } })].join(''),
      expected: { statusCode: 200, errorType: 'server_error' },
    },
  },
  tools: { doesNotApply: 'completions without messages call no tools' },
  content: {
    request: { model, prompt: ['canary-prompt', 'canary-second'] },
    asked: {
      'gen_ai.input.messages': [
        { role: 'user', parts: [{ type: 'text', content: 'canary-prompt' }] },
        { role: 'user', parts: [{ type: 'text', content: 'canary-second' }] },
      ],
    },
    answered: { 'gen_ai.output.messages': [{ role: 'assistant', parts: [{ type: 'text', content: 'canary-answer' }] }] },
  },
};
