/** Which requests are InvokeModel of Amazon Bedrock: each vendor's own body. */
import type { Endpoint } from '../protocol.ts';

export const protocol: Endpoint = {
  calls: 'Bedrock InvokeModel',
  provider: 'aws.bedrock',
  operations: [
    { path: '/model/{embedding_model}/invoke', name: 'embeddings' },
    { path: '/model/{model}/invoke', name: 'chat' },
    { path: '/model/{model}/invoke-with-response-stream', name: 'chat', isStream: true },
  ],
};
