/** Mistral's reading of documents: the answer has the members that `@mistralai/mistralai` 2.7 declares for it. */
import { expect } from '@jest/globals';
import type { ProtocolTable } from '../protocol.cases.ts';

const model = 'mistral-ocr-2505-completion';
const page = (index: number): object => ({
  index,
  markdown: '# canary-title',
  images: [{ id: 'img-0.jpeg', top_left_x: 1, top_left_y: 1, bottom_right_x: 9, bottom_right_y: 9, image_base64: 'CANARYIMAGE' }],
  dimensions: { dpi: 200, height: 2_200, width: 1_700 },
});

export const table: ProtocolTable = {
  own: [
    ['https://api.mistral.ai/v1/ocr', 'mistral_ai'],
    ['https://llm.corp.example/mistral/v1/ocr', 'mistral_ai'],
  ],
  foreign: [['GET', 'https://api.mistral.ai/v1/ocr']],
  request: {
    request: { model: 'mistral-ocr-latest', document: { type: 'document_url', document_url: 'https://canary.example/canary.pdf' } },
    expected: { requestModel: 'mistral-ocr-latest', attributes: { 'gen_ai.output.type': 'text' } },
  },
  plain: {
    answer: { pages: [page(0), page(1)], model, document_annotation: null, usage_info: { pages_processed: 2, doc_size_bytes: 1_024 } },
    expected: {
      responseModel: model,
      usage: undefined,
      billing: { unpriceable: 'pages' },
      attributes: expect.objectContaining({ 'swarmscope.usage.pages': 2 }) as never,
    },
  },
  stream: { doesNotApply: 'the pages of a document are never streamed' },
  errors: {
    status: {
      status: 400,
      answer: { object: 'error', message: 'canary could not be fetched', type: 'invalid_file', param: null, code: '3730' },
      expected: { errorType: 'invalid_file' },
    },
    body: {
      answer: { object: 'error', message: 'canary', type: 'internal_server_error', code: '1000' },
      expected: { statusCode: 200, errorType: 'internal_server_error' },
    },
    event: { doesNotApply: 'the pages of a document are never streamed' },
  },
  tools: { doesNotApply: 'who reads a document calls no tools' },
  content: { doesNotApply: 'a document is no message, and is never captured' },
};
