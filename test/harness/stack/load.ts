// Telemetry of whole swarms with known ids and totals, made in one go: what the demo swarm sends, without its waiting.
// For drills and for bench/collector.ts.
import { createHash } from 'node:crypto';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import * as semconv from '../../../src/semconv/index.ts';
import { protobufRequest, type ResourceAttributes } from '../../../src/otlp/write/envelope.ts';
import { writeLog } from '../../../src/otlp/write/logs.ts';
import { writeMetric } from '../../../src/otlp/write/metrics.ts';
import { writeSpan } from '../../../src/otlp/write/spans.ts';
import { WireWriter } from '../../../src/otlp/write/wire-writer.ts';
import { metricsAfter, SUBMITTED } from './load-metrics.ts';
import { taskSpans, type Planned } from './load-spans.ts';

export type Signal = 'traces' | 'metrics' | 'logs';

export interface LoadRequest {
  readonly signal: Signal;
  readonly body: Buffer;
  /** Spans, points or log records in it. */
  readonly items: number;
}

export interface LoadOptions {
  /** `service.name`; also what ids are derived from, so that two loads never share one. */
  readonly service: string;
  /** Each is one trace and one writer of metrics; default 4. */
  readonly swarms?: number;
  /** Of each swarm, 21 spans each, as in the demo; default 10. */
  readonly tasks?: number;
  /** Items in one request; default 400. A quiet process sends a few, a burst thousands. */
  readonly itemsPerRequest?: number;
  /** Cumulative exports of each swarm, evenly over its tasks; default 4. */
  readonly exports?: number;
  /** End of the last task, epoch milliseconds; default now. */
  readonly endMs?: number;
}

export interface Load {
  /** In the order in which they belong on the wire. */
  readonly requests: readonly LoadRequest[];
  /** Span ids by trace id. */
  readonly spanIds: ReadonlyMap<string, ReadonlySet<string>>;
  readonly items: Readonly<Record<Signal, number>>;
  /** What the counter `swarmscope_task_submitted_total` of this service must sum up to. */
  readonly submitted: number;
  readonly service: string;
}

/** Time between two exports of one swarm: seconds apart, so that Prometheus keeps each. */
const EXPORT_EVERY_MS = 5_000;
const scope = { name: 'swarmscope', version: '0.0.0' };

export function makeLoad(options: LoadOptions): Load {
  const { service, swarms = 4, tasks = 10, itemsPerRequest = 400, exports = 4, endMs = Date.now() } = options;
  const requests: LoadRequest[] = [];
  const spanIds = new Map<string, Set<string>>();
  for (let swarm = 0; swarm < swarms; swarm++) {
    const traceId = createHash('sha256').update(`${service} ${swarm}`).digest('hex').slice(0, 32);
    const resource = resourceOf(service, swarm);
    const planned = taskSpans({ traceId, tasks, endMs });
    spanIds.set(traceId, new Set(planned.map(({ spanId }) => spanId)));
    for (let at = 0; at < planned.length; at += itemsPerRequest) {
      const part = planned.slice(at, at + itemsPerRequest);
      requests.push(loadRequest('logs', resource, part, (writer, span) => writeLog(writer, startOf(span))));
      requests.push(loadRequest('traces', resource, part, (writer, span) => writeSpan(writer, readable(span))));
    }
    for (let done = 1; done <= exports; done++) {
      const time = endMs - (exports - done) * EXPORT_EVERY_MS;
      const metrics = metricsAfter(Math.ceil((tasks * done) / exports));
      const window = { startTime: endMs - exports * EXPORT_EVERY_MS, time };
      const { body } = loadRequest('metrics', resource, metrics, (writer, metric) => writeMetric(writer, metric, window));
      requests.push({ signal: 'metrics', body, items: metrics.reduce((sum, { points }) => sum + points.length, 0) });
    }
  }
  const itemsOf = (signal: Signal): number => requests.reduce((sum, { signal: own, items }) => sum + (own === signal ? items : 0), 0);
  const items = { traces: itemsOf('traces'), metrics: itemsOf('metrics'), logs: itemsOf('logs') };
  return { requests, spanIds, items, submitted: swarms * tasks, service };
}

export { SUBMITTED };

/** One OTLP request with `items`, each written by `write`. */
export function loadRequest<Item>(
  signal: Signal,
  resource: ResourceAttributes,
  items: readonly Item[],
  write: (writer: WireWriter, item: Item) => void,
): LoadRequest {
  const writer = new WireWriter();
  for (const item of items) {
    write(writer, item);
    writer.commit();
  }
  return { signal, body: protobufRequest(resource, [{ scope, chunks: writer.takeChunks() }]), items: items.length };
}

export function resourceOf(service: string, swarm: number): ResourceAttributes {
  return {
    [semconv.ATTR_SERVICE_NAME]: service,
    [semconv.ATTR_HOST_NAME]: 'load',
    [semconv.ATTR_PROCESS_PID]: 1_000 + swarm,
    [semconv.ATTR_PROCESS_RUNTIME_NAME]: 'nodejs',
    [semconv.ATTR_PROCESS_RUNTIME_VERSION]: process.versions.node,
    [semconv.ATTR_SWARMSCOPE_RUN_ID]: `load-${swarm}`,
    [semconv.ATTR_SERVICE_INSTANCE_ID]: `${service}-${swarm}`,
    [semconv.ATTR_TELEMETRY_SDK_LANGUAGE]: 'nodejs',
    [semconv.ATTR_TELEMETRY_SDK_NAME]: 'opentelemetry',
  };
}

/** As the encoder of spans reads one. */
export function readable(span: Planned): ReadableSpan {
  const context = (spanId: string): ReturnType<ReadableSpan['spanContext']> => ({ traceId: span.traceId, spanId, traceFlags: 1 });
  const hr = (ms: number): [number, number] => [Math.floor(ms / 1_000), Math.round((ms % 1_000) * 1e6)];
  const read = {
    name: span.name,
    kind: span.kind,
    startTime: hr(span.startMs),
    endTime: hr(span.endMs),
    attributes: span.attributes,
    status: { code: span.isError === true ? 2 : 0 },
    events: [],
    links: [],
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
    spanContext: () => context(span.spanId),
    parentSpanContext: span.parentSpanId === undefined ? undefined : context(span.parentSpanId),
  };
  // The encoder asks for no more than this.
  return read as unknown as ReadableSpan;
}

/** The record that tells of a running span. */
function startOf(span: Planned): Parameters<typeof writeLog>[1] {
  const { traceId, spanId, parentSpanId, startMs, name, kind, attributes } = span;
  return {
    eventName: semconv.EVENT_SWARMSCOPE_SPAN_STARTED,
    time: startMs,
    severityNumber: 9,
    traceId,
    spanId,
    attributes: {
      ...attributes,
      [semconv.ATTR_SWARMSCOPE_SPAN_NAME]: name,
      [semconv.ATTR_SWARMSCOPE_SPAN_KIND]: kind + 1,
      [semconv.ATTR_SWARMSCOPE_SPAN_PARENT_ID]: parentSpanId,
    },
  };
}
