/** Hand-built runs for the analysis tests: spans in seconds since the start, attributes by short verbs. */
import type { Attributes, MetricSeries, RunData, SpanRow } from '../../src/analysis/model.ts';
import * as words from '../../src/semconv/index.ts';

/** Epoch of every hand-built run, in ms. */
export const T0 = 1_800_000_000_000;

export interface SpanSketch {
  id: string;
  parent?: string | undefined;
  /** Seconds since the start; `to` undefined: never ended. */
  from: number;
  to?: number | undefined;
  name?: string;
  isError?: boolean;
  scope?: string;
  pid?: number | undefined;
  attributes: Attributes;
}

export function span({ id, parent, from, to, name = id, isError = false, scope = 'swarmscope', pid = 1, attributes }: SpanSketch): SpanRow {
  return {
    traceId: 'a'.repeat(32),
    spanId: id,
    parentSpanId: parent,
    name,
    kind: 1,
    startMs: T0 + from * 1000,
    endMs: to === undefined ? undefined : T0 + to * 1000,
    isError,
    attributes,
    links: [],
    scopeName: scope,
    serviceName: 'swarm',
    pid,
  };
}

export function run(seconds: number, spans: readonly SpanRow[], series: readonly MetricSeries[] = []): RunData {
  return {
    run: { id: 'r1', name: 'demo', command: 'node', startMs: T0, endMs: T0 + seconds * 1000, exitCode: 0, signal: undefined },
    spans,
    series,
    logs: [],
    losses: {},
  };
}

export function limit(pool: string, value: number): MetricSeries {
  return {
    name: words.METRIC_SWARMSCOPE_WORKER_LIMIT.name,
    unit: '{worker}',
    kind: 'sum',
    isMonotonic: false,
    attributes: { [words.ATTR_SWARMSCOPE_POOL_NAME]: pool },
    instanceId: 'i',
    points: [{ timeMs: T0, value }],
  };
}

export const task = (type: string, more: Attributes = {}): Attributes => ({
  [words.ATTR_SWARMSCOPE_OPERATION_NAME]: words.SWARMSCOPE_OPERATION_NAME_VALUE_RUN_TASK,
  [words.ATTR_SWARMSCOPE_TASK_TYPE]: type,
  ...more,
});
export const batch = (index: number, more: Attributes = {}): Attributes => ({
  [words.ATTR_SWARMSCOPE_OPERATION_NAME]: words.SWARMSCOPE_OPERATION_NAME_VALUE_RUN_BATCH,
  [words.ATTR_SWARMSCOPE_BATCH_INDEX]: index,
  [words.ATTR_SWARMSCOPE_SCHEDULER_NAME]: 'p-queue',
  ...more,
});
export const llm = (more: Attributes = {}): Attributes => ({
  [words.ATTR_GEN_AI_OPERATION_NAME]: words.GEN_AI_OPERATION_NAME_VALUE_CHAT,
  [words.ATTR_GEN_AI_REQUEST_MODEL]: 'm-1',
  ...more,
});
export const tool = (name: string): Attributes => ({
  [words.ATTR_GEN_AI_OPERATION_NAME]: words.GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
  [words.ATTR_GEN_AI_TOOL_NAME]: name,
});
export const agent = (): Attributes => ({ [words.ATTR_GEN_AI_OPERATION_NAME]: words.GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT });
export const git = (operation: string, more: Attributes = {}): Attributes => ({
  [words.ATTR_SWARMSCOPE_GIT_OPERATION_NAME]: operation,
  ...more,
});
export const wait = (reason: string): Attributes => ({ [words.ATTR_SWARMSCOPE_WAIT_REASON]: reason });
export const child = (executable: string, kind: string, more: Attributes = {}): Attributes => ({
  [words.ATTR_PROCESS_EXECUTABLE_NAME]: executable,
  [words.ATTR_SWARMSCOPE_PROCESS_EXECUTABLE_KIND]: kind,
  ...more,
});
export const tokens = (input: number, output: number, more: Attributes = {}): Attributes => ({
  [words.ATTR_GEN_AI_USAGE_INPUT_TOKENS]: input,
  [words.ATTR_GEN_AI_USAGE_OUTPUT_TOKENS]: output,
  ...more,
});
export const cost = (amount: number): Attributes => ({
  [words.ATTR_SWARMSCOPE_COST_AMOUNT]: amount,
  [words.ATTR_SWARMSCOPE_COST_CURRENCY]: 'USD',
  [words.ATTR_SWARMSCOPE_COST_PRICE_TABLE_VERSION]: '2026-11-01',
});
/** A refused attempt (429) or the repetition `resend` of it. */
export const refused = (resend: number): Attributes => ({
  [words.ATTR_HTTP_RESPONSE_STATUS_CODE]: 429,
  [words.ATTR_ERROR_TYPE]: '429',
  [words.ATTR_HTTP_REQUEST_RESEND_COUNT]: resend,
});
export const resend = (number: number): Attributes => ({ [words.ATTR_HTTP_REQUEST_RESEND_COUNT]: number });
export const queued = (seconds: number): Attributes => ({ [words.ATTR_SWARMSCOPE_TASK_QUEUE_WAIT_TIME]: seconds });
export const pool = (name: string): Attributes => ({ [words.ATTR_SWARMSCOPE_POOL_NAME]: name });

/** Two supersteps on three lanes with a planner, a 429, a conflict, an opaque agent and a straggler; 20 s. */
export function swarm(): RunData {
  return run(
    20,
    [
      span({ id: 'plan', from: 0, to: 2, name: 'chat m-1', attributes: llm({ ...tokens(1000, 100, cost(0.01)) }) }),
      span({ id: 'b0', from: 2, to: 10, attributes: batch(0) }),
      span({ id: 't1', parent: 'b0', from: 2, to: 6, attributes: task('implement', { ...pool('q'), ...queued(0) }) }),
      span({ id: 'n1', parent: 't1', from: 2.5, to: 6, attributes: child('node', 'node') }),
      span({ id: 'l1', parent: 'n1', from: 3, to: 3.5, isError: true, attributes: llm(refused(0)) }),
      span({ id: 'l2', parent: 'n1', from: 4.5, to: 5.5, attributes: llm({ ...resend(1), ...tokens(2000, 200, cost(0.02)) }) }),
      span({ id: 'g1', parent: 'n1', from: 5.5, to: 6, attributes: git('commit') }),
      span({ id: 't2', parent: 'b0', from: 2, to: 10, attributes: task('implement', pool('q')) }),
      span({ id: 'l3', parent: 't2', from: 2, to: 8, attributes: llm(tokens(3000, 300)) }),
      span({ id: 'x1', parent: 't2', from: 8, to: 10, attributes: tool('run_tests') }),
      span({ id: 'b1', from: 11, to: 18, attributes: batch(1) }),
      span({ id: 't3', parent: 'b1', from: 11, to: 15, attributes: task('review', pool('q')) }),
      span({ id: 'a3', parent: 't3', from: 11, to: 15, attributes: agent() }),
      span({ id: 'p3', parent: 'a3', from: 11, to: 15, attributes: child('claude', 'agent') }),
      span({ id: 't4', parent: 'b1', from: 11, to: 18, attributes: task('review', pool('q')) }),
      span({ id: 'w4', parent: 't4', from: 11, to: 12, attributes: wait('lock') }),
      span({
        id: 'g4',
        parent: 't4',
        from: 12,
        to: 18,
        isError: true,
        attributes: git('merge', { [words.ATTR_ERROR_TYPE]: 'merge_conflict', [words.ATTR_SWARMSCOPE_GIT_CONFLICT_COUNT]: 2 }),
      }),
    ],
    [limit('q', 3)],
  );
}
