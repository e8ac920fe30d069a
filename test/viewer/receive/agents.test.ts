/** What real agent CLIs sent (test/fixtures/dialects), taken in by the receiver while content is off. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { LogRow, SpanRow } from '../../../src/analysis/model.ts';
import { startReceiver } from '../../../src/viewer/receive/receiver.ts';
import type { MetricPointRow } from '../../../src/viewer/receive/rows/index.ts';
import { repository } from '../../harness/paths.ts';
import { post } from './signals.ts';

interface Recording {
  readonly requests: readonly { readonly signal: string; readonly body: unknown }[];
}

const recorded = (name: string): Recording =>
  JSON.parse(readFileSync(join(repository, 'test/fixtures/dialects', `${name}.json`), 'utf8')) as Recording;

/** The spans are those of both roads: sent as spans, and made of events. */
async function takeIn(requests: Recording['requests']): Promise<{ spans: SpanRow[]; logs: LogRow[]; points: MetricPointRow[] }> {
  const taken = { spans: [] as SpanRow[], logs: [] as LogRow[], points: [] as MetricPointRow[] };
  const receiver = await startReceiver({
    onTraces: (rows) => void taken.spans.push(...rows.spans),
    onLogs: (rows) => void (taken.logs.push(...rows.logs), taken.spans.push(...rows.spans)),
    onMetrics: (rows) => void taken.points.push(...rows.points),
    settings: { captureContent: 'off', pricesFile: '' },
  });
  for (const { signal, body } of requests) {
    const headers = { 'content-type': 'application/json' };
    const { status } = await post(`${receiver.url}/v1/${signal}`, { body: Buffer.from(JSON.stringify(body)), headers });
    expect(status).toBe(200);
  }
  await receiver.close();
  return taken;
}

const shown = ({ name, kind, isError, attributes }: SpanRow) => ({
  name,
  kind,
  isError,
  model: attributes['gen_ai.request.model'],
  input: attributes['gen_ai.usage.input_tokens'],
  output: attributes['gen_ai.usage.output_tokens'],
});
const call = (name: string, more: object = {}) => ({
  name,
  kind: 3,
  isError: false,
  model: name.replace(/^\S+ /, ''),
  input: 1_000,
  output: 20,
  ...more,
});
const tool = (name: string) => ({
  name: `execute_tool ${name}`,
  kind: 1,
  isError: false,
  model: undefined,
  input: undefined,
  output: undefined,
});
const ofEvents = { ...tool('exec_command'), model: 'gpt-5.5' };

const router = call('generate_content gemini-3.5-flash-lite');
const main = call('generate_content gemini-3.1-pro-preview');

describe('what is stored of', () => {
  test.each([
    ['codex', [call('chat gpt-5.5'), ofEvents, call('chat gpt-5.5')]],
    [
      'gemini-cli',
      [
        router,
        router,
        router,
        router,
        router,
        main,
        tool('run_shell_command'),
        { ...main, isError: true, input: undefined, output: undefined },
        main,
      ],
    ],
    [
      'copilot',
      [
        tool('bash'),
        call('chat gpt-5.5'),
        call('chat gpt-5.5'),
        { ...call('invoke_agent copilot'), kind: 1, model: undefined, input: 2_000, output: 40 },
      ],
    ],
    ['opencode', [call('chat gpt-5.5')]],
    ['qwen-code', [call('chat gpt-5.5'), tool('run_shell_command'), call('chat gpt-5.5'), { ...tool(''), name: 'invoke_agent qwen' }]],
    ['agentsight', [call('chat claude-sonnet-5'), { ...call('chat gemini-3-flash'), isError: true, input: undefined, output: undefined }]],
    ['obi', [call('chat gpt-5-mini')]],
  ])('%s: its calls and tools, each once, and no content', async (name, expected) => {
    const recording = recorded(name);
    const { spans, logs, points } = await takeIn(recording.requests);
    const told = spans.filter(({ attributes }) => attributes['gen_ai.operation.name'] !== undefined).map(shown);
    const inOrder = (rows: readonly object[]): string[] => rows.map((row) => JSON.stringify(Object.entries(row).sort())).sort();
    expect(inOrder(told)).toEqual(inOrder(expected));
    expect(JSON.stringify([spans, logs, points])).not.toMatch(/SECRET|git --version/);
  });

  test('codex: a call lasts from its request to its answer, a tool as long as it says, and both have a price or a name', async () => {
    const { spans } = await takeIn(recorded('codex').requests);
    const [first, ran] = spans;
    expect((first?.endMs ?? 0) - (first?.startMs ?? 0)).toBeGreaterThanOrEqual(22);
    expect((ran?.endMs ?? 0) - (ran?.startMs ?? 0)).toBeCloseTo(94, 0);
    expect(first).toMatchObject({
      parentSpanId: undefined,
      attributes: {
        'gen_ai.agent.name': 'codex',
        'gen_ai.conversation.id': 'session-1',
        'gen_ai.usage.cache_read.input_tokens': 0,
        'swarmscope.cost.amount': expect.any(Number),
        'swarmscope.dialect': 'codex',
      },
    });
    expect(ran?.attributes).toMatchObject({ 'gen_ai.tool.name': 'exec_command', 'gen_ai.tool.call.id': 'call_1' });
  });

  test('codex: what is sent a second time has the same ids', async () => {
    const { requests } = recorded('codex');
    const [once, again] = [await takeIn(requests), await takeIn(requests)];
    expect(again.spans.map(({ spanId }) => spanId)).toEqual(once.spans.map(({ spanId }) => spanId));
  });

  test('codex: a request that failed is a call that failed, and one whose answer was cut is a call without tokens', async () => {
    const events = [
      request({ duration_ms: '10', 'http.response.status_code': '429' }, 1),
      request({ duration_ms: '10', 'http.response.status_code': '200' }, 2),
      request({ duration_ms: '10', 'http.response.status_code': '200' }, 3),
    ];
    const { spans } = await takeIn([{ signal: 'logs', body: records(events) }]);
    expect(spans.map(({ isError, attributes }) => [isError, attributes['error.type'], attributes['gen_ai.usage.output_tokens']])).toEqual([
      [true, '429', undefined],
      [false, undefined, undefined],
    ]);
  });
});

const seconds = (at: number): string => `${1_795_000_000 + at}000000000`;
const request = (more: Record<string, string>, at: number): unknown => ({
  observedTimeUnixNano: seconds(at),
  attributes: Object.entries({ 'event.name': 'codex.api_request', 'conversation.id': 'c', model: 'gpt-5.5', ...more }).map(
    ([key, stringValue]) => ({
      key,
      value: { stringValue },
    }),
  ),
});
const records = (logRecords: unknown[]): unknown => ({
  resourceLogs: [{ scopeLogs: [{ scope: { name: 'codex_otel.log_only' }, logRecords }] }],
});
