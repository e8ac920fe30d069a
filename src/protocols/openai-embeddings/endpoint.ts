/** Which requests are OpenAI embeddings. Gateways, Azure deployments and local models speak it too. */
import type { Endpoint } from '../protocol.ts';
import { asArray, asObject } from '../read/json.ts';

export const protocol: Endpoint = {
  calls: 'OpenAI embeddings',
  provider: 'openai',
  operations: [
    { path: '/embeddings', name: 'embeddings', body: ['model', 'input'] },
    {
      path: '/serving-endpoints/{model}/invocations',
      name: 'embeddings',
      provider: 'databricks',
      body: ['input'],
      // A list of objects are messages for an agent.
      fits: ({ input }) => asObject(asArray(input)[0]) === undefined,
      isShared: true,
    },
    { path: '/openai/deployments/{model}/embeddings', name: 'embeddings', provider: 'azure.ai.openai' },
  ],
};
