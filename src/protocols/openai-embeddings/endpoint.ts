/** Which requests are OpenAI embeddings. Gateways, Azure deployments and local models speak it too. */
import type { Endpoint } from '../protocol.ts';

export const protocol: Endpoint = {
  calls: 'OpenAI embeddings',
  provider: 'openai',
  operations: [
    { path: '/embeddings', name: 'embeddings', body: ['model', 'input'] },
    { path: '/openai/deployments/{model}/embeddings', name: 'embeddings', provider: 'azure.ai.openai' },
  ],
};
