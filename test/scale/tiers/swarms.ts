// Telemetry of many small swarms with known ids and totals: each trace comes by both agents, each writer of metrics stays with one.
import { createHash } from 'node:crypto';
import type { SnapshotMetric } from '../../../src/semconv/telemetry.ts';
import * as semconv from '../../../src/semconv/index.ts';
import { writeMetric } from '../../../src/otlp/write/metrics.ts';
import { writeSpan } from '../../../src/otlp/write/spans.ts';
import { loadRequest, readable, resourceOf, type LoadRequest } from '../../harness/stack/load.ts';
import { metricsAfter } from '../../harness/stack/load-metrics.ts';
import { taskSpans, type Planned } from '../../harness/stack/load-spans.ts';

/** Why a trace is worth a long time, and `ordinary` for the others. */
export type Kind = 'ordinary' | 'error' | 'slow' | 'stuck' | 'expensive' | 'retried' | 'rare';

export interface Trace {
  readonly traceId: string;
  readonly kind: Kind;
  readonly spanIds: ReadonlySet<string>;
}

export interface Swarms {
  readonly service: string;
  readonly traces: readonly Trace[];
  readonly spans: number;
  /** Of each agent, in the order in which they belong on the wire. */
  readonly requests: readonly (readonly LoadRequest[])[];
}

export interface SwarmsOptions {
  /** `service.name`; ids are derived from it. */
  readonly service: string;
  /** Traces of each kind, of 22 spans each (fewer where the task is stuck). */
  readonly kinds: Readonly<Partial<Record<Kind, number>>>;
  readonly agents?: number;
  /** Default 100. */
  readonly spansPerRequest?: number;
}

/** Longer than KEEP_SLOWER_THAN_MS of keep.yaml. */
const LONG_MS = 400_000;
const RARE_TYPE = 'migrate_schema';
/** What COMMON_TASK_TYPES must be for `rare` to be rare. */
export const COMMON_TASK_TYPES = 'implement|review|document';

export function makeSwarms({ service, kinds, agents = 2, spansPerRequest = 100 }: SwarmsOptions): Swarms {
  const named = (Object.entries(kinds) as [Kind, number][]).flatMap(([kind, count]) => Array<Kind>(count).fill(kind));
  const waiting: Planned[][] = Array.from({ length: agents }, () => []);
  const traces = named.map((kind, index): Trace => {
    const traceId = createHash('sha256').update(`${service} ${index}`).digest('hex').slice(0, 32);
    const spans = spansOf(kind, traceId);
    for (const [at, span] of spans.entries()) waiting[(index + at) % agents]?.push(span);
    return { traceId, kind, spanIds: new Set(spans.map(({ spanId }) => spanId)) };
  });
  const requests = waiting.map((spans, agent) => {
    const resource = { ...resourceOf(service, agent), [semconv.ATTR_HOST_NAME]: `node-${agent}` };
    return chunks(spans, spansPerRequest).map((part) =>
      loadRequest('traces', resource, part, (writer, span) => writeSpan(writer, readable(span))),
    );
  });
  return { service, traces, spans: traces.reduce((sum, { spanIds }) => sum + spanIds.size, 0), requests };
}

const operation = (span: Planned): unknown =>
  span.attributes[semconv.ATTR_SWARMSCOPE_OPERATION_NAME] ?? span.attributes[semconv.ATTR_GEN_AI_OPERATION_NAME];

/** What each kind changes of the spans of one task. */
const CHANGES: Readonly<Record<Kind, (spans: readonly Planned[]) => readonly Planned[]>> = {
  ordinary: (spans) => spans,
  error: (spans) => changed(spans, 'chat', () => ({ isError: true })),
  slow: (spans) => changed(spans, 'run_task', ({ startMs }) => ({ startMs: startMs - LONG_MS })),
  // Its task and what is above it never ended: there are no spans of them.
  stuck: (spans) =>
    changed(
      spans.filter((span) => !['run_task', 'invoke_agent', 'invoke_workflow'].includes(String(operation(span)))),
      'wait',
      ({ startMs }) => ({ startMs: startMs - LONG_MS }),
    ),
  expensive: (spans) => changed(spans, 'chat', () => ({}), { [semconv.ATTR_SWARMSCOPE_COST_AMOUNT]: 1.5 }),
  retried: (spans) => changed(spans, 'chat', () => ({}), { [semconv.ATTR_HTTP_REQUEST_RESEND_COUNT]: 2 }),
  rare: (spans) => changed(spans, 'run_task', () => ({}), { [semconv.ATTR_SWARMSCOPE_TASK_TYPE]: RARE_TYPE }),
};

const spansOf = (kind: Kind, traceId: string): readonly Planned[] => CHANGES[kind](taskSpans({ traceId, tasks: 1, endMs: Date.now() }));

/** The first span of that operation, changed. */
function changed(
  spans: readonly Planned[],
  what: string,
  by: (span: Planned) => Partial<Planned>,
  attributes: Planned['attributes'] = {},
): readonly Planned[] {
  const at = spans.findIndex((span) => operation(span) === what);
  if (at < 0) throw new Error(`a swarm of the load has no span of ${what}`);
  return spans.map((span, index) => (index === at ? { ...span, ...by(span), attributes: { ...span.attributes, ...attributes } } : span));
}

const { name: gaugeName, unit, description, prometheus } = semconv.METRIC_NODEJS_EVENTLOOP_UTILIZATION;
/** What goes up and down: each writer has a value of its own. */
export const GAUGE = prometheus;
const gauge = (writer: number): SnapshotMetric => ({
  ...{ name: gaugeName, unit, description, isInt: false, kind: 'gauge' },
  points: [{ attributes: {}, value: writer / 100 }],
});

/**
 * One export of `writers` runs, each after `tasks` tasks since some milliseconds after `startMs`, by agent: `swarmscope_task_submitted_total` of
 * the service is then `writers * tasks`.
 */
export function exportOf(options: { service: string; writers: number; tasks: number; startMs: number; agents?: number }): LoadRequest[][] {
  const { service, writers, tasks, startMs, agents = 2 } = options;
  const requests: LoadRequest[][] = Array.from({ length: agents }, () => []);
  for (let writer = 0; writer < writers; writer++) {
    // The last to be heard of is the first that began.
    const startTime = startMs + writers - writer;
    // Later than its start, or a collector takes it for a total that nobody saw grow.
    const window = { startTime, time: Math.max(Date.now(), startTime + 1) };
    const metrics = [...metricsAfter(tasks), gauge(writer)];
    requests[writer % agents]?.push(
      loadRequest('metrics', resourceOf(service, writer), metrics, (wire, metric) => writeMetric(wire, metric, window)),
    );
  }
  return requests;
}

function chunks<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
}
