/** Which requests are OpenAI responses: one that is made, fetched, cancelled or compacted. Gateways, Azure and local servers speak it too. */
import type { Endpoint } from '../protocol.ts';

export const protocol: Endpoint = {
  calls: 'OpenAI responses',
  provider: 'openai',
  operations: [
    { path: '/responses', name: 'chat', body: ['model', 'input'] },
    { path: '/openai/deployments/{model}/responses', name: 'chat', provider: 'azure.ai.openai' },
    { path: '/openai/responses', name: 'chat', provider: 'azure.ai.openai' },
    { path: '/responses', method: 'WEBSOCKET', name: 'chat', isStream: true, body: ['model'] },
    { path: '/openai/responses', method: 'WEBSOCKET', name: 'chat', isStream: true, provider: 'azure.ai.openai' },
    { path: '/serving-endpoints/{model}/invocations', name: 'chat', provider: 'databricks', body: ['input'], isShared: true },
    { path: '/responses/compact', name: 'chat', body: ['model'] },
    { path: '/responses/input_tokens', name: 'count_tokens' },
    { path: '/responses/{response}', method: 'GET', name: 'fetch_response' },
    // A fetch has no body that tells it from others: such an id is one of a response at a well-known host alone.
    { path: '/responses/{id}', method: 'GET', name: 'fetch_response', body: ['model'] },
    { path: '/responses/{response}/cancel', name: 'cancel_response' },
  ],
};
