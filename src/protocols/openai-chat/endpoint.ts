/** Which requests are OpenAI chat completions. Gateways, Azure deployments and local models speak it too. */
import type { Endpoint } from '../protocol.ts';

export const protocol: Endpoint = {
  calls: 'OpenAI chat completions',
  pathEnd: '/chat/completions',
  provider: 'openai',
  operation: 'chat',
};
