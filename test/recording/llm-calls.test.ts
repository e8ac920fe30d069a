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
