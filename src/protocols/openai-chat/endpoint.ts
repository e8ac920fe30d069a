/** Which requests are OpenAI chat completions. Gateways, Azure deployments, Mistral's agents, makers of models on Vertex and local models speak it too. */
import type { Endpoint } from '../protocol.ts';

export const protocol: Endpoint = {
  calls: 'OpenAI chat completions',
  provider: 'openai',
  operations: [
    { path: '/chat/completions', name: 'chat' },
    { path: '/agents/completions', name: 'chat', provider: 'mistral_ai' },
    { path: '/publishers/{publisher}/models/{model}:rawPredict', name: 'chat', provider: 'gcp.vertex_ai' },
    { path: '/publishers/{publisher}/models/{model}:streamRawPredict', name: 'chat', provider: 'gcp.vertex_ai' },
    { path: '/serving-endpoints/{model}/invocations', name: 'chat', provider: 'databricks', body: ['messages'], isShared: true },
    { path: '/openai/deployments/{model}/chat/completions', name: 'chat', provider: 'azure.ai.openai' },
  ],
};
