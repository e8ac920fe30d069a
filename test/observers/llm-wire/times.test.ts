/** The time of a call and the time of its tools hold nothing of what our own work takes. */
import { expect, test } from '@jest/globals';
import type { ExchangeRequest } from '../../../src/hooks/http/index.ts';
import type { ObserverContext } from '../../../src/observers/observer.ts';
import { WireCalls } from '../../../src/observers/llm-wire/lazy.ts';
import type { LlmCallStart, Recorder } from '../../../src/recording/types.ts';

type Tool = Parameters<Recorder['recordInferredTool']>[0];

const request = {
  method: 'POST',
  path: '/v1/chat/completions',
  host: 'api.openai.com',
  port: 443,
  header: () => undefined,
} as Partial<ExchangeRequest> as ExchangeRequest;
const bytes = (body: unknown): Uint8Array => Buffer.from(JSON.stringify(body));

/** Records what is begun; ending a call takes `endTakesMs`. */
function recording({ endTakesMs }: { endTakesMs: number }) {
  const clock = { now: 9_000 };
  const starts: LlmCallStart[] = [];
  const tools: Tool[] = [];
  const recorder: Partial<Recorder> = {
    isContentCaptured: false,
    current: () => undefined,
    now: () => clock.now,
    startLlmCall(start) {
      starts.push(start);
      return { activity: undefined, learn: () => undefined, end: () => (clock.now += endTakesMs) } as never;
    },
    recordInferredTool(tool) {
      tools.push(tool);
    },
  };
  const context: Partial<ObserverContext> = { recorder: () => recorder as Recorder };
  return { clock, starts, tools, calls: new WireCalls(context as ObserverContext) };
}

test('a call begins when its request is seen, not when our bundles have been loaded for it', () => {
  const { calls, starts } = recording({ endTakesMs: 0 });
  expect(calls.open(request, 8_900)).toBeDefined();
  expect(starts.map(({ startTime }) => startTime)).toEqual([8_900]);
});

test('a tool runs from when the app has the answer to when its result goes out', () => {
  const { calls, clock, tools } = recording({ endTakesMs: 50 });
  const asking = calls.open(request, 9_000);
  asking?.responseHead({ status: 200, header: () => undefined });
  asking?.responseChunk(
    bytes({ choices: [{ message: { tool_calls: [{ id: 'c1', type: 'function', function: { name: 'read', arguments: '{}' } }] } }] }),
  );
  asking?.end(10); // learnt of 10 ms late: the answer was complete at 8,990
  clock.now = 9_500;
  const telling = calls.open(request, 9_480);
  telling?.requestBody(bytes({ model: 'm', messages: [{ role: 'tool', tool_call_id: 'c1', content: 'x' }] }));
  telling?.requestEnd();
  expect(tools).toEqual([expect.objectContaining({ name: 'read', callId: 'c1', startTime: 9_040, endTime: 9_480 })]);
});
