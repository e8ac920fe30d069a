/** Calls over HTTP/2: Node's own client against a server that ends each answer in another way. */
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { NODE_VERSIONS, nodeBinary } from '../../tools/node-versions.ts';
import { observe, type Seen } from '../e2e/programs.ts';
import { runProgram } from '../harness/index.ts';

const file = join(import.meta.dirname, 'programs/http2.cjs');
/** Node below 22.17 tells nobody of its HTTP/2. */
const [first, ...telling] = NODE_VERSIONS;

test(`on Node ${first} a program runs as it does, and nothing is seen`, async () => {
  const seen = await observe('with the preload alone', { file, node: nodeBinary(first) });
  expect([seen.code, seen.stderr, seen.spans.filter(({ name }) => name.startsWith('chat'))]).toEqual([0, '', []]);
});

describe.each(telling)('over HTTP/2 on Node %s', (version) => {
  let seen: Seen;
  beforeAll(async () => {
    seen = await observe('with the preload alone', { file, node: nodeBinary(version) });
  });

  test('a program gets what it gets without the preload', async () => {
    const bare = await runProgram({ file, node: nodeBinary(version), preload: 'none' });
    expect([seen.stdout, seen.stderr, seen.code]).toEqual([bare.stdout, bare.stderr, bare.code]);
    expect(bare.stdout).toContain('"model":"whole","status":200');
  });

  const counts = { 'gen_ai.usage.input_tokens': 5, 'gen_ai.usage.output_tokens': 7 };
  test.each([
    ['whole', { ...counts, 'gen_ai.response.finish_reasons': ['stop'], 'http.response.status_code': 200 }],
    ['slow', counts],
    ['refused', { 'error.type': 'ThrottlingException', 'http.response.status_code': 429 }],
    ['reset', { 'error.type': 'ERR_HTTP2_STREAM_ERROR', 'http.response.status_code': 200 }],
    ['gone', { 'error.type': 'ECONNRESET', 'http.response.status_code': 200 }],
    ['aborted', { 'error.type': 'AbortError', 'http.response.status_code': 200 }],
    ['silent', { 'error.type': 'AbortError' }],
  ])('an answer that is %s is one call with its facts', (model, expected) => {
    const calls = seen.spans.filter(({ attributes }) => attributes['gen_ai.request.model'] === model);
    expect(calls.map(({ name }) => name)).toEqual([`chat ${model}`]);
    expect(calls[0]?.attributes).toMatchObject({ 'gen_ai.provider.name': 'aws.bedrock', 'server.address': '127.0.0.1', ...expected });
    if (!('error.type' in expected)) expect(calls[0]?.attributes['error.type']).toBeUndefined();
  });
});
