/** Vertex' predictions, as Google's reference of text embeddings, Imagen and Veo has them. */
import { expect } from '@jest/globals';
import type { ProtocolTable } from '../protocol.cases.ts';

const google = 'https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/us-central1/publishers/google/models';
const images = '/v1/projects/p/locations/l/publishers/google/models/imagen-4.0-generate-001:predict';
const prediction = (tokens: number): object => ({
  embeddings: { values: [0.010562753304839134, 0.049150478094816208], statistics: { truncated: false, token_count: tokens } },
});

export const table: ProtocolTable = {
  own: [
    [`${google}/text-embedding-005:predict`, 'gcp.vertex_ai', 'embeddings', 'text-embedding-005'],
    [`${google}/multimodalembedding@001:predict`, 'gcp.vertex_ai', 'embeddings', 'multimodalembedding@001'],
    [`${google}/imagen-4.0-generate-001:predict`, 'gcp.vertex_ai', 'generate_content', 'imagen-4.0-generate-001'],
    [`${google}/veo-3.0-generate-001:predictLongRunning`, 'gcp.vertex_ai', 'create_batch', 'veo-3.0-generate-001'],
    [
      'https://generativelanguage.googleapis.com/v1beta/models/imagen-4.0-generate-001:predict',
      'gcp.gemini',
      'generate_content',
      'imagen-4.0-generate-001',
    ],
    [
      'https://generativelanguage.googleapis.com/v1beta/models/veo-3.0-generate-001:predictLongRunning',
      'gcp.gemini',
      'create_batch',
      'veo-3.0-generate-001',
    ],
  ],
  foreign: [
    // TensorFlow's server, and a model of one's own on Vertex.
    ['POST', 'http://localhost:8501/v1/models/half_plus_two:predict'],
    ['POST', 'https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/l/endpoints/123:predict'],
    ['POST', `${google}/veo-3.0-generate-001:fetchPredictOperation`],
  ],
  request: {
    request: { instances: [{ content: 'canary-text', task_type: 'RETRIEVAL_QUERY' }], parameters: { outputDimensionality: 256, seed: 7 } },
    expected: { attributes: { 'gen_ai.embeddings.dimension.count': 256, 'gen_ai.request.seed': 7 } },
  },
  plain: {
    answer: { predictions: [prediction(6), prediction(4)], metadata: { billableCharacterCount: 40 } },
    expected: { usage: { inputTokens: 10 } },
  },
  stream: { doesNotApply: 'predictions are never streamed' },
  errors: {
    status: {
      status: 429,
      answer: { error: { code: 429, message: 'Quota exceeded for canary', status: 'RESOURCE_EXHAUSTED' } },
      expected: { errorType: 'RESOURCE_EXHAUSTED' },
    },
    body: { answer: { error: { code: 503, message: 'canary', status: 'UNAVAILABLE' } }, expected: { errorType: 'UNAVAILABLE' } },
    event: { doesNotApply: 'predictions are never streamed' },
  },
  tools: { doesNotApply: 'a prediction calls no tools' },
  content: { doesNotApply: 'what is embedded is never captured; of pictures see answer.test.ts' },
};

/** Of pictures. */
export const imagesCall = {
  path: images,
  request: { instances: [{ prompt: 'canary-prompt' }], parameters: { sampleCount: 3 } },
  answer: {
    predictions: [
      { mimeType: 'image/png', bytesBase64Encoded: 'CANARYIMAGE' },
      { mimeType: 'image/png', gcsUri: 'gs://canary/1.png' },
      { raiFilteredReason: 'canary' },
    ],
  },
  expected: {
    finishReasons: ['content_filter'],
    billing: { unpriceable: 'pictures' },
    attributes: expect.objectContaining({ 'swarmscope.usage.images': 2 }) as never,
  },
};
