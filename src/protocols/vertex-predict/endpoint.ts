/** Which requests are predictions of Google's models: embeddings and Imagen's pictures; Veo's videos are made later. */
import type { Endpoint } from '../protocol.ts';

const GEMINI = 'gcp.gemini';

export const protocol: Endpoint = {
  calls: 'Vertex predictions',
  provider: 'gcp.vertex_ai',
  operations: [
    { path: '/publishers/google/models/{embedding_model}:predict', name: 'embeddings' },
    { path: '/publishers/google/models/{model}:predict', name: 'generate_content' },
    { path: '/publishers/google/models/{model}:predictLongRunning', name: 'create_batch' },
    // With a key of Gemini's API; other servers than Google's predict under such paths too.
    { path: '/models/{image_model}:predict', name: 'generate_content', provider: GEMINI },
    { path: '/models/{video_model}:predictLongRunning', name: 'create_batch', provider: GEMINI },
  ],
};
