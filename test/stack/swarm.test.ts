// The demo swarm against the whole stack: what the programs of the stack hold is what the run itself holds, span by span and series by series.
import { beforeAll, expect, test } from '@jest/globals';
import type { SpanRow } from '../../src/analysis/model.ts';
import { SPAN_METRICS } from '../../src/grafana/pipeline-metrics.ts';
import { labelOf } from '../../src/grafana/query.ts';
import * as semconv from '../../src/semconv/index.ts';
import { DEMO_LIMIT_MS, demoInStack, describeWith, START_LIMIT_MS, startStack, type Demo, type Stack } from '../harness/stack/index.ts';
import { registry, RESOURCE_LABELS, seriesIn, seriesOf } from './expected-series.ts';

/**
 * The age of the oldest task in a queue has a point only while a task waits. The first superstep keeps tasks waiting for several seconds, so that a
 * collection each second meets one; the default of ten seconds may not.
 */
const COLLECTION_MS = '1000';

/** What the demo exercises at least; more is welcome. */
const EXERCISED = [
  semconv.METRIC_GEN_AI_CLIENT_INFERENCE_DURATION,
  semconv.METRIC_GEN_AI_CLIENT_INFERENCE_OPERATION_INPUT_TOKENS,
  semconv.METRIC_GEN_AI_CLIENT_INFERENCE_OPERATION_OUTPUT_TOKENS,
  semconv.METRIC_GEN_AI_CLIENT_INFERENCE_TIME_PER_OUTPUT_CHUNK,
  semconv.METRIC_GEN_AI_CLIENT_INFERENCE_TIME_TO_FIRST_CHUNK,
  semconv.METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS,
  semconv.METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS,
  semconv.METRIC_GEN_AI_EXECUTE_TOOL_DURATION,
  semconv.METRIC_GEN_AI_INVOKE_WORKFLOW_DURATION,
  semconv.METRIC_SWARMSCOPE_BATCH_BARRIER_WAIT_TIME,
  semconv.METRIC_SWARMSCOPE_BATCH_DURATION,
  semconv.METRIC_SWARMSCOPE_BATCH_PARALLELISM,
  semconv.METRIC_SWARMSCOPE_BATCH_SIZE,
  semconv.METRIC_SWARMSCOPE_BATCH_STRAGGLER_DELAY,
  semconv.METRIC_SWARMSCOPE_CONTEXT_USAGE,
  semconv.METRIC_SWARMSCOPE_CONTEXT_UTILIZATION,
  semconv.METRIC_SWARMSCOPE_GIT_MERGE_CONFLICTS,
  semconv.METRIC_SWARMSCOPE_GIT_OPERATION_DURATION,
  semconv.METRIC_SWARMSCOPE_INFERENCE_COST,
  semconv.METRIC_SWARMSCOPE_QUEUE_OLDEST_AGE,
  semconv.METRIC_SWARMSCOPE_QUEUE_SIZE,
  semconv.METRIC_SWARMSCOPE_QUEUE_WAIT_TIME,
  semconv.METRIC_SWARMSCOPE_RATE_LIMIT_LIMIT,
  semconv.METRIC_SWARMSCOPE_RATE_LIMIT_REJECTIONS,
  semconv.METRIC_SWARMSCOPE_RATE_LIMIT_REMAINING,
  semconv.METRIC_SWARMSCOPE_RATE_LIMIT_UTILIZATION,
  semconv.METRIC_SWARMSCOPE_TASK_COUNT,
  semconv.METRIC_SWARMSCOPE_TASK_DURATION,
  semconv.METRIC_SWARMSCOPE_TASK_OLDEST_AGE,
  semconv.METRIC_SWARMSCOPE_TASK_STALLED,
  semconv.METRIC_SWARMSCOPE_TASK_SUBMITTED,
  semconv.METRIC_SWARMSCOPE_TOOL_AVAILABLE,
  semconv.METRIC_SWARMSCOPE_WORKER_COUNT,
  semconv.METRIC_SWARMSCOPE_WORKER_LIMIT,
  semconv.METRIC_SWARMSCOPE_WORKER_TIME,
  semconv.METRIC_SWARMSCOPE_WORKER_UTILIZATION,
  semconv.METRIC_SWARMSCOPE_TELEMETRY_RECORDED,
  semconv.METRIC_SWARMSCOPE_TELEMETRY_EXPORTED,
  semconv.METRIC_NODEJS_EVENTLOOP_DELAY_P99,
  semconv.METRIC_NODEJS_EVENTLOOP_UTILIZATION,
  semconv.METRIC_PROCESS_CPU_TIME,
  semconv.METRIC_PROCESS_MEMORY_USAGE,
  semconv.METRIC_SYSTEM_CPU_UTILIZATION,
  semconv.METRIC_SYSTEM_MEMORY_USAGE,
  semconv.METRIC_SYSTEM_NETWORK_IO,
  semconv.METRIC_V8JS_GC_DURATION,
  semconv.METRIC_V8JS_MEMORY_HEAP_USED,
].map(({ name }) => name);

describeWith(
  'tempo',
  'prometheus',
  'collector',
)('the demo swarm in the stack', () => {
  let stack: Stack;
  let demo: Demo;
  let trace: readonly SpanRow[];
  const sumOf = async (expression: string): Promise<number> => (await stack.query(`sum(last_over_time(${expression}[1h]))`))[0]?.value ?? 0;
  const of = (service: string): string => `{service_name="${service}"}`;

  beforeAll(async () => {
    stack = await startStack({ parts: ['tempo', 'prometheus', 'collector'] });
    demo = await demoInStack(stack, { env: { OTEL_METRIC_EXPORT_INTERVAL: COLLECTION_MS } });
    trace = (await stack.trace(demo.traceId)) ?? [];
  }, START_LIMIT_MS + DEMO_LIMIT_MS);

  test('Tempo has every span of the run once, as it was sent', () => {
    const facts = ({ spanId, parentSpanId, name, kind, startMs, endMs, isError, attributes, links, pid }: SpanRow): unknown => ({
      spanId,
      parentSpanId,
      name,
      kind,
      startMs,
      endMs,
      isError,
      attributes: Object.fromEntries(Object.entries(attributes).sort()),
      links,
      pid,
    });
    const inOrder = (spans: readonly SpanRow[]): unknown[] => [...spans].sort((a, b) => (a.spanId < b.spanId ? -1 : 1)).map(facts);
    expect(demo.data.spans.length).toBeGreaterThan(250);
    expect(new Set(demo.data.spans.map(({ traceId }) => traceId)).size).toBe(1);
    expect(inOrder(trace)).toEqual(inOrder(demo.data.spans));
  });

  test('it is one tree across the processes: a call of a worker hangs below the task of its scheduler', () => {
    const byId = new Map(trace.map((span) => [span.spanId, span]));
    expect(trace.filter(({ parentSpanId }) => !byId.has(parentSpanId ?? '')).map(({ name }) => name)).toEqual(['invoke_workflow demo']);
    const workers = trace.filter(
      (span) => span.name.startsWith('chat ') && aboveOf(span, byId).some(({ name }) => name.startsWith('run_task')),
    );
    expect(workers).toHaveLength(58);
    const scheduler = byId.get(trace.find(({ name }) => name.startsWith('run_task'))?.spanId ?? '')?.pid;
    expect(new Set(workers.map(({ pid }) => pid)).size).toBe(14);
    expect(workers.map(({ pid }) => pid)).not.toContain(scheduler);
  });

  test('the collector sent every span that it took, once, and refused none', async () => {
    const ledger = async (name: string): Promise<number> => sumOf(`otelcol_${name}_spans_total`);
    await stack.until('the scrape after the last span', async () =>
      (await ledger('exporter_sent')) >= demo.data.spans.length ? true : undefined,
    );
    expect(await ledger('receiver_accepted')).toBe(demo.data.spans.length);
    expect(await ledger('exporter_sent')).toBe(demo.data.spans.length);
    expect(await ledger('receiver_refused')).toBe(0);
  });

  test('every series of the run is in Prometheus, under the name and labels that the registry predicts, with its exact last values', async () => {
    const expected = seriesOf(demo.data.series);
    const names = [...new Set(demo.data.series.map(({ name }) => name))];
    expect(names).toEqual(expect.arrayContaining(EXERCISED));
    const ours = names.map((name) => registry.get(name)?.prometheus ?? name).join('|');
    const selector = `{service_name="${demo.service}", __name__=~"(${ours})(_bucket|_sum|_count)?"}`;
    let found = new Map<string, number>();
    // What differs after that is said below.
    await stack
      .until(
        'the last point of every series',
        async () => {
          found = seriesIn(await stack.query(`last_over_time(${selector}[1h])`));
          return [...expected].every(([key, value]) => found.get(key) === value) ? true : undefined;
        },
        15_000,
      )
      .catch(() => undefined);
    expect(expected.size).toBeGreaterThan(500);
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
  });

  test("totals in Prometheus are the report's", async () => {
    const { usage, git, trouble, taskTypes, batches, run } = demo.report;
    const total = (spec: semconv.MetricSpec, suffix = ''): Promise<number> => sumOf(spec.prometheus + suffix + of(demo.service));
    expect({
      input: await total(semconv.METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS),
      output: await total(semconv.METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS),
      calls: await total(semconv.METRIC_GEN_AI_CLIENT_INFERENCE_DURATION, '_count'),
      rejections: await total(semconv.METRIC_SWARMSCOPE_RATE_LIMIT_REJECTIONS),
      tasks: await total(semconv.METRIC_SWARMSCOPE_TASK_DURATION, '_count'),
      submitted: await total(semconv.METRIC_SWARMSCOPE_TASK_SUBMITTED),
      tools: (await total(semconv.METRIC_GEN_AI_EXECUTE_TOOL_DURATION, '_count')) + (await total(semconv.METRIC_SWARMSCOPE_TOOL_UNTIMED)),
      git: await total(semconv.METRIC_SWARMSCOPE_GIT_OPERATION_DURATION, '_count'),
      conflicts: await total(semconv.METRIC_SWARMSCOPE_GIT_MERGE_CONFLICTS),
      batches: await total(semconv.METRIC_SWARMSCOPE_BATCH_SIZE, '_sum'),
      runs: await total(semconv.METRIC_GEN_AI_INVOKE_WORKFLOW_DURATION, '_count'),
    }).toEqual({
      input: usage.tokens.input,
      output: usage.tokens.output,
      calls: usage.calls,
      rejections: trouble.rateLimited.count,
      tasks: taskTypes.reduce((sum, { count }) => sum + count, 0),
      submitted: taskTypes.reduce((sum, { count }) => sum + count, 0),
      tools: usage.tools.executions,
      git: git.count,
      conflicts: git.conflicts,
      batches: batches.reduce((sum, { size }) => sum + size, 0),
      runs: 1,
    });
    expect([usage.calls, run.exitCode]).toEqual([59, 0]);
    expect(await total(semconv.METRIC_SWARMSCOPE_INFERENCE_COST)).toBeCloseTo(usage.cost.amount ?? NaN, 9);
  });

  test('target_info says whose metrics these are', async () => {
    const [info, ...others] = await stack.query(`last_over_time(target_info${of(demo.service)}[1h])`);
    expect(others).toEqual([]);
    expect(info?.labels).toMatchObject({
      job: demo.service,
      service_name: demo.service,
      swarmscope_run_id: demo.runId,
      telemetry_distro_name: 'swarmscope',
      telemetry_sdk_name: 'opentelemetry',
    });
    expect(info?.labels['instance']).toBe(info?.labels['service_instance_id']);
  });

  test('no series carries a label that its metric has not in the registry: no id of a run, task, agent or process', async () => {
    const specs = [...registry.values(), ...Object.values(SPAN_METRICS)];
    const allowed = new Map(specs.map(({ prometheus, attributes }) => [prometheus, new Set(attributes.map(labelOf))]));
    const samples = await stack.query(`last_over_time({service_name="${demo.service}", __name__!~"target_info|ALERTS.*|.*:.*"}[1h])`);
    const others = samples.flatMap(({ labels }) => {
      const { __name__: name = '', ...rest } = labels;
      const known = allowed.get(name) ?? allowed.get(name.replace(/_(bucket|sum|count)$/, ''));
      return Object.keys(rest).flatMap((label) =>
        RESOURCE_LABELS.has(label) || label === 'le' || known?.has(label) === true ? [] : [`${name}{${label}}`],
      );
    });
    expect(samples.length).toBeGreaterThan(500);
    expect([...new Set(others)]).toEqual([]);
    const ids = samples.flatMap(({ labels }) => Object.keys(labels).filter((label) => /_id$|pid|branch|revision|trace/.test(label)));
    expect(ids).toEqual([]);
  });

  test('the collector counts every span by its name', async () => {
    const expected = new Map<string, number>();
    for (const { name } of demo.data.spans) expected.set(name, (expected.get(name) ?? 0) + 1);
    const counts = await stack.until('the last flush of span metrics', async () => {
      const samples = await stack.query(`sum by (span_name) (last_over_time(${SPAN_METRICS.calls.prometheus}${of(demo.service)}[1h]))`);
      const all = samples.reduce((sum, { value }) => sum + value, 0);
      return all >= demo.data.spans.length ? samples : undefined;
    });
    expect(Object.fromEntries(counts.map(({ labels, value }) => [labels['span_name'], value]))).toEqual(Object.fromEntries(expected));
  });

  test('an exemplar of a latency leads to its span in Tempo', async () => {
    const exemplars = await stack.exemplars(`${SPAN_METRICS.duration.prometheus}_bucket${of(demo.service)}`);
    expect(exemplars.length).toBeGreaterThan(20);
    for (const { labels, series, value } of exemplars) {
      expect(labels['trace_id']).toBe(demo.traceId);
      const span = trace.find(({ spanId }) => spanId === labels['span_id']);
      expect(span?.name).toBe(series['span_name']);
      expect(value * 1_000).toBeCloseTo((span?.endMs ?? 0) - (span?.startMs ?? 0), 0);
    }
  });
});

/** The spans above, the nearest first. */
function aboveOf(span: SpanRow, byId: ReadonlyMap<string, SpanRow>): SpanRow[] {
  const above: SpanRow[] = [];
  for (let at = byId.get(span.parentSpanId ?? ''); at !== undefined; at = byId.get(at.parentSpanId ?? '')) above.push(at);
  return above;
}
