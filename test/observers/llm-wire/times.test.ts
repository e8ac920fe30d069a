/** The time of a call and the time of its tools hold nothing of what our own work takes. */
import { expect, test } from '@jest/globals';
import { readSettings } from '../../../src/config/settings/index.ts';
import type { ExchangeRequest } from '../../../src/hooks/http/index.ts';
import type { ObserverContext } from '../../../src/observers/observer.ts';
import { WireCalls } from '../../../src/observers/llm-wire/lazy.ts';
import type { Recorder } from '../../../src/recording/types.ts';
import { startRecording } from '../../recording/recorder.ts';

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
  const tools: Tool[] = [];
  const recorder: Partial<Recorder> = {
    isContentCaptured: false,
    current: () => undefined,
    now: () => clock.now,
    startLlmCall: () =>
      ({
        activity: { startTime: clock.now, frame: {} },
        learn: () => undefined,
        learnHead: () => undefined,
        end: () => (clock.now += endTakesMs),
      }) as never,
    digest: () => undefined,
    toolFacts: () => ({}),
    recordInferredTool(tool) {
      tools.push(tool);
    },
  };
  const context: Partial<ObserverContext> = { settings: readSettings({}), recorder: () => recorder as Recorder };
  return { clock, tools, calls: new WireCalls(context as ObserverContext) };
}

test('the first call of a process lasts as long as its server takes, however long our bundles take to load', () => {
  const loading = { recorder: 200, assembly: 300, prices: 90 };
  const { advance, recorder, span } = startRecording({
    change(assembly) {
      advance(loading.assembly);
      return assembly;
    },
    loadPricing() {
      advance(loading.prices);
      return { priceOf: () => undefined, contextWindowOf: () => undefined };
    },
  });
  const context: Partial<ObserverContext> = {
    settings: recorder.settings,
    recorder() {
      advance(loading.recorder);
      return recorder;
    },
  };
  const sink = new WireCalls(context as ObserverContext).open(request);
  sink?.requestBody(bytes({ model: 'gpt-4o', stream: true, messages: [] }));
  sink?.requestEnd();
  advance(40);
  sink?.responseHead({ status: 200, header: () => 'text/event-stream' }, () => undefined);
  sink?.responseChunk(Buffer.from('data: {"choices":[{"delta":{"content":"a"}}]}\n\n'));
  advance(21);
  sink?.responseChunk(Buffer.from('data: {"choices":[{"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":1}}\n\n'));
  sink?.end(0);
  const { duration, attributes } = span('chat gpt-4o');
  expect([duration, attributes['gen_ai.response.time_to_first_chunk']]).toEqual([[0, 61e6], 0.04]);
});

test('a tool runs from when the app has the answer to when its result goes out', () => {
  const { calls, clock, tools } = recording({ endTakesMs: 50 });
  const asking = calls.open(request);
  asking?.responseHead({ status: 200, header: () => undefined }, () => undefined);
  asking?.responseChunk(
    bytes({ choices: [{ message: { tool_calls: [{ id: 'c1', type: 'function', function: { name: 'read', arguments: '{}' } }] } }] }),
  );
  asking?.end(10); // learnt of 10 ms late: the answer was complete at 8,990
  clock.now = 9_480;
  const telling = calls.open(request);
  telling?.requestBody(bytes({ model: 'm', messages: [{ role: 'tool', tool_call_id: 'c1', content: 'x' }] }));
  telling?.requestEnd();
  expect(tools).toEqual([expect.objectContaining({ name: 'read', callId: 'c1', startTime: 9_040, endTime: 9_480 })]);
});
