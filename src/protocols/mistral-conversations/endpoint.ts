/** Which requests are Mistral's conversations, which its agents answer too; its other calls are in OpenAI's form. */
import type { Endpoint } from '../protocol.ts';

export const protocol: Endpoint = {
  calls: 'Mistral conversations',
  provider: 'mistral_ai',
  operations: [
    { path: '/conversations', name: 'chat', body: ['inputs'] },
    { path: '/conversations/{conversation_id}', name: 'chat', body: ['inputs'] },
    { path: '/conversations/{conversation_id}/restart', name: 'chat', body: ['from_entry_id'] },
  ],
};
