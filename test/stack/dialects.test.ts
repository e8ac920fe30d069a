/** What other programs send reads the same through the collector and through the embedded receiver, and is counted once. */
import { beforeAll, expect, test } from '@jest/globals';
import type { LogRow, SpanRow } from '../../src/analysis/model.ts';
import { startReceiver } from '../../src/viewer/receive/receiver.ts';
import { describeWith, START_LIMIT_MS } from '../harness/stack/index.ts';
import { post, startCollector, type Attributes, type Collector } from './collector/output.ts';
import { randomSpans, recording, type Recording } from './collector/recording.ts';

interface Taken {
  readonly spans: readonly SpanRow[];
  readonly logs: readonly LogRow[];
}

/** What the embedded receiver makes of the same requests, content and all. */
async function throughReceiver({ requests }: Pick<Recording, 'requests'>): Promise<Taken> {
  const spans: SpanRow[] = [];
  const logs: LogRow[] = [];
  const receiver = await startReceiver({
    onTraces: (rows) => void spans.push(...rows.spans),
    onLogs: (rows) => void logs.push(...rows.logs),
    onMetrics: () => undefined,
    settings: { captureContent: 'span', pricesFile: '' },
  });
  for (const { signal, body } of requests) await post(receiver.url, signal, body);
  await receiver.close();
  return { spans, logs };
}

/** The receiver prices calls and knows their context windows, from the tables of the package. */
function withoutPrices(attributes: SpanRow['attributes']): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => !/^swarmscope\.(cost|context)\./.test(name)));
}

const byId = <Row extends { spanId: string }>(rows: readonly Row[]): Row[] => [...rows].sort((a, b) => (a.spanId < b.spanId ? -1 : 1));
const sorted = (rows: readonly Attributes[]): string[] =>
  rows.map((row) => JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)))).sort();

describeWith('collector', 'prometheus')('a collector', () => {
  let collector: Collector;
  beforeAll(async () => {
    collector = await startCollector();
  }, START_LIMIT_MS);

  async function expectSame(sent: Pick<Recording, 'requests'>): Promise<Taken> {
    const expected = await throughReceiver(sent);
    const before = { spans: collector.spans().length, logs: collector.logs().length };
    for (const { signal, body } of sent.requests) await post(collector.stack.endpoint, signal, body);
    const taken = await collector.stack.until('everything is handed on', () => {
      const spans = collector.spans().slice(before.spans);
      const logs = collector.logs().slice(before.logs);
      return spans.length >= expected.spans.length && logs.length >= expected.logs.length ? { spans, logs } : undefined;
    });
    const inRows = byId(expected.spans).map(({ spanId, traceId, name, kind, attributes }) => {
      return { spanId, traceId, name, kind, attributes: withoutPrices(attributes) };
    });
    expect(byId(taken.spans)).toEqual(inRows);
    expect(sorted(taken.logs)).toEqual(sorted(expected.logs.map(({ attributes }) => attributes as Attributes)));
    return expected;
  }

  /** Waits for series of our names; each is known by its dialect. */
  async function expectCounted(dialect: string, totals: Readonly<Record<string, number>>): Promise<void> {
    for (const [name, total] of Object.entries(totals)) {
      const selector = `${name}{swarmscope_dialect="${dialect}"}`;
      const value = await collector.stack.until(`${selector} is ${total}`, async () => {
        const [found] = await collector.stack.query(`sum(${selector})`);
        return found !== undefined && found.value >= total - 1e-9 ? found.value : undefined;
      });
      expect([name, value]).toEqual([name, expect.closeTo(total, 6)]);
      // The first point is not lost to increase().
      expect((await collector.stack.query(`max(min_over_time(${selector}[10m]))`))[0]?.value).toBe(0);
    }
  }

  test('translates Claude Code, and counts its tokens and cost from its deltas, its calls and tools from its spans', async () => {
    const { spans } = await expectSame(recording('claude-code'));
    expect(spans.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['chat claude-opus-5-5', 'execute_tool Bash', 'invoke_agent claude']),
    );
    await expectCounted('claude_code', {
      gen_ai_client_inference_usage_input_tokens_total: 2_000,
      gen_ai_client_inference_usage_output_tokens_total: 40,
      swarmscope_inference_cost_total: 0.0088,
      gen_ai_client_inference_duration_seconds_count: 2,
      gen_ai_client_inference_operation_input_tokens_sum: 2_000,
      gen_ai_execute_tool_duration_seconds_count: 1,
      gen_ai_invoke_agent_duration_seconds_count: 1,
      claude_code_session_count_total: 1,
    });
  });

  test('translates Codex, leaves its internals out, and counts calls, tokens and tools from its events', async () => {
    const sent = recording('codex');
    expect(JSON.stringify(sent)).toContain('"run_turn"');
    const { spans, logs } = await expectSame(sent);
    expect(spans).toEqual([]);
    expect(logs.map(({ eventName }) => eventName)).toEqual(expect.arrayContaining(['codex.api_request', 'codex.tool_result']));
    await expectCounted('codex', {
      gen_ai_client_inference_usage_input_tokens_total: 2_000,
      gen_ai_client_inference_usage_output_tokens_total: 40,
      gen_ai_client_inference_duration_seconds_count: 2,
      gen_ai_execute_tool_duration_seconds_count: 1,
    });
  });

  test('leaves the calls of a Node program to its preload, and counts those of others from their spans', async () => {
    const asNode = await expectSame(recording('openinference'));
    expect(asNode.spans.map(({ name }) => name).sort()).toEqual([
      'chat gpt-5.4-mini',
      'chat gpt-5.4-mini',
      'embeddings text-embedding-3-small',
    ]);
    await expectSame(recording('openinference', 'python'));
    await expectCounted('openinference', {
      gen_ai_client_inference_duration_seconds_count: 2,
      gen_ai_client_embeddings_duration_seconds_count: 1,
      // It reports none for a stream.
      gen_ai_client_inference_usage_input_tokens_total: 300,
      gen_ai_client_inference_usage_output_tokens_total: 12,
    });
  });

  test('counts spans in the words of OpenTelemetry as they are, and tells them from our own', async () => {
    const { spans } = await expectSame(recording('openllmetry', 'python'));
    expect(spans.map(({ attributes }) => attributes['swarmscope.dialect'])).toEqual(['gen_ai', 'gen_ai']);
    await expectCounted('gen_ai', {
      gen_ai_client_inference_duration_seconds_count: 2,
      gen_ai_client_inference_usage_input_tokens_total: 300,
    });
  });

  test('translates OpenLLMetry with names of the old convention', async () => {
    const { spans } = await expectSame(recording('openllmetry-2024'));
    expect(spans.map(({ name }) => name)).toEqual([
      'invoke_workflow plan_trip',
      'invoke_agent planner',
      'chat gpt-4o',
      'execute_tool search',
      'text_completion claude-3-5-sonnet',
    ]);
    await expectCounted('openllmetry', {
      gen_ai_client_inference_usage_input_tokens_total: 700,
      gen_ai_client_inference_usage_output_tokens_total: 80,
      gen_ai_client_inference_usage_cache_read_input_tokens_total: 100,
      gen_ai_client_inference_usage_cache_write_input_tokens_total: 40,
      gen_ai_client_inference_duration_seconds_sum: 2,
      gen_ai_invoke_workflow_duration_seconds_count: 1,
      gen_ai_invoke_agent_duration_seconds_sum: 2.89,
      gen_ai_execute_tool_duration_seconds_sum: 0.5,
    });
  });

  test('translates the old convention, in spans and in the metrics that keep their names', async () => {
    await expectSame(recording('gen-ai-legacy'));
    await expectCounted('gen_ai_legacy', {
      gen_ai_client_inference_duration_seconds_count: 2,
      gen_ai_client_inference_usage_input_tokens_total: 70,
      swarmscope_rate_limit_rejections_total: 1,
    });
    const own = 'gen_ai_client_token_usage_sum{gen_ai_provider_name="openai",gen_ai_system="",gen_ai_token_type="input"}';
    const [found] = await collector.stack.until('its own metrics', async () => {
      const rows = await collector.stack.query(own);
      return rows.length > 0 ? rows : undefined;
    });
    expect(found?.value).toBe(70);
  });

  test('lets none of the series of agent programs through that carry ids or are deltas', async () => {
    const series = await collector.stack.query('{__name__=~"claude_code_(token|cost).*|codex_.*"}');
    expect(series).toEqual([]);
    expect(await collector.stack.query('{session_id!=""} or {user_id!=""} or {conversation_id!=""}')).toEqual([]);
  });

  test('reads spans that mix the words of dialects and ours as the receiver reads them', async () => {
    await expectSame({ requests: [{ signal: 'traces', body: randomSpans(400, 7) }] });
  });
});
