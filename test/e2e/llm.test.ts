/**
 * LLM calls of the real SDKs through the whole build: tokens, cost, roll-ups, exact totals over many processes, and
 * content only on request.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  ATTR_ERROR_TYPE,
  METRIC_GEN_AI_CLIENT_INFERENCE_DURATION,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS,
  METRIC_SWARMSCOPE_INFERENCE_COST,
} from '../../src/semconv/index.ts';
import { expectTrace, startModels, type ExpectedSpan, type Models } from '../harness/index.ts';
import { api, bytesOf, observe, totalOf, ways, type Seen } from './programs.ts';

const usage = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18, input_tokens: 11, output_tokens: 7 };
/** US dollars per million tokens of gpt-4o and claude-sonnet-4-5, and their context windows. */
const openaiCost = (11 * 2.5 + 7 * 10) / 1e6;
const anthropicCost = (11 * 3 + 7 * 15) / 1e6;
const CHILDREN = 30;

let models: Models;
beforeAll(async () => {
  models = await startModels({ answersAll: false });
  models.mock.on(
    { userMessage: 'limited', sequenceIndex: 0 },
    { error: { message: 'canary-refusal', type: 'rate_limit_error', code: 'rate_limit_exceeded' }, status: 429, retryAfter: 0 },
  );
  models.mock.on({ userMessage: 'limited' }, { content: 'at last', usage });
  models.mock.on(
    { userMessage: 'canary-prompt', hasToolResult: false },
    { toolCalls: [{ name: 'look_up', arguments: '{"what":"canary-argument"}' }], usage },
  );
  models.mock.onMessage(/[^]*/, { content: 'canary-answer', usage });
});
afterAll(() => models.close());

const sdks = `
const OpenAI = require('openai'); const Anthropic = require('@anthropic-ai/sdk'); const { withTask, withAgent, withTool } = require(${api});
const openai = new OpenAI({ maxRetries: 2 }); const anthropic = new Anthropic({ maxRetries: 2 });
const gpt = (content, more = {}) => openai.chat.completions.create({ model: 'gpt-4o', messages: [{ role: 'user', content }], ...more });
const claude = (content, more = {}) => anthropic.messages.create({ model: 'claude-sonnet-4-5', max_tokens: 100, messages: [{ role: 'user', content }], ...more });
const drain = async (events) => { for await (const event of await events) void event; };
`;

const calls = `${sdks}
(async () => {
  await withTask('both', async () => {
    await gpt('hello');
    await withAgent('writer', () => drain(claude('hello', { stream: true })));
    await drain(gpt('hello', { stream: true, stream_options: { include_usage: true } }));
  });
  await withTask('refused', () => gpt('limited'));
  const { data, response } = await withTask('lazy', () => gpt('hello')).withResponse();
  console.log(data.choices[0].message.content, response.status);
})();
`;

const ended = {
  'gen_ai.usage.input_tokens': 11,
  'gen_ai.usage.output_tokens': 7,
  'error.type': undefined,
  'swarmscope.context.usage': (value: unknown) => Number(value) >= 11,
};
const about = (value: number) => (actual: unknown) => typeof actual === 'number' && Math.abs(actual - value) < value * 1e-6;
const gpt = (attributes: ExpectedSpan['attributes'] = {}): ExpectedSpan => ({
  name: 'chat gpt-4o',
  kind: 3,
  attributes: {
    ...ended,
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.response.finish_reasons': ['stop'],
    'swarmscope.cost.amount': about(openaiCost),
    'swarmscope.cost.currency': 'USD',
    'swarmscope.context.limit': 128_000,
    'swarmscope.context.utilization': (value) => Number(value) > 0 && Number(value) < 0.001,
    ...attributes,
  },
});
const claude: ExpectedSpan = {
  name: 'chat claude-sonnet-4-5',
  kind: 3,
  attributes: {
    ...ended,
    'gen_ai.provider.name': 'anthropic',
    'gen_ai.request.stream': true,
    'gen_ai.response.time_to_first_chunk': (value) => Number(value) > 0,
    'swarmscope.cost.amount': about(anthropicCost),
  },
};

const tokensOf = ({ points }: Seen): { input: number; output: number } => ({
  input: totalOf(points, METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS.name),
  output: totalOf(points, METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS.name),
});

describe.each(ways)('%s', (way) => {
  let seen: Seen;
  beforeAll(async () => {
    models.mock.resetMatchCounts();
    seen = await observe(way, { files: { 'app.cjs': calls }, env: models.env, timeoutMs: 40_000 });
  });

  test('the app gets its answers, and a promise of the SDK keeps its own methods', () => {
    expect(seen).toMatchObject({ code: 0, stdout: 'canary-answer 200\n' });
  });

  test('each call is a span with tokens, cost and context use, below its task', () => {
    expectTrace(
      seen.spans.filter(({ name }) => !name.startsWith('invoke_workflow')),
      {
        name: 'run_task both',
        isError: false,
        attributes: {
          'swarmscope.task.llm.calls': 3,
          'swarmscope.task.input_tokens': 33,
          'swarmscope.task.output_tokens': 21,
          'swarmscope.task.cost': about(openaiCost * 2 + anthropicCost),
          'swarmscope.task.llm.time': (value) => Number(value) > 0,
          'swarmscope.task.context.peak_utilization': (value) => Number(value) > 0,
        },
        children: [gpt(), gpt({ 'gen_ai.request.stream': true }), { name: 'invoke_agent writer', children: [claude] }],
      },
      {
        name: 'run_task refused',
        isError: false,
        attributes: { 'swarmscope.task.llm.calls': 2, 'swarmscope.task.input_tokens': 11 },
        children: [
          {
            name: 'chat gpt-4o',
            isError: true,
            attributes: {
              'http.response.status_code': 429,
              'error.type': /./,
              'http.request.resend_count': undefined,
              'gen_ai.usage.input_tokens': undefined,
              'swarmscope.cost.amount': undefined,
            },
          },
          gpt({ 'http.request.resend_count': 1 }),
        ],
      },
      { name: 'run_task lazy', isError: false, children: [gpt()] },
    );
  });

  test('metrics agree with the spans', () => {
    expect(tokensOf(seen)).toEqual({ input: 55, output: 35 });
    expect(totalOf(seen.points, METRIC_SWARMSCOPE_INFERENCE_COST.name)).toBeCloseTo(openaiCost * 4 + anthropicCost, 9);
    const { name: duration } = METRIC_GEN_AI_CLIENT_INFERENCE_DURATION;
    expect(seen.points.filter(({ name, attributes }) => name === duration && attributes[ATTR_ERROR_TYPE] !== undefined).at(-1)?.value).toBe(
      1,
    );
  });
});

test.each(ways)(
  `%s the last metrics of ${CHILDREN} short processes hold every token, under one instance`,
  async (way) => {
    const child = `
    const { withTask } = require(${api});
    withTask('small', () => fetch(process.env.OPENAI_BASE_URL + '/chat/completions', {
      method: 'POST', headers: { 'content-type': 'application/json', authorization: 'Bearer test' },
      body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'hello' }] }),
    }).then((response) => response.json()));
  `;
    const parent = `
    const { spawn } = require('node:child_process');
    let left = ${CHILDREN};
    const next = () => { if (left-- > 0) spawn(process.execPath, ['child.cjs'], { stdio: 'inherit' }).on('exit', next); };
    for (let lane = 0; lane < 5; lane++) next();
  `;
    const seen = await observe(way, { files: { 'app.cjs': parent, 'child.cjs': child }, env: models.env });
    expect(seen).toMatchObject({ code: 0, stdout: '' });
    expect(seen.spans.filter(({ name }) => name === 'chat gpt-4o')).toHaveLength(CHILDREN);
    const parents = new Map(seen.spans.map((span) => [span.spanId, span]));
    const above = (name: string): Set<string> =>
      new Set(
        seen.spans.filter((span) => span.name === name).map(({ parentSpanId }) => parents.get(parentSpanId ?? '')?.name ?? 'nothing'),
      );
    expect([above('chat gpt-4o'), above('run_task small')]).toEqual([new Set(['run_task small']), new Set(['node'])]);
    expect(tokensOf(seen)).toEqual({ input: CHILDREN * 11, output: CHILDREN * 7 });
    expect(new Set(seen.points.filter(({ name }) => name.startsWith('gen_ai.')).map(({ instanceId }) => instanceId)).size).toBe(1);
  },
  70_000,
);

describe('content', () => {
  const canaries = [
    'canary-system',
    'canary-prompt',
    'canary-argument',
    'canary-result',
    'canary-answer',
    'canary-description',
    'canary-refusal',
    'canary-error',
  ];
  const program = `${sdks}
  const tool = { name: 'look_up', description: 'canary-description' };
  const parameters = { type: 'object', properties: { what: { type: 'string' } } };
  (async () => {
    const system = { role: 'system', content: 'canary-system' };
    const user = { role: 'user', content: 'canary-prompt' };
    const tools = [{ type: 'function', function: { ...tool, parameters } }];
    const { choices: [{ message }] } = await openai.chat.completions.create({ model: 'gpt-4o', messages: [system, user], tools });
    const answered = message.tool_calls.map(({ id }) => ({ role: 'tool', tool_call_id: id, content: 'canary-result' }));
    await openai.chat.completions.create({ model: 'gpt-4o', messages: [system, user, message, ...answered], tools });
    await drain(anthropic.messages.create({ model: 'claude-sonnet-4-5', max_tokens: 9, system: 'canary-system', messages: [user], tools: [{ ...tool, input_schema: parameters }], stream: true }));
    await gpt('limited');
    await withTool('fails', async () => { throw new Error('canary-error'); }).catch(() => {});
    await withTask('fails', () => { throw new Error('canary-error'); });
  })().catch(() => {});
  `;

  test.each(ways)('%s and content off, no canary is in any exported byte', async (way) => {
    models.mock.resetMatchCounts();
    const seen = await observe(way, { files: { 'app.cjs': program }, env: models.env });
    const bytes = bytesOf(seen.sink);
    expect(seen.spans.filter(({ name }) => name.startsWith('chat '))).toHaveLength(5);
    expect(seen.spans.some(({ attributes }) => JSON.stringify(attributes).includes('look_up'))).toBe(true);
    expect(canaries.filter((canary) => bytes.includes(canary))).toEqual([]);
    expect(canaries.filter((canary) => seen.stderr.includes(canary))).toEqual([]);
  });

  test.each(ways)('%s and content on, what was said is there', async (way) => {
    models.mock.resetMatchCounts();
    const { sink } = await observe(way, {
      files: { 'app.cjs': program },
      env: { ...models.env, OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true' },
    });
    const bytes = bytesOf(sink);
    expect(canaries.slice(0, 5).filter((canary) => !bytes.includes(canary))).toEqual([]);
  });
});
