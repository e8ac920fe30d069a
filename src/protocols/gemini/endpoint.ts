/** Which requests are Gemini's: of its API, of Vertex, and of Code Assist, which Gemini CLI speaks after a login. */
import type { Endpoint } from '../protocol.ts';

const VERTEX = 'gcp.vertex_ai';
const CODE_ASSIST = 'gcp.gen_ai';

export const protocol: Endpoint = {
  calls: 'Gemini',
  provider: 'gcp.gemini',
  operations: [
    { path: '/models/{model}:generateContent', name: 'generate_content' },
    { path: '/models/{model}:streamGenerateContent', name: 'generate_content', isStream: true },
    { path: '/models/{model}:embedContent', name: 'embeddings' },
    { path: '/models/{model}:batchEmbedContents', name: 'embeddings' },
    { path: '/models/{model}:countTokens', name: 'count_tokens' },
    { path: '/models/{model}:batchGenerateContent', name: 'create_batch' },
    { path: '/models/{model}:asyncBatchEmbedContent', name: 'create_batch' },
    { path: '/tunedModels/{model}:generateContent', name: 'generate_content' },
    { path: '/tunedModels/{model}:streamGenerateContent', name: 'generate_content', isStream: true },
    { path: '/publishers/google/models/{model}:generateContent', name: 'generate_content', provider: VERTEX },
    { path: '/publishers/google/models/{model}:streamGenerateContent', name: 'generate_content', isStream: true, provider: VERTEX },
    { path: '/publishers/google/models/{model}:embedContent', name: 'embeddings', provider: VERTEX },
    { path: '/publishers/google/models/{model}:countTokens', name: 'count_tokens', provider: VERTEX },
    { path: '/endpoints/{model}:generateContent', name: 'generate_content', provider: VERTEX },
    { path: '/endpoints/{model}:streamGenerateContent', name: 'generate_content', isStream: true, provider: VERTEX },
    { path: '/v1internal:generateContent', name: 'generate_content', provider: CODE_ASSIST },
    { path: '/v1internal:streamGenerateContent', name: 'generate_content', isStream: true, provider: CODE_ASSIST },
    { path: '/v1internal:countTokens', name: 'count_tokens', provider: CODE_ASSIST },
  ],
};
