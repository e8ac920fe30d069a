/** From bytes to spans: the tools of agents that use the same ids, and a request that is sent again. */
import { expect, test } from '@jest/globals';
import type { ExchangeRequest } from '../../../src/hooks/http/index.ts';
import { WireCalls } from '../../../src/observers/llm-wire/lazy.ts';
import type { ObserverContext } from '../../../src/observers/observer.ts';
import type { Activity } from '../../../src/recording/types.ts';
import { startRecording } from '../../recording/recorder.ts';

const request = {
  method: 'POST',
  path: '/v1/chat/completions',
  host: 'api.moonshot.ai',
  port: 443,
  header: () => undefined,
} as Partial<ExchangeRequest> as ExchangeRequest;
const bytes = (body: unknown): Uint8Array => Buffer.from(JSON.stringify(body));

function startWire() {
  const recording = startRecording();
  const { recorder, advance } = recording;
  const calls = new WireCalls({
    settings: recorder.settings,
    recorder: () => recorder,
    count: () => undefined,
  } as Partial<ObserverContext> as ObserverContext);
  /** One call of 10 ms. */
  const call = (asked: object, answered: object, { status = 200, by }: { status?: number; by?: Activity } = {}): void => {
    const sink = by === undefined ? calls.open(request) : recorder.within(by.frame, () => calls.open(request));
    sink?.requestBody(bytes(asked));
    sink?.requestEnd();
    advance(10);
    const header = (name: string): string | undefined => (name === 'content-type' ? 'application/json' : undefined);
    sink?.responseHead({ status, header }, () => undefined);
    sink?.responseChunk(bytes(answered));
    sink?.end(0);
  };
  return { ...recording, call };
}

const tool = { id: 'functions.read_file:0', type: 'function', function: { name: 'read_file', arguments: '{}' } };
const asksForTool = { choices: [{ message: { tool_calls: [tool] }, finish_reason: 'tool_calls' }] };
const isDone = { choices: [{ message: { content: 'done' }, finish_reason: 'stop' }] };

test('two agents at once whose tools have the same id have a tool each, as long as it took, below the agent', () => {
  const { recorder, advance, call, spans } = startWire();
  const [one, two] = [recorder.startAgent('one'), recorder.startAgent('two')];
  const first = { model: 'kimi-k2', messages: [{ role: 'user', content: 'hello' }] };
  const second = {
    model: 'kimi-k2',
    messages: [...first.messages, { role: 'assistant', tool_calls: [tool] }, { role: 'tool', tool_call_id: tool.id, content: 'text' }],
  };
  call(first, asksForTool, { by: one });
  call(first, asksForTool, { by: two });
  advance(100);
  call(second, isDone, { by: two });
  call(second, isDone, { by: two }); // sent again
  advance(100);
  call(second, isDone, { by: one });
  call({ ...second, messages: [...second.messages, { role: 'user', content: 'go on' }] }, isDone, { by: one }); // cited again
  const tools = spans().filter(({ name }) => name === 'execute_tool read_file');
  const ms = ([seconds, nanoseconds]: [number, number]): number => Math.round(seconds * 1_000 + nanoseconds / 1e6);
  expect(tools.map((span) => [span.parentSpanContext?.spanId, ms(span.duration)])).toEqual([
    [two.spanId, 100],
    [one.spanId, 230],
  ]);
});

test('a request that is sent again after a refusal, with another model, is linked to the refused one', () => {
  const { call, spans } = startWire();
  const asked = { messages: [{ role: 'user', content: 'hello' }] };
  call({ model: 'a', ...asked }, { error: { message: 'slow down', code: 'rate_limit_exceeded' } }, { status: 429 });
  call({ model: 'b', messages: [] }, isDone);
  call({ model: 'c', ...asked }, isDone);
  const [refused, other, repeated] = spans();
  expect(other?.links).toEqual([]);
  expect(repeated?.links.map(({ context }) => context.spanId)).toEqual([refused?.spanContext().spanId]);
  expect(repeated?.attributes['http.request.resend_count']).toBe(1);
});
