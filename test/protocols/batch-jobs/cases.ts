/** Batches that are handed in: the batch object of OpenAI's API reference, and what Mistral, Vertex and Bedrock say instead. */
import type { ProtocolTable } from '../protocol.cases.ts';

const answer = {
  id: 'batch_abc123',
  object: 'batch',
  endpoint: '/v1/chat/completions',
  errors: null,
  input_file_id: 'file-abc123',
  completion_window: '24h',
  status: 'validating',
  output_file_id: null,
  created_at: 1_711_471_533,
  request_counts: { total: 0, completed: 0, failed: 0 },
  metadata: { name: 'canary-name' },
};

export const table: ProtocolTable = {
  own: [
    ['https://api.openai.com/v1/batches', 'openai', 'create_batch'],
    ['https://me.openai.azure.com/openai/batches?api-version=2024-10-21', 'azure.ai.openai', 'create_batch'],
    ['https://me.openai.azure.com/openai/v1/batches', 'azure.ai.openai', 'create_batch'],
    ['https://api.groq.com/openai/v1/batches', 'groq', 'create_batch'],
    ['https://api.mistral.ai/v1/batch/jobs', 'mistral_ai', 'create_batch'],
    ['https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/l/batchPredictionJobs', 'gcp.vertex_ai', 'create_batch'],
    ['https://bedrock.us-east-1.amazonaws.com/model-invocation-job', 'aws.bedrock', 'create_batch'],
  ],
  foreign: [
    ['GET', 'https://api.openai.com/v1/batches'],
    ['GET', 'https://api.openai.com/v1/batches/batch_abc123'],
    ['POST', 'https://api.openai.com/v1/batches/batch_abc123/cancel'],
    ['POST', 'https://api.mistral.ai/v1/batch/jobs/b1/cancel'],
    ['POST', 'https://api.openai.com/v1/files'],
    ['POST', 'https://api.openai.com/v1/moderations'],
    ['POST', 'https://api.mistral.ai/v1/moderations'],
    ['POST', 'https://api.mistral.ai/v1/classifications'],
    ['GET', 'https://api.openai.com/v1/models'],
  ],
  request: {
    request: { input_files: ['canary-file'], endpoint: '/v1/chat/completions', model: 'publishers/x/models/mistral-small-latest' },
    expected: { requestModel: 'mistral-small-latest' },
  },
  plain: { answer, expected: { responseId: 'batch_abc123', usage: undefined } },
  stream: { doesNotApply: 'a batch is handed in by one request' },
  errors: {
    status: {
      status: 400,
      answer: { error: { message: 'canary file not found', type: 'invalid_request_error', param: 'input_file_id', code: null } },
      expected: { errorType: 'invalid_request_error' },
    },
    body: { answer: { error: { message: 'canary', code: 502 } }, expected: { statusCode: 200, errorType: '502' } },
    event: { doesNotApply: 'a batch is handed in by one request' },
  },
  tools: { doesNotApply: 'the calls of a batch stand in a file, or are made later' },
  content: { doesNotApply: 'the calls of a batch stand in a file, or are made later' },
};
