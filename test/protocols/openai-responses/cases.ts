/** OpenAI responses, as the API and the servers that speak the same write them. */
import { expect } from '@jest/globals';
import type { ProtocolTable } from '../protocol.cases.ts';
import {
  model,
  usageRead,
  message,
  reasoning,
  weatherCall,
  codeCall,
  search,
  opened,
  mcp,
  response,
  event,
  begun,
  begin,
  end,
  at,
  added,
  done,
  text,
  tools,
  pieces,
} from './bodies.ts';

export const table: ProtocolTable = {
  own: [
    ['https://api.openai.com/v1/responses', 'openai'],
    ['GET https://api.openai.com/v1/responses/resp_67cc?include=x', 'openai', 'fetch_response'],
    ['https://api.openai.com/v1/responses/resp_67cc/cancel', 'openai', 'cancel_response'],
    ['https://api.openai.com/v1/responses/compact', 'openai'],
    ['https://api.openai.com/v1/responses/input_tokens', 'openai', 'count_tokens'],
    ['https://me.openai.azure.com/openai/responses?api-version=2025-03-01-preview', 'azure.ai.openai'],
    ['https://me.openai.azure.com/openai/v1/responses', 'azure.ai.openai'],
    ['https://openrouter.ai/api/v1/responses', 'openrouter'],
    ['https://api.x.ai/v1/responses', 'x_ai'],
    ['GET https://api.x.ai/v1/responses/0a1b2c3d-0000-4000-8000-000000000000', 'x_ai', 'fetch_response'],
    ['http://localhost:8000/v1/responses', 'openai'],
  ],
  foreign: [
    ['GET', 'https://api.openai.com/v1/responses'],
    ['GET', 'https://api.openai.com/v1/responses/resp_67cc/input_items'],
    ['DELETE', 'https://api.openai.com/v1/responses/resp_67cc'],
    ['POST', 'https://survey.example/responses/42'],
  ],
  request: {
    request: {
      model: 'gpt-5-mini',
      input: 'canary-question',
      instructions: 'canary-instruction',
      temperature: 0.2,
      top_p: 0.9,
      max_output_tokens: 64,
      previous_response_id: 'resp_1',
      conversation: { id: 'conv_1' },
      reasoning: { effort: 'low', summary: 'auto' },
      text: { format: { type: 'json_schema', name: 'canary', schema: {} } },
      metadata: { canary: 'canary' },
      stream: true,
    },
    expected: {
      requestModel: 'gpt-5-mini',
      stream: true,
      attributes: {
        'openai.api.type': 'responses',
        'gen_ai.request.temperature': 0.2,
        'gen_ai.request.top_p': 0.9,
        'gen_ai.request.max_tokens': 64,
        'gen_ai.request.previous_response.id': 'resp_1',
        'gen_ai.conversation.id': 'conv_1',
        'gen_ai.request.reasoning.level': 'low',
        'gen_ai.output.type': 'json',
      },
    },
  },
  plain: {
    answer: response([reasoning, search, message('canary-answer')]),
    expected: {
      responseId: 'resp_67ccd2bed1ec8190b14f964abc054267',
      responseModel: model,
      responseStatus: 'completed',
      finishReasons: ['stop'],
      usage: usageRead,
      toolsCalled: ['web_search'],
      billing: { serviceTier: 'default', providerTools: { web_search: 1 } },
    },
  },
  stream: {
    request: { model: 'gpt-5-mini', stream: true, input: 'canary-question' },
    answer: begin() + text(0, pieces) + end([message(pieces.join(''))]),
    outputs: 4,
    expected: {
      responseId: 'resp_67ccd2bed1ec8190b14f964abc054267',
      responseModel: model,
      finishReasons: ['stop'],
      usage: usageRead,
    },
  },
  errors: {
    status: {
      status: 429,
      headers: { 'retry-after-ms': '1500', 'x-ratelimit-limit-tokens': '200000', 'x-ratelimit-remaining-tokens': '0' },
      answer: { error: { message: 'Rate limit reached for canary', type: 'tokens', param: null, code: 'rate_limit_exceeded' } },
      expected: {
        errorType: 'rate_limit_exceeded',
        rateLimits: [{ kind: 'tokens', limit: 200_000, remaining: 0 }],
        attributes: expect.objectContaining({ 'swarmscope.retry.after': 1.5 }) as never,
      },
    },
    body: {
      answer: response([], { status: 'failed', error: { code: 'server_error', message: 'canary' }, usage: null }),
      expected: { statusCode: 200, errorType: 'server_error', finishReasons: ['error'], responseStatus: 'failed' },
    },
    event: {
      answer:
        begin() +
        text(0, ['canary']) +
        event('response.failed', {
          response: { ...begun, status: 'failed', error: { code: 'context_length_exceeded', message: 'canary' } },
        }),
      expected: { statusCode: 200, errorType: 'context_length_exceeded', isContextOverflow: true },
    },
  },
  tools: {
    offered: {
      request: { model: 'gpt-5', input: [], tools },
      expected: { toolsOffered: ['get_weather', 'run_code', 'web_search', 'docs'] },
    },
    called: {
      answer: response([reasoning, weatherCall, codeCall, search, opened, mcp]),
      ids: ['call_abc123', 'call_def456', '', '', ''],
      expected: {
        toolsCalled: ['get_weather', 'run_code', 'web_search', 'web_search', 'ask_question'],
        finishReasons: ['tool_call'],
        // Opening a page that was found is not billed, and an MCP server is not OpenAI's.
        billing: { serviceTier: 'default', providerTools: { web_search: 1 } },
        attributes: expect.objectContaining({ 'swarmscope.tool.provider.names': ['web_search', 'web_search', 'ask_question'] }) as never,
      },
    },
    inPieces: {
      answer: [
        begin(),
        added(0, { ...reasoning, summary: [] }),
        event('response.reasoning_summary_text.delta', { ...at(0, 'rs_1'), summary_index: 0, delta: 'canary-thought' }),
        done(0, reasoning),
        added(1, { ...weatherCall, status: 'in_progress', arguments: '' }),
        ...['{"loca', 'tion":"canary', '-city"}'].map((delta) =>
          event('response.function_call_arguments.delta', { ...at(1, 'fc_1'), delta }),
        ),
        event('response.function_call_arguments.done', { ...at(1, 'fc_1'), arguments: weatherCall.arguments }),
        done(1, weatherCall),
        added(2, { ...codeCall, status: 'in_progress', input: '' }),
        event('response.custom_tool_call_input.delta', { ...at(2, 'ctc_1'), delta: 'canary-code' }),
        done(2, codeCall),
        added(3, { ...search, status: 'in_progress' }),
        event('response.web_search_call.searching', at(3, 'ws_1')),
        event('response.web_search_call.completed', at(3, 'ws_1')),
        done(3, search),
        end([reasoning, weatherCall, codeCall, search]),
      ].join(''),
      ids: ['call_abc123', 'call_def456', ''],
      messages: [
        {
          role: 'assistant',
          parts: [
            { type: 'reasoning', content: 'canary-thought' },
            { type: 'tool_call', id: 'call_abc123', name: 'get_weather', arguments: { location: 'canary-city' } },
            { type: 'tool_call', id: 'call_def456', name: 'run_code', arguments: 'canary-code' },
            { type: 'server_tool_call', id: 'ws_1', name: 'web_search', server_tool_call: { type: 'web_search' } },
          ],
        },
      ],
      expected: {
        toolsCalled: ['get_weather', 'run_code', 'web_search'],
        finishReasons: ['tool_call'],
        billing: { serviceTier: 'default', providerTools: { web_search: 1 } },
      },
    },
    results: {
      asking: {
        input: [
          { role: 'developer', content: 'canary-instruction of nine' },
          { role: 'user', content: 'canary-question' },
          { ...weatherCall, call_id: 'call_of_an_earlier_turn' },
          { type: 'function_call_output', call_id: 'call_of_an_earlier_turn', output: 'canary-rain' },
        ],
      },
      request: {
        model: 'gpt-5',
        input: [
          { role: 'developer', content: 'canary-instruction of ten' },
          { role: 'user', content: [{ type: 'input_text', text: 'canary-question' }] },
          { ...weatherCall, call_id: 'call_of_an_earlier_turn' },
          { type: 'function_call_output', call_id: 'call_of_an_earlier_turn', output: '[removed]' },
          reasoning,
          weatherCall,
          codeCall,
          { type: 'function_call_output', call_id: 'call_abc123', output: 'canary-sunny' },
          { type: 'custom_tool_call_output', call_id: 'call_def456', output: [{ type: 'input_text', text: 'canary-output' }] },
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
      model: 'gpt-5',
      instructions: 'canary-instruction',
      tools,
      input: [
        {
          type: 'message',
          role: 'user',
          content: [
            { type: 'input_text', text: 'canary-question' },
            { type: 'input_image', image_url: 'data:image/png;base64,CANARYIMAGE', detail: 'auto' },
            { type: 'input_image', file_id: 'file-1' },
            { type: 'input_file', filename: 'CANARY.pdf', file_data: 'data:application/pdf;base64,CANARYFILE' },
            { type: 'input_audio', input_audio: { data: 'CANARYAUDIO', format: 'mp3' } },
          ],
        },
        reasoning,
        weatherCall,
        search,
        { type: 'function_call_output', call_id: 'call_abc123', output: 'canary-sunny' },
        {
          type: 'computer_call_output',
          call_id: 'call_c',
          output: { type: 'computer_screenshot', image_url: 'data:image/png;base64,CANARYSCREEN' },
        },
        { type: 'item_reference', id: 'msg_1' },
      ],
    },
    asked: {
      'gen_ai.system_instructions': [{ type: 'text', content: 'canary-instruction' }],
      'gen_ai.input.messages': [
        {
          role: 'user',
          parts: [
            { type: 'text', content: 'canary-question' },
            { type: 'blob', modality: 'image', mime_type: 'image/png', content: '[removed]', byte_size: 8 },
            { type: 'file', modality: 'image', file_id: 'file-1' },
            { type: 'blob', modality: 'document', mime_type: 'application/pdf', content: '[removed]', byte_size: 7 },
            { type: 'blob', modality: 'audio', mime_type: 'audio/mp3', content: '[removed]', byte_size: 8 },
          ],
        },
        { role: 'assistant', parts: [{ type: 'reasoning', content: 'canary-thought' }] },
        {
          role: 'assistant',
          parts: [{ type: 'tool_call', id: 'call_abc123', name: 'get_weather', arguments: { location: 'canary-city' } }],
        },
        {
          role: 'assistant',
          parts: [{ type: 'server_tool_call', id: 'ws_1', name: 'web_search', server_tool_call: { type: 'web_search' } }],
        },
        { role: 'tool', parts: [{ type: 'tool_call_response', id: 'call_abc123', response: 'canary-sunny' }] },
        {
          role: 'tool',
          parts: [
            {
              type: 'tool_call_response',
              id: 'call_c',
              response: { type: 'blob', modality: 'image', mime_type: 'image/png', content: '[removed]', byte_size: 9 },
            },
          ],
        },
        { role: 'assistant', parts: [{ type: 'item_reference' }] },
      ],
      'gen_ai.tool.definitions': [
        { type: 'function', name: 'get_weather' },
        { type: 'function', name: 'run_code' },
        { type: 'function', name: 'web_search' },
        { type: 'function', name: 'docs' },
      ],
    },
    answered: {
      'gen_ai.output.messages': [
        {
          role: 'assistant',
          parts: [
            { type: 'reasoning', content: 'canary-thought' },
            { type: 'text', content: 'canary-answer' },
            { type: 'server_tool_call', id: 'ws_1', name: 'web_search', server_tool_call: { type: 'web_search' } },
          ],
        },
      ],
    },
  },
};
