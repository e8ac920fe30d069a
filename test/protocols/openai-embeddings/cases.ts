/** OpenAI embeddings, as the API and the servers that speak the same write them. */
import type { ProtocolTable } from '../protocol.cases.ts';

const model = 'text-embedding-3-small';
const answer = {
  object: 'list',
  data: [{ object: 'embedding', index: 0, embedding: 'CANARYAABBCC' }],
  model,
  usage: { prompt_tokens: 8, total_tokens: 8 },
};

export const table: ProtocolTable = {
  own: [
    ['https://api.openai.com/v1/embeddings', 'openai'],
    ['https://me.openai.azure.com/openai/deployments/embed/embeddings?api-version=2024-10-21', 'azure.ai.openai', 'embeddings', 'embed'],
    ['https://api.mistral.ai/v1/embeddings', 'mistral_ai'],
    ['http://localhost:8000/v1/embeddings', 'openai'],
  ],
  foreign: [
    ['GET', 'https://api.openai.com/v1/embeddings'],
    ['POST', 'http://localhost:8000/v1/embeddings/search'],
  ],
  request: {
    request: { model, input: ['canary-text', 'canary-other'], dimensions: 256, encoding_format: 'base64', user: 'canary-user' },
    expected: {
      requestModel: model,
      attributes: { 'gen_ai.embeddings.dimension.count': 256, 'gen_ai.request.encoding_formats': ['base64'] },
    },
  },
  plain: {
    answer,
    expected: { responseModel: model, usage: { inputTokens: 8 } },
  },
  stream: { doesNotApply: 'embeddings are never streamed' },
  errors: {
    status: {
      status: 400,
      answer: {
        error: { message: "This model's maximum context length is 8192 tokens, canary", type: 'invalid_request_error', code: null },
      },
      expected: { errorType: 'invalid_request_error', isContextOverflow: true },
    },
    body: { answer: { error: { message: 'canary', code: 502 } }, expected: { statusCode: 200, errorType: '502' } },
    event: { doesNotApply: 'embeddings are never streamed' },
  },
  tools: { doesNotApply: 'embeddings call no tools' },
  content: { doesNotApply: 'what is embedded is no message, and is never captured' },
};
