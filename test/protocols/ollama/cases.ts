/** Ollama's own chat, as its server writes it. */
import { expect } from '@jest/globals';
import type { ProtocolTable } from '../protocol.cases.ts';

const model = 'qwen3:8b';
const created = '2026-11-21T10:00:00.123456789Z';
const counts = {
  total_duration: 5_043_500_667,
  load_duration: 1_500_000_000,
  prompt_eval_count: 26,
  prompt_eval_duration: 325_953_000,
  eval_count: 290,
  eval_duration: 4_709_213_000,
};
const facts = {
  responseModel: model,
  usage: expect.objectContaining({ inputTokens: 26, outputTokens: 290 }) as never,
  attributes: expect.objectContaining({ 'swarmscope.inference.load_duration': 1.5 }) as never,
};

const piece = (message: object, more: object = {}): object => ({
  model,
  created_at: created,
  message: { role: 'assistant', content: '', ...message },
  done: false,
  ...more,
});
const last = piece({}, { done: true, done_reason: 'stop', ...counts });
// As server-sent events, which some gateways make of the lines; the suite reads the lines too.
const event = (data: unknown): string => `data: ${JSON.stringify(data)}\n\n`;

const weather = { function: { name: 'get_weather', arguments: { city: 'canary-city' } } };
/** As LangChain sends it again. */
const withMadeUpId = { id: '3f0c9d6e-0b5a-4c1e-9a51-0c8f1f0b2a77', ...weather };
const tools = [
  { type: 'function', function: { name: 'get_weather', description: 'canary-description', parameters: {} } },
  { type: 'function', function: { name: 'run_code', description: 'canary-description', parameters: {} } },
];

export const table: ProtocolTable = {
  own: [
    ['http://localhost:11434/api/chat', 'ollama'],
    ['http://gpu-7.example:11434/api/generate', 'ollama', 'text_completion'],
    ['http://127.0.0.1:11434/api/embed', 'ollama', 'embeddings'],
    ['http://127.0.0.1:11434/api/embeddings', 'ollama', 'embeddings'],
    ['https://ollama.com/api/chat', 'ollama'],
  ],
  foreign: [
    ['GET', 'http://localhost:11434/api/tags'],
    ['POST', 'http://localhost:11434/api/show'],
    ['POST', 'http://localhost:11434/api/pull'],
  ],
  request: {
    request: {
      model,
      messages: [{ role: 'user', content: 'canary-question' }],
      format: { type: 'object' },
      think: 'low',
      options: {
        temperature: 0.2,
        top_p: 0.9,
        top_k: 40,
        frequency_penalty: 0.5,
        presence_penalty: -0.5,
        num_predict: 64,
        seed: 7,
        stop: ['END'],
      },
    },
    expected: {
      requestModel: model,
      stream: true,
      attributes: {
        'gen_ai.request.temperature': 0.2,
        'gen_ai.request.top_p': 0.9,
        'gen_ai.request.top_k': 40,
        'gen_ai.request.frequency_penalty': 0.5,
        'gen_ai.request.presence_penalty': -0.5,
        'gen_ai.request.max_tokens': 64,
        'gen_ai.request.seed': 7,
        'gen_ai.request.stop_sequences': ['END'],
        'gen_ai.request.reasoning.level': 'low',
        'gen_ai.output.type': 'json',
      },
    },
  },
  plain: {
    request: { model, stream: false, messages: [] },
    answer: piece({ content: 'canary-answer', thinking: 'canary-thought' }, { done: true, done_reason: 'stop', ...counts }),
    expected: { ...facts, finishReasons: ['stop'] },
  },
  stream: {
    request: { model, messages: [{ role: 'user', content: 'canary-question' }] },
    answer: [
      piece({ thinking: 'canary-thought' }),
      ...['canary', ' grüßt "eval_count": 7', ' 蜂群 🐝'].map((content) => piece({ content })),
      last,
    ]
      .map(event)
      .join(''),
    outputs: 4,
    expected: { ...facts, finishReasons: ['stop'] },
  },
  errors: {
    status: {
      status: 404,
      answer: { error: 'model "canary" not found, try pulling it first' },
      expected: { errorType: '404' },
    },
    body: { answer: { error: 'canary: llama runner process has terminated' }, expected: { statusCode: 200, errorType: '_OTHER' } },
    event: {
      answer: [piece({ content: 'canary' }), { error: 'canary had an error' }].map(event).join(''),
      expected: { statusCode: 200, errorType: '_OTHER' },
    },
  },
  tools: {
    offered: { request: { model, messages: [], tools }, expected: { toolsOffered: ['get_weather', 'run_code'] } },
    called: {
      request: { model, stream: false, messages: [] },
      answer: piece(
        { tool_calls: [weather, weather, { id: 'call_7', function: { name: 'run_code', arguments: {} } }] },
        { done: true, done_reason: 'stop', ...counts },
      ),
      ids: ['get_weather#0', 'get_weather#1', 'call_7'],
      expected: { toolsCalled: ['get_weather', 'get_weather', 'run_code'] },
    },
    inPieces: {
      request: { model, messages: [] },
      answer: [
        piece({ tool_calls: [weather] }),
        piece({ tool_calls: [{ id: 'call_7', function: { index: 0, name: 'run_code', arguments: { code: 'canary-code' } } }] }),
        last,
      ]
        .map(event)
        .join(''),
      ids: ['get_weather#0', 'call_7'],
      messages: [
        {
          role: 'assistant',
          parts: [
            { type: 'tool_call', name: 'get_weather', arguments: { city: 'canary-city' } },
            { type: 'tool_call', id: 'call_7', name: 'run_code', arguments: { code: 'canary-code' } },
          ],
        },
      ],
      expected: { toolsCalled: ['get_weather', 'run_code'], finishReasons: ['stop'] },
    },
    results: {
      asking: {
        model,
        messages: [
          { role: 'system', content: 'canary-instruction of nine' },
          { role: 'user', content: 'canary-question' },
          { role: 'assistant', content: '', tool_calls: [weather] },
          { role: 'tool', tool_name: 'get_weather', content: 'canary-rain' },
        ],
      },
      request: {
        model,
        messages: [
          { role: 'system', content: 'canary-instruction of ten' },
          { role: 'user', content: 'canary-question' },
          { role: 'assistant', content: '', tool_calls: [weather] },
          { role: 'tool', tool_name: 'get_weather', content: '[removed]' },
          { role: 'assistant', content: '', tool_calls: [withMadeUpId, weather, { id: 'call_7', function: { name: 'run_code' } }] },
          { role: 'tool', tool_name: 'get_weather', content: 'canary-sunny' },
          { role: 'tool', content: 'canary without a name' },
          { role: 'tool', tool_call_id: 'call_7', content: 'canary-output' },
        ],
      },
      expected: [
        { callId: 'get_weather#0', name: 'get_weather', isLast: false },
        { callId: 'get_weather#0', name: 'get_weather', isLast: true },
        { callId: 'get_weather#1', name: 'get_weather', isLast: true },
        { callId: 'call_7', name: 'run_code', isLast: true },
      ],
    },
  },
  content: {
    request: {
      model,
      stream: false,
      tools,
      messages: [
        { role: 'system', content: 'canary-instruction' },
        { role: 'user', content: 'canary-question', images: ['CANARYIMAGE'] },
        { role: 'assistant', content: '', thinking: 'canary-thought', tool_calls: [weather] },
        { role: 'tool', tool_name: 'get_weather', content: 'canary-sunny' },
      ],
    },
    asked: {
      'gen_ai.input.messages': [
        { role: 'system', parts: [{ type: 'text', content: 'canary-instruction' }] },
        {
          role: 'user',
          parts: [
            { type: 'text', content: 'canary-question' },
            { type: 'blob', modality: 'image', content: '[removed]', byte_size: 8 },
          ],
        },
        {
          role: 'assistant',
          parts: [
            { type: 'reasoning', content: 'canary-thought' },
            { type: 'tool_call', name: 'get_weather', arguments: { city: 'canary-city' } },
          ],
        },
        { role: 'tool', parts: [{ type: 'tool_call_response', response: 'canary-sunny' }] },
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
