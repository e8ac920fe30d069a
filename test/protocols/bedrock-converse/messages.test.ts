/** Bedrock's streams in the framing in which they come: messages of an AWS event stream, cut anywhere. */
import { expect, test } from '@jest/globals';
import { protocol as converse } from '../../../src/protocols/bedrock-converse/index.ts';
import { protocol as invoke } from '../../../src/protocols/bedrock-invoke/index.ts';
import type { Protocol } from '../../../src/protocols/protocol.ts';
import { readCall, type Told } from '../call.ts';
import { message } from '../event-stream.ts';

const headers = { 'content-type': 'application/vnd.amazon.eventstream' };
const chunk = (data: object): Buffer => message('chunk', { bytes: Buffer.from(JSON.stringify(data)).toString('base64') });

const converseStream = Buffer.concat([
  message('messageStart', { role: 'assistant' }),
  ...['canary', ' grüßt'].map((text) => message('contentBlockDelta', { contentBlockIndex: 0, delta: { text } })),
  message('messageStop', { stopReason: 'end_turn' }),
  message('metadata', { usage: { inputTokens: 5, outputTokens: 7, totalTokens: 12 }, serviceTier: { type: 'flex' } }),
]);
const llamaStream = Buffer.concat([
  chunk({ generation: 'canary', prompt_token_count: 5, generation_token_count: 1, stop_reason: null }),
  chunk({
    generation: ' grüßt',
    prompt_token_count: null,
    generation_token_count: 2,
    stop_reason: 'stop',
    'amazon-bedrock-invocationMetrics': { inputTokenCount: 9, outputTokenCount: 9 },
  }),
]);

function read(protocol: Protocol, path: string, answer: Buffer, cut: (body: Buffer) => Buffer[] = (body) => [body]): Told {
  return readCall(protocol, { path, headers, answer }, { cut });
}

test.each([
  ['converse', converse, '/model/m/converse-stream', converseStream, { inputTokens: 5, outputTokens: 7 }],
  ['invoke', invoke, '/model/meta.llama3/invoke-with-response-stream', llamaStream, { inputTokens: 5, outputTokens: 2 }],
] as const)('%s gives the same facts wherever its stream is cut', (_, protocol, path, bytes, usage) => {
  const whole = read(protocol, path, bytes);
  expect(whole.answer).toMatchObject({ finishReasons: ['stop'], usage, timeToFirstChunk: 2, timePerChunk: { count: 1 } });
  expect([whole.answer?.errorType, whole.unread]).toEqual([undefined, []]);
  for (let at = 0; at <= bytes.length; at += 1)
    expect(read(protocol, path, bytes, (body) => [body.subarray(0, at), body.subarray(at)])).toEqual(whole);
});

test('a refusal goes by the name in its header', () => {
  const call = {
    status: 429,
    headers: { 'x-amzn-errortype': 'ThrottlingException:http://internal.amazon.com/' },
    answer: { message: 'canary' },
  };
  expect(readCall(converse, call).answer).toMatchObject({ statusCode: 429, errorType: 'ThrottlingException' });
});

test('an exception in the stream is the error of the call', () => {
  const bytes = Buffer.concat([
    converseStream.subarray(0, message('messageStart', { role: 'assistant' }).length),
    message('throttlingException', { message: 'canary' }, 'exception'),
  ]);
  expect(read(converse, '/model/m/converse-stream', bytes).answer).toMatchObject({ errorType: 'throttlingException' });
});
