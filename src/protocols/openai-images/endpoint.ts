/** Which requests ask OpenAI, or who speaks like it, for pictures. */
import type { Endpoint } from '../protocol.ts';

const AZURE = 'azure.ai.openai';

export const protocol: Endpoint = {
  calls: 'OpenAI images',
  provider: 'openai',
  operations: [
    { path: '/images/generations', name: 'generate_content', body: ['prompt'] },
    { path: '/images/edits', name: 'generate_content', body: ['prompt'] },
    { path: '/images/variations', name: 'generate_content', body: ['model'] },
    { path: '/openai/deployments/{model}/images/generations', name: 'generate_content', provider: AZURE },
    { path: '/openai/deployments/{model}/images/edits', name: 'generate_content', provider: AZURE },
  ],
};
