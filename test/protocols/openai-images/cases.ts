/** Pictures of OpenAI, as the API and the servers that speak the same write them. */
import type { ProtocolTable } from '../protocol.cases.ts';

const usage = {
  total_tokens: 100,
  input_tokens: 50,
  output_tokens: 50,
  input_tokens_details: { text_tokens: 10, image_tokens: 40 },
};
const usageRead = { inputTokens: 50, outputTokens: 50, imageInputTokens: 40, imageOutputTokens: 50 };
const event = (type: string, data: object): string => `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
const partial = (index: number): string =>
  event('image_generation.partial_image', { b64_json: 'CANARYPICTURE', created_at: 1, size: '1024x1024', partial_image_index: index });

export const table: ProtocolTable = {
  own: [
    ['https://api.openai.com/v1/images/generations', 'openai'],
    ['https://api.openai.com/v1/images/edits', 'openai'],
    ['https://api.openai.com/v1/images/variations', 'openai'],
    [
      'https://me.openai.azure.com/openai/deployments/d3/images/generations?api-version=2024-10-21',
      'azure.ai.openai',
      'generate_content',
      'd3',
    ],
    ['https://api.together.xyz/v1/images/generations', 'together'],
  ],
  foreign: [
    ['GET', 'https://api.openai.com/v1/images/generations'],
    ['POST', 'https://shop.example/images/upload'],
  ],
  request: {
    request: { model: 'gpt-image-1', prompt: 'canary-prompt', n: 2, size: '1024x1024', stream: true, partial_images: 2 },
    expected: {
      requestModel: 'gpt-image-1',
      stream: true,
      attributes: { 'gen_ai.output.type': 'image', 'gen_ai.request.choice.count': 2 },
    },
  },
  plain: {
    answer: { created: 1_713_833_628, data: [{ b64_json: 'CANARYPICTURE' }, { b64_json: 'CANARYPICTURE' }], usage },
    expected: { usage: usageRead, attributes: { 'swarmscope.usage.images': 2 } },
  },
  stream: {
    request: { model: 'gpt-image-1', prompt: 'canary-prompt', stream: true },
    answer: partial(0) + partial(1) + event('image_generation.completed', { b64_json: 'CANARYPICTURE', created_at: 1, usage }),
    outputs: 3,
    expected: { usage: usageRead, attributes: { 'swarmscope.usage.images': 1 } },
  },
  errors: {
    status: {
      status: 400,
      answer: { error: { message: 'canary', type: 'image_generation_user_error', code: 'moderation_blocked' } },
      expected: { errorType: 'moderation_blocked' },
    },
    body: { answer: { error: { message: 'canary', code: 502 } }, expected: { statusCode: 200, errorType: '502' } },
    event: {
      answer: partial(0) + event('error', { error: { message: 'canary', type: 'server_error', code: null } }),
      expected: { statusCode: 200, errorType: 'server_error' },
    },
  },
  tools: { doesNotApply: 'pictures call no tools' },
  content: {
    request: { model: 'gpt-image-1', prompt: 'canary-prompt' },
    asked: { 'gen_ai.input.messages': [{ role: 'user', parts: [{ type: 'text', content: 'canary-prompt' }] }] },
    answered: {},
  },
};
