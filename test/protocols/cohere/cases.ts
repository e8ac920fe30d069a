/** Cohere's chat of version 2, as its API writes it. */
import { expect } from '@jest/globals';
import type { ProtocolTable } from '../protocol.cases.ts';

const model = 'command-a-03-2025';
const id = 'c14c80c3-18eb-4519-9460-6c92edd8cfb4';
const usage = { billed_units: { input_tokens: 5, output_tokens: 418 }, tokens: { input_tokens: 71, output_tokens: 420 }, cached_tokens: 3 };
const usageRead = expect.objectContaining({ inputTokens: 5, outputTokens: 418, cacheReadTokens: 3 }) as never;

const answer = (message: object, finishReason: string): object => ({
  id,
  finish_reason: finishReason,
  message: { role: 'assistant', ...message },
  usage,
});
const event = (type: string, data: object = {}): string => `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
const begin = event('message-start', { id, delta: { message: { role: 'assistant', content: [], tool_plan: '', tool_calls: [] } } });
const piece = (text: string): string => event('content-delta', { index: 0, delta: { message: { content: { text } } } });
const end = (finishReason: string): string => event('message-end', { id, delta: { finish_reason: finishReason, usage } });

const weather = { id: 'get_weather_1', type: 'function', function: { name: 'get_weather', arguments: '{"city":"canary-city"}' } };
const code = { id: 'run_code_2', type: 'function', function: { name: 'run_code', arguments: '{"code":"canary-code"}' } };
const tools = [
  { type: 'function', function: { name: 'get_weather', description: 'canary-description', parameters: {} } },
  { type: 'function', function: { name: 'run_code', description: 'canary-description', parameters: {} } },
];
const callPiece = (index: number, call: object): string => event('tool-call-start', { index, delta: { message: { tool_calls: call } } });
const argumentPiece = (index: number, text: string): string =>
  event('tool-call-delta', { index, delta: { message: { tool_calls: { function: { arguments: text } } } } });

export const table: ProtocolTable = {
  own: [
    ['https://api.cohere.com/v2/chat', 'cohere'],
    ['https://gateway.corp.example/cohere/v2/chat', 'cohere'],
    ['https://api.cohere.com/v2/embed', 'cohere', 'embeddings'],
    ['https://api.cohere.com/v2/rerank', 'cohere', 'rerank'],
    ['https://api.cohere.ai/v1/rerank', 'cohere', 'rerank'],
  ],
  foreign: [
    ['GET', 'https://api.cohere.com/v1/models'],
    ['POST', 'https://api.cohere.com/v1/tokenize'],
  ],
  request: {
    request: {
      model,
      messages: [{ role: 'user', content: 'canary-question' }],
      temperature: 0.2,
      p: 0.9,
      k: 40,
      frequency_penalty: 0.5,
      presence_penalty: 0.25,
      max_tokens: 64,
      seed: 7,
      stop_sequences: ['END'],
      response_format: { type: 'json_object', json_schema: { canary: true } },
      stream: true,
    },
    expected: {
      requestModel: model,
      stream: true,
      attributes: {
        'gen_ai.request.temperature': 0.2,
        'gen_ai.request.top_p': 0.9,
        'gen_ai.request.top_k': 40,
        'gen_ai.request.frequency_penalty': 0.5,
        'gen_ai.request.presence_penalty': 0.25,
        'gen_ai.request.max_tokens': 64,
        'gen_ai.request.seed': 7,
        'gen_ai.request.stop_sequences': ['END'],
        'gen_ai.output.type': 'json',
      },
    },
  },
  plain: {
    answer: answer(
      {
        content: [
          { type: 'thinking', thinking: 'canary-thought' },
          { type: 'text', text: 'canary-answer' },
        ],
      },
      'COMPLETE',
    ),
    expected: { responseId: id, finishReasons: ['stop'], usage: usageRead },
  },
  stream: {
    request: { model, stream: true, messages: [{ role: 'user', content: 'canary-question' }] },
    answer: [
      begin,
      event('content-start', { index: 0, delta: { message: { content: { type: 'text', text: '' } } } }),
      ...['canary', ' grüßt "usage": {', ' 蜂群 🐝'].map(piece),
      event('content-end', { index: 0 }),
      end('MAX_TOKENS'),
    ].join(''),
    outputs: 3,
    expected: { responseId: id, finishReasons: ['length'], usage: usageRead },
  },
  errors: {
    status: {
      status: 429,
      headers: { 'retry-after': '20' },
      answer: { id, message: 'canary: you are using a trial key, which is limited to 20 calls a minute' },
      expected: { errorType: '429', attributes: expect.objectContaining({ 'swarmscope.retry.after': 20 }) as never },
    },
    body: {
      answer: answer({ content: [] }, 'TIMEOUT'),
      expected: { statusCode: 200, errorType: 'timeout', finishReasons: ['error'] },
    },
    event: {
      answer: [
        begin,
        piece('canary'),
        event('message-end', { id, delta: { finish_reason: 'ERROR', error: 'canary: the server failed', usage } }),
      ].join(''),
      expected: { statusCode: 200, errorType: '_OTHER' },
    },
  },
  tools: {
    offered: { request: { model, messages: [], tools }, expected: { toolsOffered: ['get_weather', 'run_code'] } },
    called: {
      answer: answer({ tool_plan: 'canary-plan', tool_calls: [weather, code] }, 'TOOL_CALL'),
      ids: ['get_weather_1', 'run_code_2'],
      expected: { toolsCalled: ['get_weather', 'run_code'], finishReasons: ['tool_call'] },
    },
    inPieces: {
      answer: [
        begin,
        event('tool-plan-delta', { delta: { message: { tool_plan: 'canary-plan' } } }),
        callPiece(0, { ...weather, function: { name: 'get_weather', arguments: '' } }),
        ...['{"city":', '"canary', '-city"}'].map((text) => argumentPiece(0, text)),
        event('tool-call-end', { index: 0 }),
        callPiece(1, code),
        event('tool-call-end', { index: 1 }),
        end('TOOL_CALL'),
      ].join(''),
      ids: ['get_weather_1', 'run_code_2'],
      messages: [
        {
          role: 'assistant',
          parts: [
            { type: 'reasoning', content: 'canary-plan' },
            { type: 'tool_call', id: 'get_weather_1', name: 'get_weather', arguments: { city: 'canary-city' } },
            { type: 'tool_call', id: 'run_code_2', name: 'run_code', arguments: { code: 'canary-code' } },
          ],
        },
      ],
      expected: { toolsCalled: ['get_weather', 'run_code'], finishReasons: ['tool_call'] },
    },
    results: {
      asking: {
        messages: [
          { role: 'system', content: 'canary-instruction of nine' },
          { role: 'user', content: 'canary-question' },
          { role: 'assistant', tool_plan: 'canary-plan', tool_calls: [{ ...weather, id: 'get_weather_0' }] },
          { role: 'tool', tool_call_id: 'get_weather_0', content: 'canary-rain' },
        ],
      },
      request: {
        model,
        messages: [
          { role: 'system', content: 'canary-instruction of ten' },
          { role: 'user', content: [{ type: 'text', text: 'canary-question' }] },
          { role: 'assistant', tool_calls: [{ ...weather, id: 'get_weather_0' }] },
          { role: 'tool', tool_call_id: 'get_weather_0', content: '[removed]' },
          { role: 'assistant', tool_calls: [weather, code] },
          { role: 'tool', tool_call_id: 'get_weather_1', content: [{ type: 'document', document: { data: 'canary-sunny' } }] },
          { role: 'tool', tool_call_id: 'run_code_2', content: 'canary-output' },
        ],
      },
      expected: [
        { callId: 'get_weather_0', name: 'get_weather', isLast: false },
        { callId: 'get_weather_1', name: 'get_weather', isLast: true },
        { callId: 'run_code_2', name: 'run_code', isLast: true },
      ],
    },
  },
  content: {
    request: {
      model,
      tools,
      messages: [
        { role: 'system', content: 'canary-instruction' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'canary-question' },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,CANARYIMAGE' } },
            { type: 'document', document: { data: 'CANARYDOCUMENT' } },
          ],
        },
        { role: 'assistant', tool_plan: 'canary-plan', tool_calls: [weather] },
        { role: 'tool', tool_call_id: 'get_weather_1', content: 'canary-sunny' },
      ],
    },
    asked: {
      'gen_ai.input.messages': [
        { role: 'system', parts: [{ type: 'text', content: 'canary-instruction' }] },
        {
          role: 'user',
          parts: [
            { type: 'text', content: 'canary-question' },
            { type: 'blob', modality: 'image', mime_type: 'image/png', content: '[removed]', byte_size: 8 },
            { type: 'document' },
          ],
        },
        {
          role: 'assistant',
          parts: [
            { type: 'reasoning', content: 'canary-plan' },
            { type: 'tool_call', id: 'get_weather_1', name: 'get_weather', arguments: { city: 'canary-city' } },
          ],
        },
        { role: 'tool', parts: [{ type: 'tool_call_response', id: 'get_weather_1', response: 'canary-sunny' }] },
      ],
      'gen_ai.tool.definitions': [
        { type: 'function', name: 'get_weather' },
        { type: 'function', name: 'run_code' },
      ],
    },
    answered: {
      'gen_ai.output.messages': [
        {
          role: 'assistant',
          parts: [
            { type: 'reasoning', content: 'canary-thought' },
            { type: 'text', content: 'canary-answer' },
          ],
        },
      ],
    },
  },
};
