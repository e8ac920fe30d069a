/** Which requests are Ollama's own; its OpenAI-compatible paths are OpenAI's. */
import type { Endpoint } from '../protocol.ts';

export const protocol: Endpoint = {
  calls: 'Ollama',
  provider: 'ollama',
  operations: [
    { path: '/api/chat', name: 'chat', body: ['model', 'messages'] },
    { path: '/api/generate', name: 'text_completion', body: ['model', 'prompt'] },
    { path: '/api/embed', name: 'embeddings', body: ['model', 'input'] },
    { path: '/api/embeddings', name: 'embeddings', body: ['model', 'prompt'] },
  ],
};
