/** Which requests are OpenAI chat completions. Many servers speak this protocol: gateways, Azure deployments, local models. */
import type { Endpoint } from '../protocol.ts';

export const protocol: Endpoint = { pathEnd: '/chat/completions', provider: 'openai', operation: 'chat' };
