/** The provider that the programs talk to: a mock server with one prompt for each way that a call can go. */
import { LLMock } from '@copilotkit/aimock';

const ANSWER = 'one two three four five six seven eight nine ten';
/** In the words of both providers: the mock takes those of the endpoint that was called. */
const usage = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18, input_tokens: 11, output_tokens: 7 };

export async function startMock(): Promise<LLMock> {
  const mock = new LLMock({ port: 0 });
  mock.on({ userMessage: 'hello' }, { content: ANSWER, usage }, { chunkSize: 8, streamingProfile: { ttft: 40, tps: 200 } });
  mock.on({ userMessage: 'tools' }, { toolCalls: [{ name: 'get_weather', arguments: '{"city":"Rome"}' }] });
  mock.on(
    { userMessage: 'limited', sequenceIndex: 0 },
    { error: { message: 'slow down', type: 'rate_limit_error', code: 'rate_limit_exceeded' }, status: 429, retryAfter: 1 },
  );
  mock.on({ userMessage: 'limited' }, { content: 'at last' });
  mock.on({ userMessage: 'broken' }, { error: { message: 'bad', type: 'server_error' }, status: 500 });
  mock.on({ userMessage: 'cut' }, { content: ANSWER.repeat(20) }, { chunkSize: 4, latency: 10, disconnectAfterMs: 150 });
  mock.on({ userMessage: 'slow' }, { content: ANSWER.repeat(20) }, { chunkSize: 4, latency: 10 });
  mock.on({ userMessage: 'delayed' }, { content: 'late' }, { chaos: { latencyMs: 3000 } });
  await mock.start();
  return mock;
}
