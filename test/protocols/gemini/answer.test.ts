/** What Gemini's services do beside the common cases of every protocol. */
import { expect, test } from '@jest/globals';
import { protocol } from '../../../src/protocols/gemini/index.ts';
import { readCall, type Call } from '../call.ts';

const read = (call: Call): ReturnType<typeof readCall> => readCall(protocol, call);
const STREAM = '/v1beta/models/gemini-2.5-flash:streamGenerateContent';
const piece = (text: string, more: object = {}): object => ({
  candidates: [{ content: { role: 'model', parts: [{ text }] }, index: 0, ...more }],
  usageMetadata: { promptTokenCount: 5, candidatesTokenCount: text.length },
  modelVersion: 'gemini-2.5-flash',
  responseId: 'r-1',
});

test('a stream without alt=sse is a list of answers, and gives the same facts', () => {
  const parts = [piece('canary'), piece('canary again', { finishReason: 'MAX_TOKENS' })];
  const list = `[${parts.map((part) => JSON.stringify(part, undefined, 2)).join(',\r\n')}\r\n]`;
  const told = read({ path: STREAM, request: {}, answer: list, headers: { 'content-type': 'application/json; charset=UTF-8' } });
  expect(told.answer).toMatchObject({
    responseId: 'r-1',
    finishReasons: ['length'],
    usage: { inputTokens: 5, outputTokens: 12 },
    timeToFirstChunk: 2,
    timePerChunk: { count: 1 },
  });
  expect([told.answer?.errorType, told.unread]).toEqual([undefined, []]);
});

test('what Code Assist wraps is read as if it were not', () => {
  const contents = [
    { role: 'user', parts: [{ text: 'canary' }] },
    { role: 'model', parts: [{ functionCall: { name: 'ls', args: {} } }] },
    { role: 'user', parts: [{ functionResponse: { name: 'ls', response: {} } }] },
  ];
  const told = read({
    path: '/v1internal:streamGenerateContent?alt=sse',
    request: { model: 'gemini-2.5-pro', project: 'p', request: { contents, tools: [{ functionDeclarations: [{ name: 'ls' }] }] } },
    answer: `data: ${JSON.stringify({ response: piece('canary', { finishReason: 'STOP' }), traceId: 't' })}\n\n`,
  });
  expect(told.request).toMatchObject({ requestModel: 'gemini-2.5-pro', stream: true, toolsOffered: ['ls'] });
  expect(told.request?.tools?.results).toMatchObject([{ callId: 'ls#0', name: 'ls', isLast: true }]);
  expect(told.answer).toMatchObject({ responseId: 'r-1', finishReasons: ['stop'], usage: { inputTokens: 5, outputTokens: 6 } });
});

test('a prompt that a filter stopped has no answer and is no error', () => {
  const { answer } = read({ answer: { promptFeedback: { blockReason: 'SAFETY' }, usageMetadata: { promptTokenCount: 5 } } });
  expect(answer).toMatchObject({ finishReasons: ['content_filter'], usage: { inputTokens: 5 } });
  expect(answer?.errorType).toBeUndefined();
});

test.each([
  ['ON_DEMAND', undefined],
  ['ON_DEMAND_FLEX', 'flex'],
  ['ON_DEMAND_PRIORITY', 'priority'],
  ['PROVISIONED_THROUGHPUT', 'provisioned_throughput'],
])('traffic of type %s has the tier %s', (trafficType, serviceTier) => {
  const { answer } = read({ answer: { ...piece('canary'), usageMetadata: { promptTokenCount: 1, trafficType } } });
  expect(answer?.billing?.serviceTier).toBe(serviceTier);
});

test('tokens of another medium are told apart', () => {
  const usageMetadata = {
    promptTokenCount: 30,
    candidatesTokenCount: 1_290,
    promptTokensDetails: [{ modality: 'AUDIO', tokenCount: 20 }],
    candidatesTokensDetails: [{ modality: 'IMAGE', tokenCount: 1_290 }],
  };
  const { answer } = read({ answer: { ...piece('canary'), usageMetadata } });
  expect(answer?.usage).toMatchObject({ inputTokens: 30, audioInputTokens: 20, outputTokens: 1_290, imageOutputTokens: 1_290 });
});

test('a prompt longer than the model takes is told as such', () => {
  const message = 'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).';
  const { answer } = read({ status: 400, answer: { error: { code: 400, message, status: 'INVALID_ARGUMENT' } } });
  expect(answer).toMatchObject({ errorType: 'INVALID_ARGUMENT', isContextOverflow: true });
});
