/** Anthropic messages, as the API writes them. */
import { expect } from '@jest/globals';
import type { ProtocolTable } from '../protocol.cases.ts';

const model = 'claude-sonnet-4-5-20250929';
const usage = { input_tokens: 12, cache_creation_input_tokens: 3, cache_read_input_tokens: 5, output_tokens: 9, service_tier: 'standard' };
const usageRead = { inputTokens: 20, outputTokens: 9, cacheReadTokens: 5, cacheWriteTokens: 3 };

const answer = (content: readonly object[], stopReason: string): object => ({
  id: 'msg_01XFDUDYJgAACzvnptvVoYEL',
  type: 'message',
  role: 'assistant',
  model,
  content,
  stop_reason: stopReason,
  stop_sequence: null,
  usage,
});

const event = (type: string, rest: object = {}): string => `event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`;
const start = event('message_start', {
  message: { ...answer([], ''), stop_reason: null, usage: { ...usage, output_tokens: 1 } },
});
const delta = (index: number, piece: object): string => event('content_block_delta', { index, delta: piece });
const stop = (index: number): string => event('content_block_stop', { index });
const end = (stopReason: string): string =>
  event('message_delta', { delta: { stop_reason: stopReason, stop_sequence: null }, usage: { output_tokens: 9 } }) + event('message_stop');

const schema = { type: 'object', properties: { location: { type: 'string', description: 'canary-description' } }, required: ['location'] };
const tools = [
  { name: 'get_weather', description: 'canary-description', input_schema: schema },
  { type: 'web_search_20250305', name: 'web_search', max_uses: 5 },
];
const weatherCall = { type: 'tool_use', id: 'toolu_01A09q90qw90lq917835lq9', name: 'get_weather', input: { location: 'canary-city' } };
const searchCall = {
  type: 'server_tool_use',
  id: 'srvtoolu_01WYG3ziw53XMcoyKL4XcZmE',
  name: 'web_search',
  input: { query: 'canary-query' },
};

export const table: ProtocolTable = {
  own: [
    ['https://api.anthropic.com/v1/messages', 'anthropic'],
    ['https://api.anthropic.com/v1/messages?beta=true', 'anthropic'],
    ['https://notopenai.com/v1/messages', 'anthropic'],
    ['https://api.deepseek.com/anthropic/v1/messages', 'deepseek'],
    ['http://127.0.0.1:4000/v1/messages', 'anthropic'],
    ['https://api.anthropic.com/v1/messages/count_tokens?beta=true', 'anthropic', 'count_tokens'],
    ['https://api.anthropic.com/v1/messages/batches', 'anthropic', 'create_batch'],
    [
      'https://us-east5-aiplatform.googleapis.com/v1/projects/p/locations/us-east5/publishers/anthropic/models/count-tokens:rawPredict',
      'gcp.vertex_ai',
      'count_tokens',
    ],
    [
      'https://us-east5-aiplatform.googleapis.com/v1/projects/p/locations/us-east5/publishers/anthropic/models/claude-sonnet-4-5@20250929:rawPredict',
      'gcp.vertex_ai',
      'chat',
      'claude-sonnet-4-5@20250929',
    ],
    [
      'https://gateway.example/v1/projects/p/locations/global/publishers/anthropic/models/claude-opus-4-8:streamRawPredict',
      'gcp.vertex_ai',
      'chat',
      'claude-opus-4-8',
    ],
  ],
  foreign: [
    ['GET', 'https://api.anthropic.com/v1/messages'],
    ['GET', 'https://api.anthropic.com/v1/messages/batches/msgbatch_01'],
    ['POST', 'https://api.anthropic.com/v1/messages/batches/msgbatch_01/cancel'],
  ],
  request: {
    request: {
      model: 'claude-sonnet-4-5',
      max_tokens: 1024,
      messages: [{ role: 'user', content: 'canary-question' }],
      temperature: 0.7,
      top_p: 0.9,
      top_k: 5,
      stop_sequences: ['END', 'STOP'],
      output_config: { effort: 'medium' },
      stream: true,
    },
    expected: {
      requestModel: 'claude-sonnet-4-5',
      stream: true,
      attributes: {
        'gen_ai.request.max_tokens': 1024,
        'gen_ai.request.temperature': 0.7,
        'gen_ai.request.top_p': 0.9,
        'gen_ai.request.top_k': 5,
        'gen_ai.request.stop_sequences': ['END', 'STOP'],
        'gen_ai.request.reasoning.level': 'medium',
      },
    },
  },
  plain: {
    answer: answer([{ type: 'text', text: 'canary-answer' }], 'end_turn'),
    expected: { responseId: 'msg_01XFDUDYJgAACzvnptvVoYEL', responseModel: model, finishReasons: ['stop'], usage: usageRead },
  },
  stream: {
    request: { model: 'claude-sonnet-4-5', max_tokens: 256, stream: true, messages: [{ role: 'user', content: 'canary-question' }] },
    answer: [
      start,
      event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
      event('ping'),
      ...['canary', ' grüßt', ' "type": "error"', ' 蜂群 🐝'].map((text) => delta(0, { type: 'text_delta', text })),
      stop(0),
      end('end_turn'),
    ].join(''),
    outputs: 4,
    expected: { responseId: 'msg_01XFDUDYJgAACzvnptvVoYEL', responseModel: model, finishReasons: ['stop'], usage: usageRead },
  },
  errors: {
    status: {
      status: 429,
      headers: {
        'retry-after': '2',
        'anthropic-ratelimit-requests-limit': '50',
        'anthropic-ratelimit-requests-remaining': '49',
        'anthropic-ratelimit-input-tokens-limit': '30000',
        'anthropic-ratelimit-input-tokens-remaining': '0',
      },
      answer: {
        type: 'error',
        error: { type: 'rate_limit_error', message: 'canary-organization' },
        request_id: 'req_011CSHoEeqs5C35K2UUqR7Fy',
      },
      expected: {
        errorType: 'rate_limit_error',
        rateLimits: [
          { kind: 'requests', limit: 50, remaining: 49 },
          { kind: 'input_tokens', limit: 30_000, remaining: 0 },
        ],
        attributes: expect.objectContaining({ 'swarmscope.retry.after': 2 }) as never,
      },
    },
    body: {
      answer: { type: 'error', error: { type: 'api_error', message: 'canary' }, request_id: 'req_011CSHoEeqs5C35K2UUqR7Fy' },
      expected: { statusCode: 200, errorType: 'api_error', responseId: 'req_011CSHoEeqs5C35K2UUqR7Fy' },
    },
    event: {
      answer: [
        start,
        event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
        delta(0, { type: 'text_delta', text: 'canary' }),
        event('error', { error: { type: 'overloaded_error', message: 'canary' } }),
      ].join(''),
      expected: { statusCode: 200, errorType: 'overloaded_error' },
    },
  },
  tools: {
    offered: {
      request: { model: 'claude-sonnet-4-5', max_tokens: 9, messages: [], tools },
      expected: { toolsOffered: ['get_weather', 'web_search'] },
    },
    called: {
      answer: answer([{ type: 'text', text: 'canary' }, searchCall, weatherCall], 'tool_use'),
      // The provider searches by itself: no result is sent by the client.
      ids: ['', 'toolu_01A09q90qw90lq917835lq9'],
      expected: { toolsCalled: ['web_search', 'get_weather'], finishReasons: ['tool_call'] },
    },
    inPieces: {
      answer: [
        start,
        event('content_block_start', { index: 0, content_block: { ...weatherCall, input: {} } }),
        ...['', '{"loca', 'tion":"canary', '-city"}'].map((text) => delta(0, { type: 'input_json_delta', partial_json: text })),
        stop(0),
        event('content_block_start', { index: 1, content_block: searchCall }),
        stop(1),
        end('tool_use'),
      ].join(''),
      ids: ['toolu_01A09q90qw90lq917835lq9', ''],
      messages: [
        {
          role: 'assistant',
          parts: [
            { type: 'tool_call', id: 'toolu_01A09q90qw90lq917835lq9', name: 'get_weather', arguments: { location: 'canary-city' } },
            {
              type: 'server_tool_call',
              id: 'srvtoolu_01WYG3ziw53XMcoyKL4XcZmE',
              name: 'web_search',
              server_tool_call: { type: 'web_search', arguments: { query: 'canary-query' } },
            },
          ],
        },
      ],
      expected: { toolsCalled: ['get_weather', 'web_search'], finishReasons: ['tool_call'] },
    },
    results: {
      asking: {
        messages: [
          { role: 'user', content: 'canary-question' },
          { role: 'assistant', content: [{ ...weatherCall, id: 'toolu_of_an_earlier_turn' }] },
          { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_of_an_earlier_turn', content: 'canary-rain' }] },
        ],
      },
      // Text behind a result, and a further message.
      request: {
        model: 'claude-sonnet-4-5',
        max_tokens: 9,
        messages: [
          { role: 'user', content: [{ type: 'text', text: 'canary-question', cache_control: { type: 'ephemeral' } }] },
          { role: 'assistant', content: [{ ...weatherCall, id: 'toolu_of_an_earlier_turn' }] },
          { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_of_an_earlier_turn', content: '[removed]' }] },
          { role: 'assistant', content: [{ type: 'text', text: 'canary' }, weatherCall] },
          {
            role: 'user',
            content: [
              { type: 'tool_result', tool_use_id: 'toolu_01A09q90qw90lq917835lq9', content: 'canary-sunny' },
              { type: 'text', text: 'canary-hurry' },
            ],
          },
          { role: 'user', content: 'canary-and-more' },
        ],
      },
      expected: [
        { callId: 'toolu_of_an_earlier_turn', name: 'get_weather', isLast: false },
        { callId: 'toolu_01A09q90qw90lq917835lq9', name: 'get_weather', isLast: true },
      ],
    },
  },
  content: {
    request: {
      model: 'claude-sonnet-4-5',
      max_tokens: 9,
      system: [{ type: 'text', text: 'canary-instruction', cache_control: { type: 'ephemeral' } }],
      tools,
      messages: [
        { role: 'user', content: 'canary-question' },
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'canary-thought', signature: 'EqQBCgIYAhIM' },
            { type: 'text', text: 'canary-plan' },
            weatherCall,
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'toolu_01A09q90qw90lq917835lq9', content: [{ type: 'text', text: 'canary-sunny' }] },
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'CANARYIMAGE' } },
            { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'CANARYDOCUMENT' } },
            { type: 'container_upload', file_id: 'CANARYFILE' },
          ],
        },
      ],
    },
    asked: {
      'gen_ai.system_instructions': [{ type: 'text', content: 'canary-instruction' }],
      'gen_ai.input.messages': [
        { role: 'user', parts: [{ type: 'text', content: 'canary-question' }] },
        {
          role: 'assistant',
          parts: [
            { type: 'reasoning', content: 'canary-thought' },
            { type: 'text', content: 'canary-plan' },
            { type: 'tool_call', id: 'toolu_01A09q90qw90lq917835lq9', name: 'get_weather', arguments: { location: 'canary-city' } },
          ],
        },
        {
          role: 'user',
          parts: [
            { type: 'tool_call_response', id: 'toolu_01A09q90qw90lq917835lq9', response: [{ type: 'text', content: 'canary-sunny' }] },
            { type: 'blob', modality: 'image', mime_type: 'image/png', content: '[removed]', byte_size: 8 },
            { type: 'blob', modality: 'document', mime_type: 'application/pdf', content: '[removed]', byte_size: 10 },
            { type: 'container_upload' },
          ],
        },
      ],
      'gen_ai.tool.definitions': [
        { type: 'function', name: 'get_weather' },
        { type: 'function', name: 'web_search' },
      ],
    },
    answered: { 'gen_ai.output.messages': [{ role: 'assistant', parts: [{ type: 'text', content: 'canary-answer' }] }] },
  },
};
