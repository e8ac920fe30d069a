/** Which WebSockets are OpenAI's Realtime: its own, Azure's, and those of services that speak it. */
import type { Endpoint } from '../protocol.ts';

export const protocol: Endpoint = {
  calls: 'OpenAI Realtime',
  provider: 'openai',
  operations: [
    // At a host of one's own only a model in the address or a message shows that it is one.
    { path: '/realtime', method: 'WEBSOCKET', name: 'chat', isStream: true, body: ['model'] },
    { path: '/openai/realtime', method: 'WEBSOCKET', name: 'chat', isStream: true, provider: 'azure.ai.openai' },
  ],
};
