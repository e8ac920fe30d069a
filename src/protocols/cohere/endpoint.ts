/** Which requests are Cohere's, version 2; its OpenAI-compatible paths are OpenAI's. */
import type { Endpoint } from '../protocol.ts';

export const protocol: Endpoint = {
  calls: 'Cohere',
  provider: 'cohere',
  operations: [
    { path: '/v2/chat', name: 'chat', body: ['model', 'messages'] },
    { path: '/v2/embed', name: 'embeddings', body: ['model', 'input_type'] },
    { path: '/v1/embed', name: 'embeddings', body: ['model', 'texts'] },
    { path: '/v2/rerank', name: 'rerank', body: ['model', 'query', 'documents'] },
    { path: '/v1/rerank', name: 'rerank', body: ['model', 'query', 'documents'] },
  ],
};
