/** Which requests are Anthropic messages, also by way of Vertex. */
import type { Endpoint } from '../protocol.ts';

export const protocol: Endpoint = {
  calls: 'Anthropic messages',
  provider: 'anthropic',
  operations: [
    { path: '/v1/messages', name: 'chat' },
    { path: '/v1/messages/count_tokens', name: 'count_tokens' },
    { path: '/v1/messages/batches', name: 'create_batch' },
    { path: '/publishers/anthropic/models/count-tokens:rawPredict', name: 'count_tokens', provider: 'gcp.vertex_ai' },
    { path: '/publishers/anthropic/models/{model}:rawPredict', name: 'chat', provider: 'gcp.vertex_ai' },
    { path: '/publishers/anthropic/models/{model}:streamRawPredict', name: 'chat', provider: 'gcp.vertex_ai' },
  ],
};
