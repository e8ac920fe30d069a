/** Calls that do not end tidily: what was known of them is told, and they last as long as they lasted. */
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { ExchangeRequest, ExchangeSink } from '../../../src/hooks/http/index.ts';
import type { ObserverContext } from '../../../src/observers/observer.ts';
import { WireCalls } from '../../../src/observers/llm-wire/lazy.ts';
import { LEFT_MS, QUIET_MS } from '../../../src/observers/llm-wire/unread.ts';
import { startRecording } from '../../recording/recorder.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const request = (path: string, more: Partial<ExchangeRequest> = {}): ExchangeRequest => ({
  method: 'POST',
  path,
  host: '127.0.0.1',
  port: 8080,
  header: () => undefined,
  ...more,
});

/** Time passes for the recorder and for its timers alike. */
function wire() {
  const recording = startRecording();
  const context: Partial<ObserverContext> = {
    settings: recording.recorder.settings,
    recorder: () => recording.recorder,
    count: () => undefined,
  };
  const calls = new WireCalls(context as ObserverContext);
  return {
    ...recording,
    calls,
    pass(ms: number): void {
      recording.advance(ms);
      jest.advanceTimersByTime(ms);
    },
    begin(): ExchangeSink {
      const sink = calls.open(request('/v1/chat/completions'));
      if (sink === undefined) throw new Error('not recognised');
      sink.requestBody(Buffer.from('{"model":"gpt-4o","stream":true}'));
      sink.requestEnd();
      return sink;
    },
  };
}

function head(
  sink: ExchangeSink | undefined,
  status: number,
  headers: Record<string, string> = {},
  decodeRest = (): void => undefined,
): void {
  sink?.responseHead({ status, header: (name) => headers[name] }, decodeRest);
}

const told = ({ attributes, duration: [seconds, nanoseconds] }: ReadableSpan): Record<string, unknown> => ({
  ms: seconds * 1e3 + nanoseconds / 1e6,
  status: attributes['http.response.status_code'],
  error: attributes['error.type'],
  model: attributes['gen_ai.response.model'],
  input: attributes['gen_ai.usage.input_tokens'],
  cached: attributes['gen_ai.usage.cache_read.input_tokens'],
});

const FIRST = Buffer.from(
  'data: {"model":"gpt-4o-1","choices":[{"delta":{"content":"a"}}],"usage":{"prompt_tokens":90000,"prompt_tokens_details":{"cached_tokens":5000}}}\n\n',
);
const known = { status: 200, model: 'gpt-4o-1', input: 90_000, cached: 5_000 };

test('a stream that the end of the process cuts keeps what its first event told', () => {
  const { begin, pass, state, span } = wire();
  const sink = begin();
  head(sink, 200);
  sink.responseChunk(FIRST);
  pass(3_000);
  state.endOpen('process_exit');
  expect(told(span('chat gpt-4o'))).toEqual({ ms: 3_000, error: 'process_exit', ...known });
});

test('what still waits for its decoding at the end of the process is read', () => {
  const { begin, state, span } = wire();
  const sink = begin();
  head(sink, 200, {}, () => sink.responseChunk(FIRST));
  state.endOpen('process_exit');
  expect(told(span('chat gpt-4o'))).toMatchObject(known);
});

test.each(['data: [DONE]\n\n', ''])('a whole stream has ended with its last byte (%j), whatever happens to its connection', (end) => {
  const { begin, pass, state, span } = wire();
  const sink = begin();
  head(sink, 200);
  pass(100);
  sink.responseChunk(Buffer.concat([FIRST, Buffer.from(`data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\n${end}`)]));
  pass(5_000);
  state.endOpen('process_exit');
  expect(told(span('chat gpt-4o'))).toEqual({ ms: 100, error: undefined, ...known });
});

test('a stream is over at its last event: who then leaves the connection open, leaves no call open', () => {
  const { begin, spans } = wire();
  const sink = begin();
  head(sink, 200);
  sink.responseChunk(Buffer.from('data: {"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'));
  expect(spans()).toHaveLength(1);
  sink.error(new Error('reset'), 0);
  expect(spans()).toHaveLength(1);
});

const refusal = Buffer.from('{"error":{"code":"rate_limit_exceeded"},"message":"');

test('a refusal whose body nobody reads is one when nothing more has come for a second, and has lasted until its last byte', () => {
  const { begin, pass, spans, span } = wire();
  const sink = begin();
  pass(60);
  head(sink, 429);
  sink.responseChunk(refusal);
  pass(QUIET_MS - 1);
  sink.responseChunk(Buffer.from('more'));
  pass(QUIET_MS - 1);
  expect(spans()).toEqual([]);
  pass(1);
  expect(told(span('chat gpt-4o'))).toMatchObject({ ms: 60 + QUIET_MS - 1, status: 429, error: 'rate_limit_exceeded' });
});

test('a refusal whose body nobody reads has ended before the call that repeats it', () => {
  const { begin, pass, spans } = wire();
  head(begin(), 429);
  pass(LEFT_MS - 1);
  begin();
  expect(spans()).toEqual([]);
  pass(1);
  begin().requestEnd();
  expect(spans().map(told)).toEqual([expect.objectContaining({ ms: 0, status: 429, error: '429' })]);
});

test('refusals end each in its time', () => {
  const { begin, pass, spans } = wire();
  const sinks = [begin(), begin()];
  head(sinks[0], 429);
  pass(QUIET_MS / 2);
  head(sinks[1], 429);
  pass(QUIET_MS / 2);
  expect(spans()).toHaveLength(1);
  pass(QUIET_MS / 2);
  expect(spans()).toHaveLength(2);
});

test('a refusal at the end of the process is one, and no call that was cut off', () => {
  const { begin, pass, state, span } = wire();
  head(begin(), 503);
  pass(500);
  state.endOpen('process_exit');
  expect(told(span('chat gpt-4o'))).toMatchObject({ ms: 0, status: 503, error: '503' });
});

test('an answer that was dropped unread ends with its last byte, whenever the garbage collector finds it', () => {
  const { begin, pass, span } = wire();
  const sink = begin();
  head(sink, 200, { 'content-type': 'application/json' });
  sink.responseChunk(Buffer.from('{"model":"gpt-4o-1","usage":{"prompt_tokens":7},"choices":[{"message":{"content":"long'));
  pass(9_000);
  sink.error('Response object has been garbage collected', 0);
  expect(told(span('chat gpt-4o'))).toMatchObject({ ms: 0, status: 200, error: undefined, model: 'gpt-4o-1', input: 7 });
});

test('rate limits are known with the head, and an older answer that ends later does not bring its own back', () => {
  const { begin, state } = wire();
  const limits = (remaining: string): Record<string, string> => ({
    'x-ratelimit-limit-tokens': '100',
    'x-ratelimit-remaining-tokens': remaining,
  });
  const [older, newer] = [begin(), begin()];
  head(older, 200, limits('50'));
  head(newer, 200, limits('10'));
  older.end(0);
  expect([...state.rateLimits]).toEqual([expect.objectContaining({ model: 'gpt-4o', kind: 'tokens', limit: 100, remaining: 10 })]);
});

test.each([
  ['/other?key=1', request('/other?key=1')],
  ['https://elsewhere.example/v1/chat/completions', request('/v1/chat/completions', { host: 'elsewhere.example', port: 443 })],
])('a call that is redirected to %s is one call', (location, next) => {
  const { begin, calls, pass, span } = wire();
  const first = begin();
  head(first, 307, { location });
  first.end(0);
  expect(calls.follows({ ...next, method: 'GET' })).toBe(false);
  expect(calls.follows(next)).toBe(true);
  const second = calls.open(next);
  first.error(new Error('the client has closed the first connection'), 0);
  second?.requestBody(Buffer.from('{"model":"gpt-4o"}'));
  second?.requestEnd();
  pass(200);
  head(second, 200);
  second?.responseChunk(Buffer.from('{"model":"gpt-4o-1","choices":[{"finish_reason":"stop"}],"usage":{"prompt_tokens":7}}'));
  second?.end(0);
  pass(QUIET_MS);
  expect(told(span('chat gpt-4o'))).toMatchObject({ ms: 200, status: 200, error: undefined, model: 'gpt-4o-1', input: 7 });
});

test('a redirect that nobody follows ends with its answer, and is no error', () => {
  const { begin, calls, pass, span } = wire();
  const sink = begin();
  pass(20);
  head(sink, 308, { location: 'http://[' });
  sink.end(0);
  pass(QUIET_MS);
  expect(told(span('chat gpt-4o'))).toMatchObject({ ms: 20, status: 308, error: undefined });
  expect(calls.follows(request('/'))).toBe(false);
});
