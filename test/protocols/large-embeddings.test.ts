// Answers with embeddings of many megabytes: their usage is found before and behind the vectors, and little of them is held.
import { describe, expect, test } from '@jest/globals';
import * as catalogue from '../../src/protocols/catalogue.ts';
import type { Protocol } from '../../src/protocols/protocol.ts';
import { readCall } from './call.ts';

const VECTORS = 2_048;
/** Of 1,024 numbers each: some 40 MB, which is five times what is held of any other body. */
const numbers = JSON.stringify(Array.from({ length: 1_024 }, (_, index) => Math.sin(index)));
const base64 = JSON.stringify(Buffer.alloc(12_288, 7).toString('base64'));
const many = (one: string): string => `[${Array.from({ length: VECTORS }, () => one).join(',')}]`;
const openai = (vector: string): string => many(`{"object":"embedding","index":0,"embedding":${vector}}`);
const openaiUsage = '"usage":{"prompt_tokens":8,"total_tokens":8}';

const ROWS: readonly (readonly [what: string, protocol: Protocol, path: string, answer: string, tokens: number])[] = [
  ['OpenAI', catalogue.openaiEmbeddings, '/v1/embeddings', `{"data":${openai(numbers)},"model":"m",${openaiUsage}}`, 8],
  ['OpenAI, usage first', catalogue.openaiEmbeddings, '/v1/embeddings', `{"model":"m",${openaiUsage},"data":${openai(numbers)}}`, 8],
  ['OpenAI, base64', catalogue.openaiEmbeddings, '/v1/embeddings', `{"data":${openai(base64)},"model":"m",${openaiUsage}}`, 8],
  [
    'Gemini',
    catalogue.gemini,
    '/v1beta/models/gemini-embedding-001:batchEmbedContents',
    `{"embeddings":${many(`{"values":${numbers}}`)},"usageMetadata":{"promptTokenCount":8,"totalTokenCount":8}}`,
    8,
  ],
  [
    'Cohere',
    catalogue.cohere,
    '/v2/embed',
    `{"id":"x","embeddings":{"float":${many(numbers)}},"texts":[],"meta":{"billed_units":{"input_tokens":8}}}`,
    8,
  ],
  ['Ollama', catalogue.ollama, '/api/embed', `{"model":"m","embeddings":${many(numbers)},"prompt_eval_count":8}`, 8],
  [
    'Vertex',
    catalogue.vertexPredict,
    '/publishers/google/models/text-embedding-005:predict',
    `{"predictions":${many(`{"embeddings":{"values":${numbers},"statistics":{"truncated":false,"token_count":2}}}`)}}`,
    2 * VECTORS,
  ],
];

describe.each(ROWS)('%s', (_, protocol, path, answer, tokens) => {
  test('has its tokens', () => {
    const bytes = Buffer.from(answer);
    expect(bytes.byteLength).toBeGreaterThan(16 * 1024 * 1024);
    const cut = (body: Buffer): Buffer[] =>
      Array.from({ length: Math.ceil(body.byteLength / 65_536) }, (_each, at) => body.subarray(at * 65_536, (at + 1) * 65_536));
    const { answer: told, unread } = readCall(protocol, { path, answer: bytes, headers: { 'content-type': 'application/json' } }, { cut });
    expect([told?.usage?.inputTokens, told?.errorType, unread]).toEqual([tokens, undefined, []]);
  });
});
