// A library that records its calls itself and sends a refused request again: the attempts are HTTP children of its one
// span, each with its status; the later one is linked to the one before, and counted.
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { SpanRow } from '../../../src/analysis/model.ts';
import { dist, ensureBuilt, preloadFile, runProgram, startModels, startSink, type Models, type Sink } from '../../harness/index.ts';
import { metricPointsOf, spansOf } from '../../harness/received.ts';
import { installed, programFolder } from './install.ts';

let models: Models;
let sink: Sink;
beforeAll(() => {
  ensureBuilt();
  installed('libraries');
});
beforeEach(async () => {
  [models, sink] = await Promise.all([startModels({ answersAll: false }), startSink()]);
  models.mock.onMessage(/[^]*/, { content: 'pong', usage: { input_tokens: 1_000, output_tokens: 50 } });
});
afterEach(() => Promise.all([models.close(), sink.close()]));

const PROGRAMS = {
  "Anthropic's SDK": `
import Anthropic from '@anthropic-ai/sdk';
const client = new Anthropic({ maxRetries: 2, logLevel: 'off' });
const ask = () => client.messages.create({ model: 'claude-test', max_tokens: 10, messages: [{ role: 'user', content: 'CANARY' }] });
`,
  'the AI SDK 7': `
import { generateText, registerTelemetry } from 'ai';
import { OpenTelemetry } from '@ai-sdk/otel';
import { createAnthropic } from '@ai-sdk/anthropic';
globalThis.AI_SDK_LOG_WARNINGS = false;
registerTelemetry(new OpenTelemetry());
const anthropic = createAnthropic({ baseURL: process.env.ANTHROPIC_BASE_URL + '/v1', apiKey: 'test' });
const ask = () => generateText({ model: anthropic('claude-test'), prompt: 'CANARY', maxRetries: 2 });
`,
};

async function run(client: string): Promise<SpanRow[]> {
  const text = `import { withTask } from ${JSON.stringify(join(dist, 'index.mjs'))};${client}\nawait withTask('unit', ask);`;
  const result = await runProgram({
    command: process.execPath,
    args: ['--require', preloadFile, 'app.mjs'],
    cwd: programFolder('libraries', { 'app.mjs': text }),
    preload: 'none',
    env: { ...models.env, SWARMSCOPE_ENDPOINT: sink.url, SWARMSCOPE_EXIT_TIMEOUT: '10000' },
  });
  expect(result).toMatchObject({ stderr: '', code: 0 });
  return spansOf(sink);
}

const cases = Object.entries(PROGRAMS).flatMap(([name, client]) => [429, 500].map((status) => [name, status, client] as const));

test.each(cases)('%s after a %i', async (_name, status, client) => {
  models.mock.nextRequestError(status, { message: 'CANARY', type: status === 429 ? 'rate_limit_error' : 'api_error' });
  const spans = await run(client);
  const attempts = spans.filter(({ name }) => name === 'POST').sort((a, b) => a.startMs - b.startMs);
  expect(attempts.map(({ attributes }) => [attributes['http.response.status_code'], attributes['http.request.resend_count']])).toEqual([
    [status, undefined],
    [200, 1],
  ]);
  const [first, second] = attempts;
  expect(first).toMatchObject({ isError: true, links: [] });
  expect(second?.links).toEqual([{ traceId: first?.traceId, spanId: first?.spanId }]);
  const parents = new Set(attempts.map(({ parentSpanId }) => parentSpanId));
  const calls = spans.filter(({ spanId }) => parents.has(spanId));
  expect(calls.map(({ name }) => name)).toEqual(Array.from(parents, () => 'chat claude-test'));
  // The tokens are counted once, and the refusal as what it is.
  const total = (name: string): number => {
    const last = new Map(
      metricPointsOf(sink).flatMap((point) => (point.name === name ? [[JSON.stringify(point.attributes), point.value] as const] : [])),
    );
    return [...last.values()].reduce<number>((sum, value) => sum + Number(value), 0);
  };
  expect(total('gen_ai.client.inference.usage.input_tokens')).toBe(1_000);
  expect(total('swarmscope.rate_limit.rejections')).toBe(status === 429 ? 1 : 0);
  expect(JSON.stringify(spans)).not.toContain('CANARY');
});
