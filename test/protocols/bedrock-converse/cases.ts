/** Converse of Amazon Bedrock. Its stream is written as server-sent events here; messages.test.ts reads the real framing. */
import { expect } from '@jest/globals';
import type { ProtocolTable } from '../protocol.cases.ts';

const usage = {
  inputTokens: 30,
  outputTokens: 628,
  totalTokens: 670,
  cacheReadInputTokens: 8,
  cacheWriteInputTokens: 4,
  cacheDetails: [{ ttl: '1h', inputTokens: 3 }],
};
const usageRead = expect.objectContaining({
  inputTokens: 42,
  outputTokens: 628,
  cacheReadTokens: 8,
  cacheWriteTokens: 4,
  cacheWriteHourTokens: 3,
}) as never;

const path = '/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse';
const streamPath = `${path}-stream`;
const answer = (content: readonly object[], stopReason: string): object => ({
  metrics: { latencyMs: 1_275 },
  output: { message: { role: 'assistant', content } },
  stopReason,
  usage,
});
const event = (name: string, data: object): string => `event: ${name}\ndata: ${JSON.stringify({ ...data, p: 'abcdefgh' })}\n\n`;
const piece = (text: string): string => event('contentBlockDelta', { contentBlockIndex: 0, delta: { text } });
const start = event('messageStart', { role: 'assistant' });
const end = (stopReason: string): string => event('messageStop', { stopReason }) + event('metadata', { usage, metrics: { latencyMs: 1 } });

const weather = { toolUseId: 'tooluse_a', name: 'get_weather', input: { city: 'canary-city' } };
const code = { toolUseId: 'tooluse_b', name: 'run_code', input: { code: 'canary-code' } };
const toolConfig = {
  tools: [
    { toolSpec: { name: 'get_weather', description: 'canary-description', inputSchema: { json: {} } } },
    { toolSpec: { name: 'run_code', description: 'canary-description', inputSchema: { json: {} } } },
  ],
};
const called = (index: number, { toolUseId, name }: typeof weather | typeof code): string =>
  event('contentBlockStart', { contentBlockIndex: index, start: { toolUse: { toolUseId, name } } });
const argument = (index: number, input: string): string =>
  event('contentBlockDelta', { contentBlockIndex: index, delta: { toolUse: { input } } });

export const table: ProtocolTable = {
  own: [
    [`https://bedrock-runtime.us-east-1.amazonaws.com${path}`, 'aws.bedrock', 'chat', 'us.anthropic.claude-sonnet-4-5-20250929-v1:0'],
    [`https://bedrock-runtime.us-east-1.amazonaws.com${streamPath}`, 'aws.bedrock', 'chat', 'us.anthropic.claude-sonnet-4-5-20250929-v1:0'],
    ['http://localhost:4010/model/amazon.nova-lite-v1:0/converse', 'aws.bedrock', 'chat', 'amazon.nova-lite-v1:0'],
    [
      'https://bedrock-runtime.eu-west-1.amazonaws.com/model/arn%3Aaws%3Abedrock%3Aeu-west-1%3A123456789012%3Ainference-profile%2Feu.amazon.nova-pro-v1%3A0/converse',
      'aws.bedrock',
      'chat',
      'eu.amazon.nova-pro-v1:0',
    ],
    ['https://bedrock-runtime.us-east-1.amazonaws.com/model/m/count-tokens', 'aws.bedrock', 'count_tokens', 'm'],
  ],
  foreign: [
    ['GET', 'https://bedrock.us-east-1.amazonaws.com/foundation-models'],
    ['POST', 'https://bedrock-runtime.us-east-1.amazonaws.com/guardrail/g/version/1/apply'],
    ['POST', 'https://example.com/converse'],
  ],
  request: {
    request: {
      messages: [{ role: 'user', content: [{ text: 'canary-question' }] }],
      inferenceConfig: { temperature: 0.2, topP: 0.9, maxTokens: 64, stopSequences: ['END'] },
      additionalModelRequestFields: { top_k: 40 },
    },
    expected: {
      attributes: {
        'gen_ai.request.temperature': 0.2,
        'gen_ai.request.top_p': 0.9,
        'gen_ai.request.top_k': 40,
        'gen_ai.request.max_tokens': 64,
        'gen_ai.request.stop_sequences': ['END'],
      },
    },
  },
  plain: {
    answer: answer([{ reasoningContent: { reasoningText: { text: 'canary-thought' } } }, { text: 'canary-answer' }], 'end_turn'),
    expected: { finishReasons: ['stop'], usage: usageRead },
  },
  stream: {
    path: streamPath,
    request: { messages: [{ role: 'user', content: [{ text: 'canary-question' }] }] },
    answer: [
      start,
      ...['canary', ' grüßt "usage": {', ' 蜂群 🐝'].map(piece),
      event('contentBlockStop', { contentBlockIndex: 0 }),
      end('max_tokens'),
    ].join(''),
    outputs: 3,
    expected: { finishReasons: ['length'], usage: usageRead },
  },
  errors: {
    status: {
      status: 429,
      answer: {
        message: 'canary: too many tokens, please wait before trying again.',
        __type: 'com.amazon.coral.service#ThrottlingException',
      },
      expected: { errorType: 'ThrottlingException' },
    },
    body: {
      answer: answer([], 'malformed_tool_use'),
      expected: { statusCode: 200, errorType: 'malformed_tool_use', finishReasons: ['error'] },
    },
    event: {
      path: streamPath,
      answer: [start, piece('canary'), event('modelStreamErrorException', { __type: 'modelStreamErrorException', message: 'canary' })].join(
        '',
      ),
      expected: { statusCode: 200, errorType: 'modelStreamErrorException' },
    },
  },
  tools: {
    offered: {
      request: { messages: [], toolConfig: { tools: [...toolConfig.tools, { systemTool: { name: 'nova_grounding' } }] } },
      expected: { toolsOffered: ['get_weather', 'run_code', 'nova_grounding'] },
    },
    called: {
      answer: answer(
        [
          { toolUse: weather },
          { toolUse: { toolUseId: 's', name: 'nova_grounding', input: {}, type: 'server_tool_use' } },
          { toolUse: code },
        ],
        'tool_use',
      ),
      ids: ['tooluse_a', '', 'tooluse_b'],
      expected: { toolsCalled: ['get_weather', 'nova_grounding', 'run_code'], finishReasons: ['tool_call'] },
    },
    inPieces: {
      path: streamPath,
      answer: [
        start,
        called(0, weather),
        ...['{"city":', '"canary', '-city"}'].map((text) => argument(0, text)),
        called(1, code),
        argument(1, '{"code":"canary-code"}'),
        end('tool_use'),
      ].join(''),
      ids: ['tooluse_a', 'tooluse_b'],
      messages: [
        {
          role: 'assistant',
          parts: [
            { type: 'tool_call', id: 'tooluse_a', name: 'get_weather', arguments: { city: 'canary-city' } },
            { type: 'tool_call', id: 'tooluse_b', name: 'run_code', arguments: { code: 'canary-code' } },
          ],
        },
      ],
      expected: { toolsCalled: ['get_weather', 'run_code'], finishReasons: ['tool_call'] },
    },
    results: {
      asking: {
        system: [{ text: 'canary-instruction of nine' }],
        messages: [
          { role: 'user', content: [{ text: 'canary-question' }] },
          { role: 'assistant', content: [{ toolUse: { ...weather, toolUseId: 'tooluse_0' } }] },
          { role: 'user', content: [{ toolResult: { toolUseId: 'tooluse_0', content: [{ text: 'canary-rain' }] } }] },
        ],
      },
      request: {
        system: [{ text: 'canary-instruction of ten' }],
        messages: [
          { role: 'user', content: [{ text: 'canary-question' }] },
          { role: 'assistant', content: [{ toolUse: { ...weather, toolUseId: 'tooluse_0' } }] },
          { role: 'user', content: [{ toolResult: { toolUseId: 'tooluse_0', content: [{ text: '[removed]' }] } }] },
          { role: 'assistant', content: [{ toolUse: weather }, { toolUse: code }] },
          {
            role: 'user',
            content: [
              { toolResult: { toolUseId: 'tooluse_a', content: [{ text: 'canary-sunny' }] } },
              { toolResult: { toolUseId: 'tooluse_b', content: [{ json: { canary: 1 } }] } },
            ],
          },
        ],
      },
      expected: [
        { callId: 'tooluse_0', name: 'get_weather', isLast: false },
        { callId: 'tooluse_a', name: 'get_weather', isLast: true },
        { callId: 'tooluse_b', name: 'run_code', isLast: true },
      ],
    },
  },
  content: {
    request: {
      system: [{ text: 'canary-instruction' }],
      toolConfig,
      messages: [
        {
          role: 'user',
          content: [
            { text: 'canary-question' },
            { image: { format: 'png', source: { bytes: 'CANARYIMAGE' } } },
            { document: { name: 'CANARYNAME', source: { bytes: 'CANARYDOCUMENT' } } },
          ],
        },
        { role: 'assistant', content: [{ reasoningContent: { reasoningText: { text: 'canary-thought' } } }, { toolUse: weather }] },
        { role: 'user', content: [{ toolResult: { toolUseId: 'tooluse_a', content: [{ text: 'canary-sunny' }] } }] },
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
            { type: 'blob', modality: 'document', content: '[removed]', byte_size: 10 },
          ],
        },
        {
          role: 'assistant',
          parts: [
            { type: 'reasoning', content: 'canary-thought' },
            { type: 'tool_call', id: 'tooluse_a', name: 'get_weather', arguments: { city: 'canary-city' } },
          ],
        },
        { role: 'user', parts: [{ type: 'tool_call_response', id: 'tooluse_a', response: ['canary-sunny'] }] },
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
