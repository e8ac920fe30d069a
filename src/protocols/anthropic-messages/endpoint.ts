/** Which requests are Anthropic messages. */
import type { Endpoint } from '../protocol.ts';

export const protocol: Endpoint = {
  calls: 'Anthropic messages',
  pathEnd: '/v1/messages',
  provider: 'anthropic',
  operation: 'chat',
};
