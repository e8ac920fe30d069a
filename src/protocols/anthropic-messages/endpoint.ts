/** Which requests are Anthropic messages. */
import type { Endpoint } from '../protocol.ts';

export const protocol: Endpoint = { pathEnd: '/v1/messages', provider: 'anthropic', operation: 'chat' };
