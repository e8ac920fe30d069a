/** Which requests are OpenAI completions, the ones without messages. Local models and Mistral's fill-in-the-middle speak it too. */
import type { Endpoint } from '../protocol.ts';

export const protocol: Endpoint = {
  calls: 'OpenAI completions',
  provider: 'openai',
  operations: [
    { path: '/completion', name: 'text_completion', provider: 'llama_cpp', body: ['prompt'] },
    { path: '/completions', name: 'text_completion', body: ['model', 'prompt'] },
    { path: '/serving-endpoints/{model}/invocations', name: 'text_completion', provider: 'databricks', body: ['prompt'], isShared: true },
    { path: '/openai/deployments/{model}/completions', name: 'text_completion', provider: 'azure.ai.openai' },
    { path: '/fim/completions', name: 'text_completion', body: ['model', 'prompt'] },
  ],
};
