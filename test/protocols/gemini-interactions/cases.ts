/** Gemini's interactions: answers and events have the members that `@google/genai` 3.3 declares for them. */
import { expect } from '@jest/globals';
import type { ProtocolTable } from '../protocol.cases.ts';

const model = 'gemini-3.5-flash';
const id = 'v1_ChdGbzQ4YWFERUF1cWp2ZElQ';
const usage = {
  total_input_tokens: 19,
  total_output_tokens: 6,
  total_thought_tokens: 4,
  total_cached_tokens: 8,
  total_tool_use_tokens: 0,
  total_tokens: 29,
  input_tokens_by_modality: [{ modality: 'text', tokens: 19 }],
};
const usageRead = expect.objectContaining({ inputTokens: 19, outputTokens: 10, cacheReadTokens: 8, reasoningTokens: 4 }) as never;
const answer = (steps: readonly object[], status = 'completed', more: object = {}): object => ({
  id,
  model,
  object: 'interaction',
  status,
  created: '2026-06-10T09:00:00Z',
  steps,
  usage,
  ...more,
});
const thought = { type: 'thought', signature: 'c2ln', summary: [{ type: 'text', text: 'canary-thought' }] };
const said = (text: string): object => ({ type: 'model_output', content: [{ type: 'text', text }] });
const weather = { type: 'function_call', id: 'fc_1', name: 'get_weather', arguments: { city: 'canary-city' } };
const search = { type: 'google_search_call', id: 'gs_1', arguments: { queries: ['canary-query'] } };

const event = (type: string, data: object): string => `event: ${type}\ndata: ${JSON.stringify({ event_type: type, ...data })}\n\n`;
const begin = event('interaction.created', { interaction: { id, model, object: 'interaction', status: 'in_progress' } });
const start = (index: number, step: object): string => event('step.start', { index, step });
const delta = (index: number, data: object): string => event('step.delta', { index, delta: data });
const stop = (index: number): string => event('step.stop', { index });
const end = (status: string): string => event('interaction.completed', { interaction: { id, model, status, usage } });
const tools = [
  { type: 'function', name: 'get_weather', description: 'canary-description', parameters: { type: 'object' } },
  { type: 'google_search' },
];

export const table: ProtocolTable = {
  own: [
    ['https://generativelanguage.googleapis.com/v1beta/interactions', 'gcp.gemini'],
    ['https://aiplatform.googleapis.com/v1beta1/projects/p/locations/global/interactions', 'gcp.vertex_ai'],
    ['GET https://generativelanguage.googleapis.com/v1beta/interactions/v1_abc', 'gcp.gemini', 'fetch_response'],
    ['https://generativelanguage.googleapis.com/v1beta/interactions/v1_abc/cancel', 'gcp.gemini', 'cancel_response'],
  ],
  foreign: [
    ['GET', 'https://generativelanguage.googleapis.com/v1beta/interactions'],
    ['DELETE', 'https://generativelanguage.googleapis.com/v1beta/interactions/v1_abc'],
  ],
  request: {
    request: {
      model,
      input: 'canary-question',
      system_instruction: 'canary-instruction',
      previous_interaction_id: 'v1_before',
      stream: true,
      response_mime_type: 'application/json',
      generation_config: {
        temperature: 0.2,
        top_p: 0.9,
        seed: 7,
        max_output_tokens: 64,
        stop_sequences: ['END'],
        thinking_level: 'low',
      },
    },
    expected: {
      requestModel: model,
      stream: true,
      attributes: {
        'gen_ai.request.temperature': 0.2,
        'gen_ai.request.top_p': 0.9,
        'gen_ai.request.seed': 7,
        'gen_ai.request.max_tokens': 64,
        'gen_ai.request.stop_sequences': ['END'],
        'gen_ai.request.reasoning.level': 'low',
        'gen_ai.request.previous_response.id': 'v1_before',
        'gen_ai.output.type': 'json',
      },
    },
  },
  plain: {
    answer: answer([thought, said('canary-answer')]),
    expected: { responseId: id, responseModel: model, responseStatus: 'completed', finishReasons: ['stop'], usage: usageRead },
  },
  stream: {
    request: { model, stream: true, input: 'canary-question' },
    answer: [
      begin,
      start(0, { type: 'model_output' }),
      ...['canary', ' grüßt "usage": {', ' 🐝'].map((text) => delta(0, { type: 'text', text })),
      stop(0),
      end('completed'),
    ].join(''),
    outputs: 3,
    expected: { responseId: id, responseModel: model, finishReasons: ['stop'], usage: usageRead },
  },
  errors: {
    status: {
      status: 429,
      answer: { error: { code: 'too_many_requests', message: 'canary quota' } },
      expected: { errorType: 'too_many_requests' },
    },
    body: {
      answer: answer([], 'failed', { errors: [{ code: 'internal_error', message: 'canary' }] }),
      expected: { statusCode: 200, errorType: 'internal_error', finishReasons: ['error'], responseStatus: 'failed' },
    },
    event: {
      answer:
        begin +
        start(0, { type: 'model_output' }) +
        delta(0, { type: 'text', text: 'canary' }) +
        event('error', { error: { code: 'gateway_timeout', message: 'canary' } }),
      expected: { statusCode: 200, errorType: 'gateway_timeout' },
    },
  },
  tools: {
    offered: { request: { model, input: [], tools }, expected: { toolsOffered: ['get_weather', 'google_search'] } },
    called: {
      answer: answer([search, weather], 'requires_action'),
      ids: ['', 'fc_1'],
      expected: {
        toolsCalled: ['google_search', 'get_weather'],
        finishReasons: ['tool_call'],
        responseStatus: 'completed',
        billing: expect.objectContaining({ unpriceable: 'searches' }) as never,
      },
    },
    inPieces: {
      answer: [
        begin,
        start(0, { ...weather, arguments: {} }),
        ...['{"city":', '"canary', '-city"}'].map((text) => delta(0, { type: 'arguments_delta', arguments: text })),
        stop(0),
        end('requires_action'),
      ].join(''),
      ids: ['fc_1'],
      messages: [
        { role: 'assistant', parts: [{ type: 'tool_call', id: 'fc_1', name: 'get_weather', arguments: { city: 'canary-city' } }] },
      ],
      expected: { toolsCalled: ['get_weather'], finishReasons: ['tool_call'] },
    },
    results: {
      asking: { model, input: 'canary-question' },
      request: {
        model,
        input: [
          { type: 'user_input', content: [{ type: 'text', text: 'canary-question' }] },
          weather,
          { type: 'function_result', call_id: 'fc_1', name: 'get_weather', result: 'canary-sunny' },
        ],
      },
      expected: [{ callId: 'fc_1', name: 'get_weather', isLast: true }],
    },
  },
  content: {
    request: {
      model,
      system_instruction: 'canary-instruction',
      tools,
      input: [
        {
          type: 'user_input',
          content: [
            { type: 'text', text: 'canary-question' },
            { type: 'image', data: 'CANARYIMAGE', mime_type: 'image/png' },
          ],
        },
        weather,
        { type: 'function_result', call_id: 'fc_1', result: 'canary-sunny' },
      ],
    },
    asked: {
      'gen_ai.input.messages': [
        {
          role: 'user',
          parts: [
            { type: 'text', content: 'canary-question' },
            { type: 'blob', modality: 'image', mime_type: 'image/png', content: '[removed]', byte_size: 8 },
          ],
        },
        { role: 'assistant', parts: [{ type: 'tool_call', id: 'fc_1', name: 'get_weather', arguments: { city: 'canary-city' } }] },
        { role: 'tool', parts: [{ type: 'tool_call_response', id: 'fc_1', response: 'canary-sunny' }] },
      ],
      'gen_ai.system_instructions': [{ type: 'text', content: 'canary-instruction' }],
      'gen_ai.tool.definitions': [
        { type: 'function', name: 'get_weather' },
        { type: 'function', name: 'google_search' },
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
