/** How a call ended: by what the service told, by what happened to its connection, and by who closed it. */
import { describe, expect, test } from '@jest/globals';
import { protocol } from '../../src/protocols/openai-chat/index.ts';
import { brokenEnd } from '../../src/protocols/facts/ending.ts';
import { readCall, type Call, type Manner } from './call.ts';

const chunk = (more: object): string => `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: 'canary' }, ...more }] })}\n\n`;
const BEGUN = chunk({});
const WHOLE = `${BEGUN}${chunk({ delta: {}, finish_reason: 'stop' })}data: [DONE]\n\n`;
const JSON_TYPE = { 'content-type': 'application/json' };
const named = (name: string, code?: string): Error => Object.assign(new Error('canary'), { name, code });
const request = (header?: string) => ({ header: (name: string) => (name === 'x-stainless-timeout' ? header : undefined) });

test.each<[string, Call, Manner, string | undefined]>([
  ['complete', { answer: { choices: [] } }, {}, undefined],
  ['complete', { answer: WHOLE }, {}, undefined],
  ['complete', { answer: WHOLE }, { failure: named('Error', 'ECONNRESET') }, undefined],
  ['complete', { answer: WHOLE }, { isCut: true }, undefined],
  ['error', { status: 503, answer: {} }, {}, '503'],
  ['error', { answer: `${BEGUN}data: {"error":{"type":"server_error"}}\n\n` }, {}, 'server_error'],
  ['cut', { answer: BEGUN }, {}, 'incomplete_stream'],
  ['cut', { answer: BEGUN }, { failure: named('Error', 'ECONNRESET') }, 'ECONNRESET'],
  ['left', { answer: BEGUN }, { failure: named('AbortError') }, undefined],
  ['left', { answer: BEGUN }, { failure: 'the response was garbage collected' }, undefined],
  ['aborted', { answer: '', headers: JSON_TYPE }, { failure: named('AbortError') }, 'AbortError'],
  ['timeout', { answer: BEGUN }, { failure: named('TimeoutError') }, 'TimeoutError'],
  ['timeout', { answer: BEGUN }, { failure: named('BodyTimeoutError', 'UND_ERR_BODY_TIMEOUT') }, 'UND_ERR_BODY_TIMEOUT'],
  ['process_exit', { answer: BEGUN }, { isCut: true }, 'process_exit'],
])('%s: %j', (ending, call, manner, errorType) => {
  const { answer } = readCall(protocol, call, manner);
  expect([answer?.attributes?.['swarmscope.inference.ending'], answer?.errorType]).toEqual([ending, errorType]);
});

describe('before there is an answer', () => {
  const before = { hasHead: false, isStream: false, request: request(), waitedMs: 5_000 };

  test.each([
    [named('Error', 'ECONNREFUSED'), 'error', 'ECONNREFUSED'],
    [named('HeadersTimeoutError', 'UND_ERR_HEADERS_TIMEOUT'), 'timeout', 'UND_ERR_HEADERS_TIMEOUT'],
    [named('AxiosError', 'ECONNABORTED'), 'timeout', 'ECONNABORTED'],
    [named('AbortError'), 'aborted', 'AbortError'],
    ['enough', 'aborted', 'AbortError'],
    [named('CanceledError', 'ERR_CANCELED'), 'aborted', 'AbortError'],
    [new DOMException('canary', 'TimeoutError'), 'timeout', 'TimeoutError'],
    [named('TimeoutError', 'ETIMEDOUT'), 'timeout', 'ETIMEDOUT'],
    [Object.assign(named('AbortError', 'ABORT_ERR'), { cause: new DOMException('canary', 'TimeoutError') }), 'timeout', 'TimeoutError'],
    [Object.assign(named('AbortError', 'ABORT_ERR'), { cause: new DOMException('canary', 'AbortError') }), 'aborted', 'AbortError'],
  ])('%s is %s', (error, ending, fault) => {
    expect(brokenEnd({ ...before, error })).toEqual({ ending, fault });
  });

  test.each([
    ['5', 'timeout', 'timeout'],
    ['6', 'aborted', 'AbortError'],
    ['0', 'aborted', 'AbortError'],
    ['', 'aborted', 'AbortError'],
    ['5 canary', 'aborted', 'AbortError'],
  ])('an abort after five seconds of an SDK whose limit is "%s" seconds is %s', (limit, ending, fault) => {
    expect(brokenEnd({ ...before, request: request(limit), error: named('AbortError') })).toEqual({ ending, fault });
  });

  test.each([
    ['1', 900, 'timeout'],
    ['1', 899, 'aborted'],
    ['600', 599_500, 'timeout'],
    ['600', 599_499, 'aborted'],
  ])('the clock of an SDK begins before the call is sent: with a limit of %s seconds, %i ms are %s', (limit, waitedMs, ending) => {
    expect(brokenEnd({ ...before, request: request(limit), error: named('AbortError'), waitedMs })).toMatchObject({ ending });
  });

  test.each(['x-stainless-timeout', 'x-server-timeout'])('%s tells the limit', (told) => {
    const limited = { header: (name: string) => (name === told ? '5' : undefined) };
    expect(brokenEnd({ ...before, request: limited, error: named('AbortError') })).toMatchObject({ ending: 'timeout' });
  });

  test.each([
    ['js', 599_500, 'timeout'],
    ['js', 599_499, 'aborted'],
    [undefined, 700_000, 'aborted'],
  ])('an SDK (%s) that tells no limit has its default of ten minutes: %i ms are %s', (language, waitedMs, ending) => {
    const untold = { header: (name: string) => (name === 'x-stainless-lang' ? language : undefined) };
    expect(brokenEnd({ ...before, request: untold, error: named('AbortError'), waitedMs })).toMatchObject({ ending });
  });

  test('the limit of an SDK is for the head of the answer: a stream that is left later is left', () => {
    const later = { ...before, request: request('5'), hasHead: true, isStream: true, error: named('AbortError') };
    expect(brokenEnd(later)).toEqual({ ending: 'left', fault: undefined });
  });
});
