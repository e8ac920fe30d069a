/** What a real Claude Code sent (test/fixtures/claude-code), taken in by the receiver. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { LogRow, SpanRow } from '../../../src/analysis/model.ts';
import { startReceiver, type Receiver } from '../../../src/viewer/receive/receiver.ts';
import type { MetricPointRow } from '../../../src/viewer/receive/rows/index.ts';
import { repository } from '../../harness/paths.ts';
import { expectTrace } from '../../harness/expect-trace.ts';
import { post } from './signals.ts';

type Value = string | number | boolean | string[];
type Attributes = Record<string, Value>;

interface Recorded {
  readonly spans: {
    name: string;
    kind: number;
    status: number;
    spanId: string;
    parentSpanId: string;
    scopeName: string;
    attributes: Attributes;
  }[];
  readonly events: { body: string; spanId: string; scopeName: string; attributes: Attributes }[];
  readonly metrics: { name: string; unit: string; scopeName: string; points: { attributes: Attributes; value: number }[] }[];
}

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const START = 1_795_000_000;
const seconds = (offset: number): string => `${START + offset}000000000`;
const resource = { attributes: pairs({ 'service.name': 'claude-code', 'service.version': '2.1.330' }) };

function recorded(name: string): Recorded {
  return JSON.parse(readFileSync(join(repository, 'test/fixtures/claude-code', `${name}.json`), 'utf8')) as Recorded;
}

function pairs(attributes: Attributes): { key: string; value: unknown }[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }));
}

function anyValue(value: Value): unknown {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') return Number.isInteger(value) ? { intValue: value } : { doubleValue: value };
  return { arrayValue: { values: value.map(anyValue) } };
}

let receiver: Receiver | undefined;
afterEach(() => receiver?.close());

/** What the receiver makes of a recording. */
async function takeIn(
  { spans, events, metrics }: Recorded,
  captureContent: 'span' | 'off' = 'off',
): Promise<{ spans: SpanRow[]; logs: LogRow[]; points: MetricPointRow[] }> {
  const taken = { spans: [] as SpanRow[], logs: [] as LogRow[], points: [] as MetricPointRow[] };
  receiver = await startReceiver({
    onTraces: (rows) => void taken.spans.push(...rows.spans),
    onLogs: (rows) => void taken.logs.push(...rows.logs),
    onMetrics: (rows) => void taken.points.push(...rows.points),
    settings: { captureContent, pricesFile: '' },
  });
  const { url } = receiver;
  const send = async (signal: string, body: unknown): Promise<void> => {
    const { status } = await post(`${url}/v1/${signal}`, {
      body: Buffer.from(JSON.stringify(body)),
      headers: { 'content-type': 'application/json' },
    });
    expect(status).toBe(200);
  };
  await send('traces', {
    resourceSpans: spans.map(({ scopeName, attributes, status, ...span }) => ({
      resource,
      scopeSpans: [
        {
          scope: { name: scopeName },
          spans: [
            {
              ...span,
              status: { code: status },
              traceId: TRACE_ID,
              startTimeUnixNano: seconds(0),
              endTimeUnixNano: seconds(1),
              attributes: pairs(attributes),
            },
          ],
        },
      ],
    })),
  });
  await send('logs', {
    resourceLogs: events.map(({ scopeName, attributes, body, spanId }) => ({
      resource,
      scopeLogs: [
        {
          scope: { name: scopeName },
          logRecords: [{ traceId: TRACE_ID, spanId, timeUnixNano: seconds(0), body: { stringValue: body }, attributes: pairs(attributes) }],
        },
      ],
    })),
  });
  await send('metrics', {
    resourceMetrics: metrics.map(({ scopeName, name, unit, points }) => ({
      resource,
      scopeMetrics: [
        {
          scope: { name: scopeName },
          metrics: [
            {
              name,
              unit,
              sum: {
                aggregationTemporality: 1,
                isMonotonic: true,
                dataPoints: points.map(({ attributes, value }) => ({
                  attributes: pairs(attributes),
                  timeUnixNano: seconds(1),
                  asDouble: value,
                })),
              },
            },
          ],
        },
      ],
    })),
  });
  return taken;
}

describe('a session with one call of the Bash tool', () => {
  test('is a turn with two chats and a tool, in our words, each chat with its price', async () => {
    const { spans } = await takeIn(recorded('print-with-tool'));
    const chat = {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'anthropic',
      'gen_ai.request.model': 'claude-opus-5-5',
      'gen_ai.usage.input_tokens': 100,
      'gen_ai.usage.output_tokens': 20,
      'swarmscope.cost.amount': 0.0008,
      'swarmscope.cost.source': 'local',
      'swarmscope.context.usage': 100,
      'gen_ai.system': undefined,
      'user.id': undefined,
    };
    expectTrace(spans, {
      name: 'claude_code.interaction',
      kind: 1,
      attributes: { 'gen_ai.operation.name': undefined, 'gen_ai.conversation.id': 'session-1', user_prompt: undefined },
      children: [
        { name: 'chat claude-opus-5-5', kind: 3, attributes: { ...chat, 'gen_ai.response.finish_reasons': ['tool_call'] } },
        {
          name: 'execute_tool Bash',
          kind: 1,
          attributes: { 'gen_ai.tool.name': 'Bash', 'gen_ai.tool.call.id': 'toolu_01abc', bash_argv0: 'git' },
          children: [
            // A rule allowed it: nobody waited for a human.
            { name: 'claude_code.tool.blocked_on_user', attributes: { 'swarmscope.wait.reason': undefined, source: 'config' } },
            { name: 'claude_code.tool.execution' },
          ],
        },
        { name: 'chat claude-opus-5-5', kind: 3, attributes: { ...chat, 'gen_ai.response.finish_reasons': ['stop'] } },
      ],
    });
  });

  test('costs what Claude itself says that it cost', async () => {
    const { spans, points } = await takeIn(recorded('print-with-tool'));
    const ours = spans.reduce((sum, { attributes }) => sum + Number(attributes['swarmscope.cost.amount'] ?? 0), 0);
    const theirs = points.find(({ name }) => name === 'claude_code.cost.usage')?.value;
    expect(ours).toBeCloseTo(theirs ?? NaN, 10);
  });

  test('whose model is in no table has no price', async () => {
    const { spans, ...rest } = recorded('print-with-tool');
    const unknown = spans.map((span) => ({
      ...span,
      attributes: { ...span.attributes, 'gen_ai.request.model': 'house-model-1', model: 'house-model-1' },
    }));
    const chats = (await takeIn({ ...rest, spans: unknown })).spans.filter(({ name }) => name === 'chat house-model-1');
    expect(chats).toHaveLength(2);
    for (const { attributes } of chats) expect(attributes).not.toHaveProperty('swarmscope.cost.amount');
  });
});

describe('a session that sends prompts, commands and answers', () => {
  test('leaves nothing of them and no id of the user while content is off', async () => {
    const taken = await takeIn(recorded('print-with-content'));
    expect(taken.spans).toHaveLength(6);
    expect(taken.logs.map(({ eventName }) => eventName)).toEqual(
      expect.arrayContaining(['user_prompt', 'api_request', 'tool_result', 'assistant_response']),
    );
    expect(taken.points.length).toBeGreaterThan(4);
    expect(JSON.stringify(taken)).not.toMatch(/SECRET|user-1/);
  });

  test('is stored as it came where content was asked for', async () => {
    const taken = JSON.stringify(await takeIn(recorded('print-with-content'), 'span'));
    for (const secret of ['SECRETPROMPT', 'SECRETANSWER', 'SECRETCOMMIT']) expect(taken).toContain(secret);
  });
});

test('a call that was refused tells its status and keeps the words of the error to itself', async () => {
  const taken = await takeIn(recorded('print-refused'));
  expectTrace(taken.spans, {
    name: 'claude_code.interaction',
    children: [
      {
        name: 'chat claude-opus-5-5',
        isError: true,
        attributes: { 'error.type': '400', 'http.response.status_code': 400, error: undefined, 'swarmscope.cost.amount': undefined },
      },
    ],
  });
  expect(JSON.stringify(taken)).not.toContain('SECRET');
});

test('a permission that a human gave is a wait for a human', async () => {
  const { spans, ...rest } = recorded('print-with-tool');
  const asked = spans.map((span) =>
    span.attributes['source'] === 'config'
      ? { ...span, attributes: { ...span.attributes, source: 'user_temporary', duration_ms: 4_000 } }
      : span,
  );
  const wait = (await takeIn({ ...rest, spans: asked })).spans.find(({ name }) => name === 'wait human');
  expect(wait?.attributes).toMatchObject({ 'swarmscope.operation.name': 'wait', 'swarmscope.wait.reason': 'human' });
});

test('a turn that nobody handed a context is the agent itself', async () => {
  const { spans, ...rest } = recorded('print-with-tool');
  const alone = spans.map(({ attributes: { 'parent.source': source, ...attributes }, ...span }) => {
    void source;
    return { ...span, attributes };
  });
  const names = (await takeIn({ ...rest, spans: alone })).spans.map(({ name }) => name);
  expect(names).toContain('invoke_agent claude');
});
