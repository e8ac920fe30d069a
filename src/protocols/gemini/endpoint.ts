/** Which requests are Gemini's: of its API, of Vertex, and of Code Assist, which Gemini CLI speaks after a login. */
import type { LlmOperation } from '../../semconv/telemetry.ts';
import type { Endpoint, Operation } from '../protocol.ts';

/** What is asked of a model stands behind a colon. */
const ASKED: Readonly<Record<string, LlmOperation>> = {
  generateContent: 'generate_content',
  streamGenerateContent: 'generate_content',
  embedContent: 'embeddings',
  batchEmbedContents: 'embeddings',
  countTokens: 'count_tokens',
  batchGenerateContent: 'create_batch',
  asyncBatchEmbedContent: 'create_batch',
};

const VERTEX = { provider: 'gcp.vertex_ai' };
const PLACES: readonly (readonly [path: string, known?: Pick<Operation, 'provider'>])[] = [
  ['/models/{model}'],
  ['/tunedModels/{model}'],
  ['/publishers/google/models/{model}', VERTEX],
  ['/endpoints/{model}', VERTEX],
  ['/v1internal', { provider: 'gcp.gen_ai' }],
];

export const protocol: Endpoint = {
  calls: 'Gemini',
  provider: 'gcp.gemini',
  operations: PLACES.flatMap(([place, known]) =>
    Object.entries(ASKED).map(([word, name]): Operation => ({
      path: `${place}:${word}`,
      name,
      ...(word.startsWith('stream') && { isStream: true }),
      ...known,
    })),
  ),
};
