/** Which requests are Gemini's interactions, its newer form: one that is made, fetched or cancelled. */
import type { Endpoint } from '../protocol.ts';

export const protocol: Endpoint = {
  calls: 'Gemini interactions',
  provider: 'gcp.gemini',
  operations: [
    { path: '/interactions', name: 'chat', body: ['model', 'input'] },
    // A fetch has no body that tells it from others: such an id is one of an interaction at a host of Gemini's alone.
    { path: '/interactions/{id}', method: 'GET', name: 'fetch_response', body: ['model'] },
    { path: '/interactions/{id}/cancel', name: 'cancel_response', body: ['model'] },
  ],
};
