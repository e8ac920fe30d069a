/** Which requests have OpenAI, or who speaks like it, say a text, or write down or translate what was said. */
import type { Endpoint } from '../protocol.ts';

const AZURE = 'azure.ai.openai';

export const protocol: Endpoint = {
  calls: 'OpenAI audio',
  provider: 'openai',
  operations: [
    { path: '/audio/speech', name: 'generate_content', body: ['model', 'input'] },
    { path: '/audio/transcriptions', name: 'generate_content', body: ['model'] },
    { path: '/audio/translations', name: 'generate_content', body: ['model'] },
    { path: '/openai/deployments/{model}/audio/speech', name: 'generate_content', provider: AZURE },
    { path: '/openai/deployments/{model}/audio/transcriptions', name: 'generate_content', provider: AZURE },
    { path: '/openai/deployments/{model}/audio/translations', name: 'generate_content', provider: AZURE },
  ],
};
