// LLM calls through the recorder: what of a failure is counted.
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
