/** Which requests are OpenAI chat completions. Gateways, Azure deployments and local models speak it too. */
import type { Endpoint } from '../protocol.ts';

export const protocol: Endpoint = {
  calls: 'OpenAI chat completions',
  provider: 'openai',
  operations: [
    { path: '/chat/completions', name: 'chat' },
    { path: '/openai/deployments/{model}/chat/completions', name: 'chat', provider: 'azure.ai.openai' },
  ],
};
