/** LM Studio's own chat, with the members that its documentation of the REST API v1 declares, and other texts. */
import { expect } from '@jest/globals';
import type { ProtocolTable } from '../protocol.cases.ts';

const model = 'openai/gpt-oss-20b';
const id = 'resp_02b2017dbc06c12bfc353a2ed6c2b802f8cc682884bb5716';
const stats = {
  input_tokens: 329,
  total_output_tokens: 268,
  reasoning_output_tokens: 5,
  tokens_per_second: 43.73,
  time_to_first_token_seconds: 0.781,
  model_load_time_seconds: 12.34,
};
const server = { type: 'ephemeral_mcp', server_label: 'weather' };
const called = { type: 'tool_call', tool: 'get_weather', arguments: { city: 'canary-city' }, provider_info: server };
const answer = (output: readonly object[], instance = model): object => ({ model_instance_id: instance, output, stats, response_id: id });
const facts = {
  responseModel: model,
  responseId: id,
  usage: expect.objectContaining({ inputTokens: 329, outputTokens: 268, reasoningTokens: 5 }) as never,
};
const loaded = { 'swarmscope.inference.load_duration': 12.34 };

const event = (type: string, data: object = {}): string => `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
const begin = [
  event('chat.start', { model_instance_id: model }),
  event('model_load.start', { model_instance_id: model }),
  event('model_load.progress', { model_instance_id: model, progress: 0.65 }),
  event('model_load.end', { model_instance_id: model, load_time_seconds: 12.34 }),
  event('prompt_processing.progress', { progress: 0.5 }),
].join('');
const said = (content: string): string => event('message.delta', { content });
const end = event('chat.end', { result: answer([{ type: 'message', content: 'canary' }]) });
const tool = { tool: 'get_weather', provider_info: server };
const failure = { reason: 'canary: no such tool', metadata: { type: 'invalid_name', tool_name: 'open_browser' } };

const integrations = [
  { type: 'ephemeral_mcp', server_label: 'weather', server_url: 'https://canary.example/mcp', allowed_tools: ['get_weather'] },
  { type: 'plugin', id: 'mcp/playwright', allowed_tools: ['browser_navigate'] },
];

export const table: ProtocolTable = {
  own: [
    ['http://127.0.0.1:1234/api/v1/chat', 'lm_studio'],
    ['http://gpu-7.example/api/v1/chat', 'lm_studio'],
  ],
  foreign: [
    ['GET', 'http://127.0.0.1:1234/api/v1/models'],
    ['POST', 'http://127.0.0.1:1234/api/v1/models/load'],
    ['POST', 'http://127.0.0.1:1234/api/v1/chats'],
  ],
  request: {
    request: {
      model,
      input: 'canary-question',
      stream: true,
      temperature: 0.2,
      top_p: 0.9,
      top_k: 40,
      max_output_tokens: 64,
      reasoning: 'low',
      integrations,
    },
    expected: {
      requestModel: model,
      stream: true,
      toolsOffered: ['get_weather', 'browser_navigate'],
      attributes: {
        'gen_ai.request.temperature': 0.2,
        'gen_ai.request.top_p': 0.9,
        'gen_ai.request.top_k': 40,
        'gen_ai.request.max_tokens': 64,
        'gen_ai.request.reasoning.level': 'low',
      },
    },
  },
  plain: {
    request: { model, input: 'canary-question', integrations: ['mcp/playwright'] },
    answer: answer(
      [
        { type: 'reasoning', content: 'canary-thought' },
        { ...called, output: 'canary-sunny' },
        { type: 'invalid_tool_call', ...failure },
        { type: 'message', content: 'canary-answer' },
      ],
      `${model}:2`,
    ),
    expected: {
      ...facts,
      toolsCalled: ['get_weather', 'open_browser'],
      attributes: expect.objectContaining({ ...loaded, 'swarmscope.tool.provider.names': ['get_weather', 'open_browser'] }) as never,
    },
  },
  stream: {
    request: { model, input: 'canary-question', stream: true },
    answer: [
      begin,
      event('reasoning.start'),
      event('reasoning.delta', { content: 'canary-thought' }),
      event('reasoning.end'),
      event('tool_call.start', tool),
      event('tool_call.arguments', { ...tool, arguments: { city: 'canary-city' } }),
      event('tool_call.success', { ...tool, arguments: { city: 'canary-city' }, output: 'canary-sunny' }),
      event('tool_call.failure', failure),
      event('message.start'),
      ...['canary', ' grüßt "input_tokens": 7', ' 蜂群 🐝'].map(said),
      event('message.end'),
      end,
    ].join(''),
    outputs: 6,
    expected: {
      ...facts,
      toolsCalled: ['get_weather', 'open_browser'],
      attributes: expect.objectContaining({ ...loaded, 'swarmscope.tool.provider.names': ['get_weather', 'open_browser'] }) as never,
    },
  },
  errors: {
    status: {
      status: 404,
      answer: { error: { type: 'model_not_found', message: 'canary is not there', param: 'model' } },
      expected: { errorType: 'model_not_found' },
    },
    body: {
      answer: { error: { type: 'internal_error', message: 'canary' } },
      expected: { statusCode: 200, errorType: 'internal_error' },
    },
    event: {
      answer: [begin, said('canary'), event('error', { error: { type: 'mcp_connection_error', message: 'canary' } }), end].join(''),
      expected: { statusCode: 200, errorType: 'mcp_connection_error', usage: facts.usage },
    },
  },
  tools: { doesNotApply: 'LM Studio runs every tool itself: no client sends a result' },
  content: {
    request: {
      model,
      system_prompt: 'canary-instruction',
      input: [
        { type: 'text', content: 'canary-question' },
        { type: 'image', data_url: 'data:image/png;base64,CANARYIMAGE=' },
      ],
      integrations,
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
      ],
      'gen_ai.system_instructions': [{ type: 'text', content: 'canary-instruction' }],
      'gen_ai.tool.definitions': [
        { type: 'function', name: 'get_weather' },
        { type: 'function', name: 'browser_navigate' },
      ],
    },
    answered: {
      'gen_ai.output.messages': [
        {
          role: 'assistant',
          parts: [
            { type: 'reasoning', content: 'canary-thought' },
            { type: 'text', content: 'canary-answer' },
            {
              type: 'server_tool_call',
              name: 'get_weather',
              server_tool_call: { type: 'get_weather', arguments: { city: 'canary-city' } },
            },
            { type: 'server_tool_call', name: 'open_browser', server_tool_call: { type: 'open_browser' } },
          ],
        },
      ],
    },
  },
};
