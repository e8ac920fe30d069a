// What Vertex' predictions tell beside embeddings: pictures, and videos that are made later.
import { expect, test } from '@jest/globals';
import { protocol } from '../../../src/protocols/vertex-predict/index.ts';
import { readCall } from '../call.ts';
import { imagesCall } from './cases.ts';

test('pictures are counted, the ones that a filter kept are none, and a prompt is captured where that is asked for', () => {
  const { answer, request } = readCall(protocol, imagesCall, { isContentCaptured: true });
  expect(answer).toMatchObject(imagesCall.expected);
  expect(request?.attributes).toMatchObject({ 'gen_ai.output.type': 'image', 'gen_ai.request.choice.count': 3 });
  expect(JSON.parse(String(request?.attributes?.['gen_ai.input.messages']))).toEqual([
    { role: 'user', parts: [{ type: 'text', content: 'canary-prompt' }] },
  ]);
  expect(JSON.stringify(readCall(protocol, imagesCall))).not.toMatch(/canary/i);
});

test('a video that is made later has an id without its project, and no usage', () => {
  const path = '/v1/projects/canary/locations/l/publishers/google/models/veo-3.0-generate-001:predictLongRunning';
  const name = 'projects/canary/locations/l/publishers/google/models/veo-3.0-generate-001/operations/8f1c';
  const { answer } = readCall(protocol, { path, request: { instances: [{ prompt: 'canary' }] }, answer: { name } });
  expect(answer).toMatchObject({ responseId: '8f1c', usage: undefined });
});

test('vectors of pictures are billed by the piece: they have no tokens and no price', () => {
  const path = '/publishers/google/models/multimodalembedding@001:predict';
  const { answer } = readCall(protocol, { path, answer: { predictions: [{ imageEmbedding: [0.1], textEmbedding: [0.2] }] } });
  expect(answer).toMatchObject({ usage: undefined, billing: { unpriceable: 'vectors of media' } });
});
