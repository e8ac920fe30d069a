// An LLM call that a library records itself: one span, with what the wire saw of it; attempts below it; everything
// counted once.
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { nodeBinary } from '../../../tools/node-versions.ts';
import {
  dist,
  ensureBuilt,
  expectTrace,
  preloadFile,
  runProgram,
  startModels,
  startSink,
  type Models,
  type Sink,
} from '../../harness/index.ts';
import { metricPointsOf, spansOf } from '../../harness/received.ts';
import { installed, programFolder } from './install.ts';

const USAGE = { input_tokens: 1_000, output_tokens: 50 };

let models: Models;
let sink: Sink;
let appSink: Sink;
beforeAll(() => {
  ensureBuilt();
  installed('libraries');
});
beforeEach(async () => {
  [models, sink, appSink] = await Promise.all([startModels({ answersAll: false }), startSink(), startSink()]);
  models.mock.onMessage(/[^]*/, { content: 'pong', usage: USAGE });
});
afterEach(() => Promise.all([models.close(), sink.close(), appSink.close()]));

const start = `
import Anthropic from '@anthropic-ai/sdk';
import { withTask } from ${JSON.stringify(join(dist, 'index.mjs'))};
const client = new Anthropic({ maxRetries: 2, logLevel: 'off' });
const ask = (more) => client.messages.create({ model: 'claude-test', max_tokens: 10, messages: [{ role: 'user', content: 'CANARY' }], ...more });
`;

async function run(text: string, more: { node?: string; env?: Record<string, string> } = {}): Promise<void> {
  const folder = programFolder('libraries', { 'app.mjs': text });
  const result = await runProgram({
    command: more.node ?? process.execPath,
    args: ['--require', preloadFile, 'app.mjs'],
    cwd: folder,
    preload: 'none',
    env: { ...models.env, SWARMSCOPE_ENDPOINT: sink.url, SWARMSCOPE_EXIT_TIMEOUT: '10000', APP_URL: appSink.url, ...more.env },
  });
  expect(result).toMatchObject({ stderr: '', code: 0 });
}

/** The sum over all series at the end. */
function total(name: string): number {
  const points = metricPointsOf(sink).filter((point) => point.name === name);
  const last = new Map(points.map((point) => [JSON.stringify(point.attributes), point]));
  return [...last.values()].reduce((sum, { value }) => sum + value, 0);
}

function expectCounted(calls: number): void {
  expect(total('gen_ai.client.inference.usage.input_tokens')).toBe(calls * USAGE.input_tokens);
  expect(total('gen_ai.client.inference.usage.output_tokens')).toBe(calls * USAGE.output_tokens);
  expect(JSON.stringify(spansOf(sink))).not.toContain('CANARY');
}

const CALL = {
  name: 'chat claude-test',
  kind: 3,
  attributes: {
    'gen_ai.operation.name': 'chat',
    'gen_ai.usage.input_tokens': USAGE.input_tokens,
    'gen_ai.usage.output_tokens': USAGE.output_tokens,
    'gen_ai.response.finish_reasons': (value: unknown) => Array.isArray(value) && value.length === 1,
    'http.response.status_code': 200,
  },
} as const;
const ATTEMPT = {
  name: 'POST',
  kind: 3,
  isError: false,
  attributes: { 'http.response.status_code': 200, 'gen_ai.operation.name': undefined },
} as const;

test.each(['22.15.0', '24.21.0', '26.10.0'])(
  "Anthropic's SDK on Node %s: a call and a stream are one span each, with one attempt below",
  async (version) => {
    const text = `${start}
await withTask('unit', async () => {
  await ask();
  for await (const _ of await ask({ stream: true }));
});`;
    await run(text, { node: nodeBinary(version) });
    const call = { ...CALL, children: [ATTEMPT] };
    expectTrace(spansOf(sink), {
      name: 'run_task unit',
      attributes: { 'swarmscope.task.llm.calls': 2, 'swarmscope.task.input_tokens': 2 * USAGE.input_tokens },
      children: [call, { ...call, attributes: { ...call.attributes, 'gen_ai.request.stream': true } }],
    });
    expectCounted(2);
  },
);

test("Anthropic's SDK: a refused attempt is an HTTP child of the one call", async () => {
  models.mock.nextRequestError(429, { message: 'slow down', type: 'rate_limit_error' });
  await run(`${start} await withTask('unit', () => ask());`);
  const refused = { name: 'POST', isError: true, attributes: { 'http.response.status_code': 429, 'error.type': 'rate_limit_error' } };
  expectTrace(spansOf(sink), {
    name: 'run_task unit',
    children: [{ ...CALL, isError: false, children: [refused, { ...ATTEMPT, attributes: { 'http.request.resend_count': 1 } }] }],
  });
  expectCounted(1);
  expect(total('swarmscope.rate_limit.rejections')).toBe(1);
});

test("Anthropic's SDK: a stream left early, a failed call and an abort end one span each", async () => {
  models.mock.nextRequestError(400, { message: 'CANARY', type: 'invalid_request_error' });
  await run(`${start}
await withTask('unit', async () => {
  await ask({ model: 'broken' }).catch(() => undefined);
  for await (const _ of await ask({ stream: true })) break;
  const gone = AbortSignal.abort();
  await client.messages.create({ model: 'gone', max_tokens: 1, messages: [] }, { signal: gone }).catch(() => undefined);
});`);
  const spans = spansOf(sink);
  const chats = spans.filter(({ name }) => name.startsWith('chat'));
  expect(chats.map(({ name }) => name).sort()).toEqual(['chat broken', 'chat claude-test', 'chat gone']);
  expect(chats.find(({ name }) => name === 'chat broken')?.isError).toBe(true);
  expect(JSON.stringify(spans)).not.toContain('CANARY');
});

test("Anthropic's SDK: a call that was given up, or waited for too long, says so on the library's span as well", async () => {
  await run(`${start}
import { createServer } from 'node:http';
const silent = createServer((request) => request.resume());
await new Promise((resolve) => silent.listen(0, '127.0.0.1', resolve));
const other = new Anthropic({ maxRetries: 0, logLevel: 'off', baseURL: 'http://127.0.0.1:' + silent.address().port });
const wait = (model, more) => other.messages.create({ model, max_tokens: 1, messages: [] }, more).catch(() => undefined);
const controller = new AbortController();
silent.once('request', () => controller.abort());
await wait('given-up', { signal: controller.signal });
await wait('too-long', { timeout: 1_000 });
silent.closeAllConnections();
silent.close();`);
  const ends = spansOf(sink)
    .filter(({ name }) => name.startsWith('chat'))
    .map(({ name, isError, attributes }) => [name, isError, attributes['swarmscope.inference.ending'], attributes['error.type']]);
  expect(ends).toEqual([
    ['chat given-up', true, 'aborted', 'AbortError'],
    ['chat too-long', true, 'timeout', expect.stringMatching(/timeout/)],
  ]);
}, 300_000);

test("Anthropic's SDK: a tool stands beside the two calls that it ran between, with and without something around them", async () => {
  models.mock.reset();
  models.mock.on({ userMessage: 'CANARY', hasToolResult: false }, { toolCalls: [{ name: 'look_up', arguments: '{}' }], usage: USAGE });
  models.mock.onMessage(/[^]*/, { content: 'pong', usage: USAGE });
  await run(`${start}
const work = async () => {
  const first = { role: 'user', content: 'CANARY' };
  const { content } = await ask({ messages: [first] });
  const results = content.filter(({ type }) => type === 'tool_use').map(({ id }) => ({ type: 'tool_result', tool_use_id: id, content: 'found' }));
  await ask({ messages: [first, { role: 'assistant', content }, { role: 'user', content: results }] });
};
await work();
await withTask('unit', work);`);
  const spans = spansOf(sink);
  const task = spans.find(({ name }) => name === 'run_task unit');
  const tools = spans.filter(({ name }) => name === 'execute_tool look_up');
  expect(tools.map(({ parentSpanId }) => parentSpanId)).toEqual([undefined, task?.spanId]);
}, 300_000);

test("Anthropic's SDK with its own telemetry off has the span of the wire", async () => {
  await run(`${start} await withTask('unit', () => ask());`, { env: { ANTHROPIC_OPEN_TELEMETRY: 'false' } });
  expectTrace(spansOf(sink), { name: 'run_task unit', children: [{ ...CALL, children: [] }] });
  expectCounted(1);
});

test("a native span of the app's own provider is not touched, and the wire records its own", async () => {
  const text = `
import { trace } from '@opentelemetry/api';
const seen = [];
const span = { spanContext: () => ({ traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1 }), isRecording: () => true };
for (const name of ['setAttribute', 'setAttributes', 'addEvent', 'addLink', 'addLinks', 'setStatus', 'updateName', 'recordException', 'end'])
  span[name] = (...args) => (seen.push([name, ...args]), span);
trace.setGlobalTracerProvider({ getTracer: () => ({ startSpan: (name) => (seen.push(['start', name]), span), startActiveSpan() {} }) });
${start}
await withTask('unit', () => ask());
const names = seen.map(([name, key]) => (name === 'setAttributes' ? Object.keys(key).join() : String(key)));
if (seen[0][1] !== 'anthropic.messages.create' || seen.at(-1)[0] !== 'end' || names.some((name) => name.includes('swarmscope'))) throw new Error(JSON.stringify(seen));
`;
  await run(text);
  expectTrace(spansOf(sink), { name: 'run_task unit', children: [{ ...CALL, children: [] }] });
  expectCounted(1);
});

test('a call that the wire cannot see is counted from the attributes of the library', async () => {
  const text = `
import { trace } from '@opentelemetry/api';
import { withTask } from ${JSON.stringify(join(dist, 'index.mjs'))};
withTask('unit', () => {
  const span = trace.getTracer('local-model').startSpan('infer', { kind: 2, attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'local', 'gen_ai.request.model': 'claude-test' } });
  span.setAttributes({ 'gen_ai.usage.input_tokens': ${USAGE.input_tokens}, 'gen_ai.usage.output_tokens': ${USAGE.output_tokens} });
  span.end();
});`;
  await run(text);
  expectTrace(spansOf(sink), {
    name: 'run_task unit',
    attributes: { 'swarmscope.task.llm.calls': 1, 'swarmscope.task.input_tokens': USAGE.input_tokens },
    children: [{ name: 'chat claude-test', kind: 3, children: [] }],
  });
  expectCounted(1);
});

test('with the OpenTelemetry integration of the AI SDK 7 tokens stand on the span of the call alone and are counted once', async () => {
  const text = `
import { generateText, registerTelemetry } from 'ai';
import { OpenTelemetry } from '@ai-sdk/otel';
import { createAnthropic } from '@ai-sdk/anthropic';
import { withTask } from ${JSON.stringify(join(dist, 'index.mjs'))};
globalThis.AI_SDK_LOG_WARNINGS = false;
registerTelemetry(new OpenTelemetry());
const anthropic = createAnthropic({ baseURL: process.env.ANTHROPIC_BASE_URL + '/v1', apiKey: 'test' });
await withTask('unit', () => generateText({ model: anthropic('claude-test'), prompt: 'CANARY' }));
`;
  await run(text);
  const spans = spansOf(sink);
  const withTokens = spans.filter(({ attributes }) => attributes['gen_ai.usage.input_tokens'] !== undefined);
  expect(withTokens.map(({ name }) => name)).toEqual(['chat claude-test']);
  expect(spans.filter(({ name }) => name === 'POST')).toHaveLength(1);
  expectCounted(1);
});
