/** Which requests hand in calls that are made later: of OpenAI and who speaks like it, Mistral, Vertex and Bedrock. */
import type { Endpoint } from '../protocol.ts';

export const protocol: Endpoint = {
  calls: 'batches',
  provider: 'openai',
  operations: [
    { path: '/batches', name: 'create_batch', body: ['input_file_id', 'endpoint'] },
    { path: '/batch/jobs', name: 'create_batch', provider: 'mistral_ai', body: ['endpoint'] },
    { path: '/batchPredictionJobs', name: 'create_batch', provider: 'gcp.vertex_ai', body: ['model', 'inputConfig'] },
    { path: '/model-invocation-job', name: 'create_batch', provider: 'aws.bedrock', body: ['modelId', 'inputDataConfig'] },
  ],
};
