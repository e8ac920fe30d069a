// LLM calls through the recorder: what of a failure is counted, and which tools are told that only the wire saw.
import { expect, test } from '@jest/globals';
import type { LlmCallEnd } from '../../src/recording/types.ts';
import { startRecording } from './recorder.ts';

const OVERFLOWS = 'swarmscope.context.overflows';
const REJECTIONS = 'swarmscope.rate_limit.rejections';

test.each<[LlmCallEnd, { [OVERFLOWS]?: number; [REJECTIONS]?: number }]>([
  [{ statusCode: 400, errorType: 'invalid_request_error', isContextOverflow: true }, { [OVERFLOWS]: 1 }],
  [{ statusCode: 400, errorType: 'exceed_context_size_error' }, { [OVERFLOWS]: 1 }],
  [{ statusCode: 400, errorType: 'invalid_request_error' }, {}],
  [{ statusCode: 429, errorType: 'rate_limit_error' }, { [REJECTIONS]: 1 }],
  [{ statusCode: 200, errorType: '429' }, { [REJECTIONS]: 1 }],
  [{ statusCode: 503, errorType: '503' }, {}],
])('of the failure %j is counted %j', async (end, counted) => {
  const { recorder, metric } = startRecording();
  recorder.startLlmCall({ operation: 'chat', provider: 'openai', requestModel: 'm' }).end(end);
  for (const name of [OVERFLOWS, REJECTIONS] as const) expect([name, await metric(name)]).toEqual([name, counted[name]]);
});

test('tools of one id in two conversations are two, and one that the app records itself is one', () => {
  const { recorder, spans, advance } = startRecording();
  const [a, b] = [recorder.startAgent('a'), recorder.startAgent('b')];
  const call = { name: 'read_file', callId: 'functions.read_file:0', startTime: recorder.now() };
  advance(100);
  for (const { frame } of [a, b]) recorder.recordInferredTool({ ...call, endTime: recorder.now(), frame });
  recorder.startTool({ name: 'read_file', callId: 'functions.read_file:1', frame: a.frame }).end();
  recorder.recordInferredTool({ ...call, callId: 'functions.read_file:1', endTime: recorder.now(), frame: a.frame });
  const parents = spans().map((span) => [span.parentSpanContext?.spanId, span.attributes['swarmscope.tool.inferred']]);
  expect(parents).toEqual([
    [a.spanId, true],
    [b.spanId, true],
    [a.spanId, undefined],
  ]);
});

test('a call is under way until it has ended, whatever its end, and goes by the model that it turns out to have', () => {
  const recording = startRecording();
  const { recorder, state } = recording;
  const underWay = (): unknown[] => [...state.callsUnderWay];
  const known = { provider: 'openai', model: 'gpt-5' };
  const call = recorder.startLlmCall({ operation: 'chat', provider: '_OTHER' });
  recorder.startLlmCall({ operation: 'count_tokens', provider: 'openai', requestModel: 'm' });
  call.learn({ requestModel: 'gpt-5', provider: 'openai' });
  expect(underWay()).toEqual([{ ...known, isOpen: true }]);
  call.end({ errorType: 'timeout' });
  call.end({});
  // Told once more: whoever asks seldom would not know of it.
  expect(underWay()).toEqual([{ ...known, isOpen: false }]);
  expect(underWay()).toEqual([]);
  recorder.startLlmCall({ operation: 'embeddings', provider: 'openai', requestModel: 'm', onCut: () => undefined });
  expect(underWay()).toHaveLength(1);
  state.endOpen('process_exit');
  expect(underWay()).toEqual([{ provider: 'openai', model: 'm', isOpen: false }]);
});

test('an attempt inside of a native span is under way as well', () => {
  const { recorder, state } = startRecording();
  const attributes = { 'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'openai', 'gen_ai.request.model': 'm' };
  const library = recorder.startLibrarySpan({ scope: { name: 'an-sdk' }, name: 'chat m', kind: 2, attributes });
  const call = recorder.startLlmCall({ operation: 'chat', provider: 'openai', requestModel: 'm', frame: library?.frame });
  expect([...state.callsUnderWay]).toEqual([{ provider: 'openai', model: 'm', isOpen: true }]);
  call.end({ statusCode: 200 });
  library?.span.end();
  expect([...state.callsUnderWay]).toEqual([{ provider: 'openai', model: 'm', isOpen: false }]);
});

test('limits that the head and the body of a refusal tell are known by provider and model, with the time of their reset', () => {
  const { recorder, state, advance } = startRecording();
  const call = recorder.startLlmCall({ operation: 'chat', provider: 'gcp.gemini', requestModel: 'gemini-2.5-pro' });
  call.learnHead({ statusCode: 429, rateLimits: [{ kind: 'tokens', limit: 10, remaining: 9, resetSeconds: 60 }] });
  advance(1_000);
  call.end({ errorType: 'RESOURCE_EXHAUSTED', rateLimits: [{ kind: 'requests', window: 'day', remaining: 0 }] });
  const by = { provider: 'gcp.gemini', model: 'gemini-2.5-pro' };
  expect([...state.rateLimits]).toEqual([
    { ...by, kind: 'tokens', limit: 10, remaining: 9, resetAt: 1_060_000, toldAt: 1_000_000 },
    { ...by, kind: 'requests', window: 'day', remaining: 0, resetAt: undefined, toldAt: 1_001_000 },
  ]);
});
