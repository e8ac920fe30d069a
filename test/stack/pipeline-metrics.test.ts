// What panels and alerts ask of the programs between the swarm and the eye, against what those programs really show, after load and after losses.
import { beforeAll, expect, test } from '@jest/globals';
import { FOREIGN_METRICS, TAIL_SAMPLING } from '../../src/grafana/pipeline-metrics.ts';
import { labelOf } from '../../src/grafana/query.ts';
import * as semconv from '../../src/semconv/index.ts';
import { describeWith, START_LIMIT_MS, startStack, type Stack } from '../harness/stack/index.ts';

/** Gives up after a second, takes no request above 12,000 bytes, and four kinds of spans: so that each loss has its counter within seconds. */
function hasty(text: string): string {
  return text
    .replaceAll(
      /retry_on_failure: \{[^}]*\}/g,
      'retry_on_failure: { enabled: true, initial_interval: 500ms, max_interval: 500ms, max_elapsed_time: 1s }',
    )
    .replaceAll(/queue_size: \d+/g, 'queue_size: 12000')
    .replaceAll(/min_size: \d+, max_size: \d+/g, 'min_size: 1000, max_size: 12000')
    .replace('aggregation_cardinality_limit: 2000', 'aggregation_cardinality_limit: 4');
}

const dimensions = [
  semconv.ATTR_GEN_AI_OPERATION_NAME,
  semconv.ATTR_GEN_AI_REQUEST_MODEL,
  semconv.ATTR_GEN_AI_AGENT_NAME,
  semconv.ATTR_SWARMSCOPE_TASK_TYPE,
  semconv.ATTR_ERROR_TYPE,
];

interface Telemetry {
  /** Name of the span. */
  readonly name?: string;
  /** Makes it large. */
  readonly padding?: string;
}

let count = 0;

/** One span, one point, one log record; the answers' statuses. */
async function send({ endpoint }: Stack, { name = 'work', padding = '' }: Telemetry = {}): Promise<number[]> {
  const id = (digits: number): string => String((count += 1)).padStart(digits, 'a');
  const time = String(BigInt(Date.now()) * 1_000_000n);
  const text = (key: string, value: string): unknown => ({ key, value: { stringValue: value } });
  const resource = { attributes: [text(semconv.ATTR_SERVICE_NAME, 'sender')] };
  const attributes = [...dimensions.map((key) => text(key, 'x')), text('padding', padding)];
  const span = { traceId: id(32), spanId: id(16), name, kind: 1, startTimeUnixNano: time, endTimeUnixNano: time, attributes };
  const gauge = { dataPoints: [{ timeUnixNano: time, asInt: '1' }] };
  const bodies = {
    traces: { resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] },
    metrics: { resourceMetrics: [{ resource, scopeMetrics: [{ metrics: [{ name: 'sent', description: padding, gauge }] }] }] },
    logs: { resourceLogs: [{ resource, scopeLogs: [{ logRecords: [{ timeUnixNano: time, body: { stringValue: padding } }] }] }] },
  };
  const statuses: number[] = [];
  for (const [signal, body] of Object.entries(bodies)) {
    const headers = { 'content-type': 'application/json' };
    statuses.push((await fetch(`${endpoint}/v1/${signal}`, { method: 'POST', headers, body: JSON.stringify(body) })).status);
  }
  return statuses;
}

/** Labels by metric, of a page in Prometheus' text format. */
function readPage(page: string, into: Map<string, Set<string>>): void {
  for (const [, name = '', labels = ''] of page.matchAll(/^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? /gm)) {
    const known = into.get(name) ?? new Set();
    for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) known.add(label);
    into.set(name, known);
  }
}

describeWith(
  'tempo',
  'prometheus',
  'alertmanager',
  'collector',
)('the programs of the stack', () => {
  let stack: Stack;
  const shown = new Map<string, Set<string>>();

  const read = async (url: string): Promise<void> => readPage(await (await fetch(`${url}/metrics`)).text(), shown);
  const counted = (name: string): Promise<true> =>
    stack.until(`the collector counts ${name}`, async () => {
      await read(stack.urls.collectorTelemetry);
      return shown.has(name) ? true : undefined;
    });

  beforeAll(async () => {
    stack = await startStack({ collector: { config: hasty } });
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) expect(await send(stack, { name })).toEqual([200, 200, 200]);
    await stack.until('the span metrics and a scrape', async () => {
      const samples = await stack.query('{__name__=~"traces_span_metrics_.*|up"}');
      for (const { labels } of samples) {
        const { __name__: name = '', ...rest } = labels;
        shown.set(name, new Set([...(shown.get(name) ?? []), ...Object.keys(rest)]));
      }
      const isScraped = samples.some(({ labels }) => labels['__name__'] === 'up');
      return isScraped && samples.some(({ labels }) => labels['otel_metric_overflow'] === 'true') ? true : undefined;
    });
    for (const url of [stack.urls.tempo, stack.urls.prometheus, stack.urls.alertmanager]) await read(url);
    await stack.kill('tempo');
    await stack.kill('prometheus');
    await send(stack);
    await counted('otelcol_exporter_send_failed_spans_total');
    await counted('otelcol_exporter_send_failed_metric_points_total');
    await send(stack, { padding: 'x'.repeat(16_000) });
    await counted('otelcol_exporter_enqueue_failed_spans_total');
  }, START_LIMIT_MS);

  // Those of gateways that choose traces are shown in test/scale.
  const ofOneCollector = [...FOREIGN_METRICS.values()].filter((metric) => !Object.values(TAIL_SAMPLING).includes(metric));
  test.each(ofOneCollector)('show $prometheus, with the labels that queries may name', ({ prometheus, instrument, attributes }) => {
    const name = instrument === 'histogram' ? `${prometheus}_bucket` : prometheus;
    const similar = [...shown.keys()].filter((other) => other.startsWith(name.slice(0, 20)));
    expect(shown.has(name) ? [name] : similar).toEqual([name]);
    expect([...(shown.get(name) ?? [])]).toEqual(expect.arrayContaining(attributes.map(labelOf)));
  });

  test('what goes beyond the number of series that the collector keeps is told apart', () => {
    expect([...(shown.get('traces_span_metrics_calls_total') ?? [])]).toContain('otel_metric_overflow');
  });
});
