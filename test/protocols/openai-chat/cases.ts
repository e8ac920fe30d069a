/** OpenAI chat completions, as the API and the servers that speak the same write them. */
import { expect } from '@jest/globals';
import type { ProtocolTable } from '../protocol.cases.ts';

const model = 'gpt-4o-mini-2024-07-18';
const usage = {
  prompt_tokens: 19,
  completion_tokens: 10,
  total_tokens: 29,
  prompt_tokens_details: { cached_tokens: 8, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 4, audio_tokens: 0, accepted_prediction_tokens: 0, rejected_prediction_tokens: 0 },
};
const usageRead = { inputTokens: 19, outputTokens: 10, cacheReadTokens: 8, reasoningTokens: 4 };

const answer = (message: object, finishReason: string): object => ({
  id: 'chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT',
  object: 'chat.completion',
  created: 1_741_569_952,
  model,
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: null, refusal: null, annotations: [], ...message },
      logprobs: null,
      finish_reason: finishReason,
    },
  ],
  usage,
  service_tier: 'default',
  system_fingerprint: 'fp_44709d6fcb',
});

const event = (data: unknown): string => `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
const chunk = (delta: object, finishReason: string | null = null): string =>
  event({
    id: 'chatcmpl-123',
    object: 'chat.completion.chunk',
    created: 1_694_268_190,
    model,
    service_tier: 'default',
    system_fingerprint: 'fp_44709d6fcb',
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
    usage: null,
    obfuscation: 'nlRzVKeX',
  });
const lastChunk = event({
  id: 'chatcmpl-123',
  object: 'chat.completion.chunk',
  created: 1_694_268_190,
  model,
  choices: [],
  usage,
  obfuscation: 'a',
});
const done = event('[DONE]');

const parameters = {
  type: 'object',
  properties: { location: { type: 'string', description: 'canary-description' } },
  required: ['location'],
};
const tools = [
  { type: 'function', function: { name: 'get_weather', description: 'canary-description', parameters, strict: true } },
  { type: 'custom', custom: { name: 'run_code', description: 'canary-description' } },
];
const weatherCall = { id: 'call_abc123', type: 'function', function: { name: 'get_weather', arguments: '{"location":"canary-city"}' } };
const codeCall = { id: 'call_def456', type: 'custom', custom: { name: 'run_code', input: 'canary-code' } };

export const table: ProtocolTable = {
  own: [
    ['https://api.openai.com/v1/chat/completions', 'openai'],
    ['https://me.openai.azure.com/openai/deployments/x/chat/completions?api-version=2024-10-21', 'azure.ai.openai', 'chat', 'x'],
    ['https://llm.corp.example/azure/openai/deployments/gpt%204/chat/completions', 'azure.ai.openai', 'chat', 'gpt 4'],
    ['https://api.groq.com/openai/v1/chat/completions', 'groq'],
    ['https://openrouter.ai/api/v1/chat/completions', 'openrouter'],
    ['https://api.deepseek.com/chat/completions', 'deepseek'],
    ['https://api.mistral.ai/v1/agents/completions', 'mistral_ai'],
    ['https://x.cloud.databricks.com/serving-endpoints/gpt-oss/invocations', 'databricks', 'chat', 'gpt-oss'],
    ['https://llm.corp.example/serving-endpoints/mine/invocations', 'databricks', 'chat', 'mine'],
    ['https://generativelanguage.googleapis.com/v1beta/openai/chat/completions', 'gcp.gemini'],
    ['https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/l/endpoints/openapi/chat/completions', 'gcp.vertex_ai'],
    [
      'https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/l/publishers/mistralai/models/mistral-medium-3:rawPredict',
      'gcp.vertex_ai',
      'chat',
      'mistral-medium-3',
    ],
    [
      'https://llm.corp.example/v1/projects/p/locations/l/publishers/mistralai/models/codestral-2501:streamRawPredict',
      'gcp.vertex_ai',
      'chat',
      'codestral-2501',
    ],
    ['http://localhost:8000/v1/chat/completions', 'openai'],
  ],
  foreign: [
    ['GET', 'https://api.openai.com/v1/chat/completions'],
    ['POST', 'https://api.openai.com/v1/chat/completions/chatcmpl-abc123'],
    ['POST', 'https://api.openai.com/v1/files'],
    ['POST', 'http://localhost:4318/v1/traces'],
  ],
  request: {
    request: {
      model: 'gpt-4o-mini',
      messages: [{ role: 'user', content: 'canary-question' }],
      temperature: 0.2,
      top_p: 0.9,
      frequency_penalty: 0.5,
      presence_penalty: -0.5,
      max_completion_tokens: 64,
      seed: 7,
      stop: 'END',
      n: 2,
      reasoning_effort: 'low',
      response_format: { type: 'json_schema', json_schema: { name: 'canary-schema', schema: {} } },
      stream: true,
    },
    expected: {
      requestModel: 'gpt-4o-mini',
      stream: true,
      attributes: {
        'gen_ai.request.temperature': 0.2,
        'gen_ai.request.top_p': 0.9,
        'gen_ai.request.frequency_penalty': 0.5,
        'gen_ai.request.presence_penalty': -0.5,
        'gen_ai.request.max_tokens': 64,
        'gen_ai.request.seed': 7,
        'gen_ai.request.stop_sequences': ['END'],
        'gen_ai.request.choice.count': 2,
        'gen_ai.request.reasoning.level': 'low',
        'gen_ai.output.type': 'json',
      },
    },
  },
  plain: {
    answer: answer({ content: 'canary-answer' }, 'stop'),
    expected: {
      responseId: 'chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT',
      responseModel: model,
      finishReasons: ['stop'],
      usage: expect.objectContaining(usageRead) as never,
    },
  },
  stream: {
    request: {
      model: 'gpt-4o-mini',
      stream: true,
      stream_options: { include_usage: true },
      messages: [{ role: 'user', content: 'canary-question' }],
    },
    answer: [
      chunk({ role: 'assistant', content: '', refusal: null }),
      ...['canary', ' grüßt', ' "usage": {', ' 蜂群 🐝'].map((content) => chunk({ content })),
      chunk({}, 'stop'),
      lastChunk,
      done,
    ].join(''),
    outputs: 4,
    expected: {
      responseId: 'chatcmpl-123',
      responseModel: model,
      finishReasons: ['stop'],
      usage: expect.objectContaining(usageRead) as never,
    },
  },
  errors: {
    status: {
      status: 429,
      headers: {
        'retry-after': '20',
        'x-ratelimit-limit-requests': '60',
        'x-ratelimit-remaining-requests': '0',
        'x-ratelimit-limit-tokens': '150000',
        'x-ratelimit-remaining-tokens': '149984',
      },
      answer: {
        error: { message: 'Rate limit reached for canary-organization', type: 'requests', param: null, code: 'rate_limit_exceeded' },
      },
      expected: {
        errorType: 'rate_limit_exceeded',
        rateLimits: [
          { kind: 'requests', limit: 60, remaining: 0 },
          { kind: 'tokens', limit: 150_000, remaining: 149_984 },
        ],
        attributes: expect.objectContaining({ 'swarmscope.retry.after': 20 }) as never,
      },
    },
    // OpenRouter, whose upstream failed after the status was sent.
    body: { answer: { error: { message: 'canary-provider returned error', code: 502 } }, expected: { statusCode: 200, errorType: '502' } },
    event: {
      answer: [
        chunk({ role: 'assistant', content: 'canary' }),
        event({ error: { message: 'canary had an error', type: 'server_error', param: null, code: null } }),
      ].join(''),
      expected: { statusCode: 200, errorType: 'server_error' },
    },
  },
  tools: {
    offered: {
      request: { model: 'gpt-4o', messages: [], tools, functions: [{ name: 'old_style' }] },
      expected: { toolsOffered: ['get_weather', 'run_code', 'old_style'] },
    },
    called: {
      answer: answer({ tool_calls: [weatherCall, codeCall] }, 'tool_calls'),
      ids: ['call_abc123', 'call_def456'],
      expected: { toolsCalled: ['get_weather', 'run_code'], finishReasons: ['tool_call'] },
    },
    inPieces: {
      answer: [
        chunk({
          role: 'assistant',
          content: null,
          tool_calls: [{ index: 0, ...weatherCall, function: { name: 'get_weather', arguments: '' } }],
        }),
        ...['{"loca', 'tion":"canary', '-city"}'].map((text) => chunk({ tool_calls: [{ index: 0, function: { arguments: text } }] })),
        chunk({ tool_calls: [{ index: 1, ...codeCall }] }),
        chunk({}, 'tool_calls'),
        lastChunk,
        done,
      ].join(''),
      ids: ['call_abc123', 'call_def456'],
      messages: [
        {
          role: 'assistant',
          parts: [
            { type: 'tool_call', id: 'call_abc123', name: 'get_weather', arguments: { location: 'canary-city' } },
            { type: 'tool_call', id: 'call_def456', name: 'run_code', arguments: 'canary-code' },
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
          { role: 'assistant', content: null, tool_calls: [{ ...weatherCall, id: 'call_of_an_earlier_turn' }] },
          { role: 'tool', tool_call_id: 'call_of_an_earlier_turn', content: 'canary-rain' },
        ],
      },
      // One result a message, and what the user says since.
      request: {
        model: 'gpt-4o',
        messages: [
          { role: 'system', content: 'canary-instruction of ten' },
          { role: 'user', content: [{ type: 'text', text: 'canary-question' }] },
          { role: 'assistant', content: null, tool_calls: [{ ...weatherCall, id: 'call_of_an_earlier_turn' }] },
          { role: 'tool', tool_call_id: 'call_of_an_earlier_turn', content: '[removed]' },
          { role: 'assistant', content: null, tool_calls: [weatherCall, codeCall] },
          { role: 'tool', tool_call_id: 'call_abc123', content: 'canary-sunny' },
          { role: 'tool', tool_call_id: 'call_def456', content: 'canary-output' },
          { role: 'user', content: 'canary-hurry' },
        ],
      },
      expected: [
        { callId: 'call_of_an_earlier_turn', name: 'get_weather', isLast: false },
        { callId: 'call_abc123', name: 'get_weather', isLast: true },
        { callId: 'call_def456', name: 'run_code', isLast: true },
      ],
    },
  },
  content: {
    request: {
      model: 'gpt-4o',
      tools,
      messages: [
        { role: 'system', content: 'canary-instruction' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'canary-question' },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,CANARYIMAGE' } },
            { type: 'input_audio', input_audio: { data: 'CANARYAUDIO', format: 'wav' } },
            { type: 'file', file: { file_data: 'CANARYFILE' } },
          ],
        },
        { role: 'assistant', content: null, tool_calls: [weatherCall] },
        { role: 'tool', tool_call_id: 'call_abc123', content: 'canary-sunny' },
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
            { type: 'blob', modality: 'audio', mime_type: 'audio/wav', content: '[removed]', byte_size: 8 },
            { type: 'blob', modality: 'document', content: '[removed]', byte_size: 7 },
          ],
        },
        {
          role: 'assistant',
          parts: [{ type: 'tool_call', id: 'call_abc123', name: 'get_weather', arguments: { location: 'canary-city' } }],
        },
        { role: 'tool', parts: [{ type: 'tool_call_response', id: 'call_abc123', response: 'canary-sunny' }] },
      ],
      'gen_ai.tool.definitions': [
        { type: 'function', name: 'get_weather' },
        { type: 'function', name: 'run_code' },
      ],
    },
    answered: { 'gen_ai.output.messages': [{ role: 'assistant', parts: [{ type: 'text', content: 'canary-answer' }] }] },
  },
};
