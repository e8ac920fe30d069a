/**
 * Mistral's conversations. The answers are those of docs.mistral.ai, capabilities/agents (connectors and function calling, of
 * May 2025), with other texts; the events have the members that `@mistralai/mistralai` 2.7 declares for them.
 */
import { expect } from '@jest/globals';
import type { ProtocolTable } from '../protocol.cases.ts';

const model = 'mistral-medium-2505';
const conversation = 'conv_06835b9de84974fa8000f1a97be62f2e';
const agent = 'ag_06835b9dbded7f39800034281a63e4f0';
// Of the web search: what it brought into the prompt stands beside the prompt, and in the total.
const usage = { prompt_tokens: 188, completion_tokens: 55, total_tokens: 7_355, connector_tokens: 7_112, connectors: { web_search: 1 } };
const usageRead = expect.objectContaining({ inputTokens: 7_300, outputTokens: 55 }) as never;
const searched = {
  object: 'entry',
  type: 'tool.execution',
  created_at: '2025-05-27T12:59:33.1Z',
  name: 'web_search',
  arguments: '{"query": "canary-query"}',
  id: 'tool_exec_1',
};
const said = (content: unknown): object => ({
  content,
  object: 'entry',
  type: 'message.output',
  created_at: '2025-05-27T12:59:35.457474Z',
  id: 'msg_1',
  agent_id: agent,
  model,
  role: 'assistant',
});
const call = { tool_call_id: 'Yt0bVcQ8a', name: 'get_weather', arguments: '{"city": "canary-city"}' };
const answer = (outputs: readonly object[]): object => ({ conversation_id: conversation, outputs, usage, object: 'conversation.response' });

const event = (type: string, data: object): string => `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
const begin = event('conversation.response.started', { created_at: '2025-05-27T13:10:50Z', conversation_id: conversation });
const piece = (content: unknown): string =>
  event('message.output.delta', { output_index: 1, id: 'msg_1', content_index: 0, model, agent_id: agent, role: 'assistant', content });
const callPiece = (text: string): string => event('function.call.delta', { output_index: 0, id: 'fc_1', model, ...call, arguments: text });
const end = event('conversation.response.done', { created_at: '2025-05-27T13:10:55Z', usage });
const parameters = { type: 'object', properties: { city: { type: 'string', description: 'canary-description' } } };
const tools = [
  { type: 'function', function: { name: 'get_weather', description: 'canary-description', parameters } },
  { type: 'web_search' },
];

export const table: ProtocolTable = {
  own: [
    ['https://api.mistral.ai/v1/conversations', 'mistral_ai'],
    ['https://api.mistral.ai/v1/conversations/conv_06835b9de84974fa8000f1a97be62f2e', 'mistral_ai'],
    ['https://api.mistral.ai/v1/conversations/conv_06835b9de84974fa8000f1a97be62f2e/restart', 'mistral_ai'],
  ],
  foreign: [
    ['GET', 'https://api.mistral.ai/v1/conversations'],
    ['GET', 'https://api.mistral.ai/v1/conversations/conv_1/history'],
    ['POST', 'https://api.openai.com/v1/conversations/conv_1/items'],
    ['DELETE', 'https://api.mistral.ai/v1/conversations/conv_1'],
  ],
  request: {
    request: {
      model: 'mistral-medium-latest',
      inputs: 'canary-question',
      instructions: 'canary-instruction',
      stream: true,
      completion_args: {
        temperature: 0.3,
        top_p: 0.95,
        max_tokens: 64,
        random_seed: 7,
        presence_penalty: 0.1,
        frequency_penalty: 0.2,
        stop: ['END'],
        reasoning_effort: 'high',
        response_format: { type: 'json_object' },
      },
    },
    expected: {
      requestModel: 'mistral-medium-latest',
      stream: true,
      attributes: {
        'gen_ai.request.temperature': 0.3,
        'gen_ai.request.top_p': 0.95,
        'gen_ai.request.max_tokens': 64,
        'gen_ai.request.seed': 7,
        'gen_ai.request.presence_penalty': 0.1,
        'gen_ai.request.frequency_penalty': 0.2,
        'gen_ai.request.stop_sequences': ['END'],
        'gen_ai.request.reasoning.level': 'high',
        'gen_ai.output.type': 'json',
      },
    },
  },
  plain: {
    answer: answer([
      searched,
      said([
        { type: 'text', text: 'canary-answer' },
        { type: 'tool_reference', tool: 'web_search', title: 'canary' },
      ]),
    ]),
    expected: {
      responseModel: model,
      finishReasons: ['stop'],
      usage: usageRead,
      toolsCalled: ['web_search'],
      billing: { providerTools: { web_search: 1 } },
      attributes: expect.objectContaining({
        'gen_ai.conversation.id': conversation,
        'swarmscope.tool.provider.names': ['web_search'],
      }) as never,
    },
  },
  stream: {
    request: { agent_id: agent, stream: true, inputs: [{ role: 'user', content: 'canary-question' }] },
    answer: [begin, ...['canary', ' grüßt', ' 🐝'].map(piece), piece({ type: 'text', text: ' "usage": {' }), end].join(''),
    outputs: 4,
    expected: { responseModel: model, finishReasons: ['stop'], usage: usageRead },
  },
  errors: {
    status: {
      status: 422,
      answer: { object: 'error', message: { detail: [{ type: 'missing', msg: 'canary' }] }, type: 'invalid_request_error', code: '3051' },
      expected: { errorType: 'invalid_request_error' },
    },
    body: {
      answer: { object: 'error', message: 'canary', type: 'service_tier_capacity_exceeded', code: '3505' },
      expected: { statusCode: 200, errorType: 'service_tier_capacity_exceeded' },
    },
    event: {
      answer: begin + piece('canary') + event('conversation.response.error', { message: 'canary', code: 503 }),
      expected: { statusCode: 200, errorType: '503' },
    },
  },
  tools: {
    offered: { request: { model, inputs: [], tools }, expected: { toolsOffered: ['get_weather', 'web_search'] } },
    called: {
      answer: answer([{ ...call, object: 'entry', type: 'function.call', id: 'fc_1', model }, searched]),
      ids: ['Yt0bVcQ8a', ''],
      expected: { toolsCalled: ['get_weather', 'web_search'], finishReasons: ['tool_call'] },
    },
    inPieces: {
      answer: [begin, ...['', '{"city": ', '"canary', '-city"}'].map(callPiece), end].join(''),
      ids: ['Yt0bVcQ8a'],
      messages: [
        { role: 'assistant', parts: [{ type: 'tool_call', id: 'Yt0bVcQ8a', name: 'get_weather', arguments: { city: 'canary-city' } }] },
      ],
      expected: { toolsCalled: ['get_weather'], finishReasons: ['tool_call'] },
    },
    results: {
      asking: { inputs: [{ role: 'user', content: 'canary-question' }] },
      request: {
        inputs: [
          { role: 'user', content: [{ type: 'text', text: 'canary-question' }] },
          { type: 'function.call', ...call },
          { type: 'function.result', tool_call_id: 'Yt0bVcQ8a', result: 'canary-sunny' },
        ],
      },
      expected: [{ callId: 'Yt0bVcQ8a', name: 'get_weather', isLast: true }],
    },
  },
  content: {
    request: {
      model,
      instructions: 'canary-instruction',
      tools,
      inputs: [
        {
          type: 'message.input',
          role: 'user',
          content: [
            { type: 'text', text: 'canary-question' },
            { type: 'image_url', image_url: 'data:image/png;base64,CANARYIMAGE' },
            { type: 'document_url', document_url: 'https://CANARY.example', document_name: 'CANARYNAME' },
          ],
        },
        { type: 'function.call', ...call },
        { type: 'function.result', tool_call_id: 'Yt0bVcQ8a', result: 'canary-sunny' },
      ],
    },
    asked: {
      'gen_ai.input.messages': [
        {
          role: 'user',
          parts: [
            { type: 'text', content: 'canary-question' },
            { type: 'blob', modality: 'image', mime_type: 'image/png', content: '[removed]', byte_size: 8 },
            { type: 'document_url' },
          ],
        },
        { role: 'assistant', parts: [{ type: 'tool_call', id: 'Yt0bVcQ8a', name: 'get_weather', arguments: { city: 'canary-city' } }] },
        { role: 'tool', parts: [{ type: 'tool_call_response', id: 'Yt0bVcQ8a', response: 'canary-sunny' }] },
      ],
      'gen_ai.system_instructions': [{ type: 'text', content: 'canary-instruction' }],
      'gen_ai.tool.definitions': [
        { type: 'function', name: 'get_weather' },
        { type: 'function', name: 'web_search' },
      ],
    },
    answered: {
      'gen_ai.output.messages': [
        {
          role: 'assistant',
          parts: [
            { type: 'text', content: 'canary-answer' },
            {
              type: 'server_tool_call',
              id: 'tool_exec_1',
              name: 'web_search',
              server_tool_call: { type: 'web_search', arguments: { query: 'canary-query' } },
            },
          ],
        },
      ],
    },
  },
};
