/** Writes spans, metrics and log records as OTLP/JSON: hexadecimal ids, 64-bit integers as text. */
import type { HistogramPoint, LogRecord, NumberPoint, SnapshotMetric } from '../../semconv/telemetry.ts';
import { nanosecondText, spanFlags, splitEpochMs } from './fields.ts';
import { NO_RECORDED_VALUE, temporalityOf, type Window } from './metrics.ts';
import type { FinishedSpan, SpanIds } from './spans.ts';

const INT64_LIMIT = 2 ** 63;
const MAX_DEPTH = 8;

export function jsonAttributes(attributes: Readonly<Record<string, unknown>>): unknown[] {
  return Object.entries(attributes)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([key, value]) => ({ key, value: jsonValue(value, 0) }));
}

function jsonValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') {
    return Number.isInteger(value) && value >= -INT64_LIMIT && value < INT64_LIMIT
      ? { intValue: BigInt(value).toString() }
      : { doubleValue: jsonDouble(value) };
  }
  if (value instanceof Uint8Array) return { bytesValue: Buffer.from(value).toString('base64') };
  if (depth >= MAX_DEPTH || typeof value !== 'object' || value === null) return {};
  if (Array.isArray(value)) return { arrayValue: { values: value.map((item: unknown) => jsonValue(item, depth + 1)) } };
  return { kvlistValue: { values: Object.entries(value).map(([key, item]) => ({ key, value: jsonValue(item, depth + 1) })) } };
}

/** JSON has no NaN and no infinity; the protobuf JSON mapping spells them as text. */
function jsonDouble(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

export function jsonSpan(span: FinishedSpan): string {
  const context = span.spanContext();
  const parent = span.parentSpanContext;
  return JSON.stringify({
    ...jsonContext(context),
    parentSpanId: parent?.spanId,
    name: span.name,
    kind: span.kind + 1,
    startTimeUnixNano: nanosecondText(...span.startTime),
    endTimeUnixNano: nanosecondText(...span.endTime),
    attributes: jsonAttributes(span.attributes),
    droppedAttributesCount: span.droppedAttributesCount,
    events: span.events.map((event) => ({
      timeUnixNano: nanosecondText(...event.time),
      name: event.name,
      attributes: jsonAttributes(event.attributes ?? {}),
      droppedAttributesCount: event.droppedAttributesCount ?? 0,
    })),
    droppedEventsCount: span.droppedEventsCount,
    links: span.links.map((link) => ({
      ...jsonContext(link.context),
      attributes: jsonAttributes(link.attributes ?? {}),
      droppedAttributesCount: link.droppedAttributesCount ?? 0,
      flags: spanFlags(link.context.traceFlags, link.context.isRemote),
    })),
    droppedLinksCount: span.droppedLinksCount,
    status: { code: span.status.code, message: span.status.message },
    flags: spanFlags(context.traceFlags, parent?.isRemote),
  });
}

function jsonContext(context: SpanIds): object {
  return { traceId: context.traceId, spanId: context.spanId, traceState: context.traceState?.serialize() };
}

export function jsonLog(record: LogRecord): string {
  const time = nanosecondText(...splitEpochMs(record.time));
  return JSON.stringify({
    timeUnixNano: time,
    observedTimeUnixNano: time,
    severityNumber: record.severityNumber,
    eventName: record.eventName,
    attributes: jsonAttributes(record.attributes),
    traceId: record.traceId,
    spanId: record.spanId,
    flags: record.traceId === undefined ? undefined : 1,
  });
}

export function jsonMetric(metric: SnapshotMetric, window: Window): string {
  const timeUnixNano = nanosecondText(...splitEpochMs(window.time));
  const times = ({ startTime }: NumberPoint | HistogramPoint): object => ({
    startTimeUnixNano: nanosecondText(...splitEpochMs(startTime ?? window.startTime)),
    timeUnixNano,
  });
  const aggregationTemporality = temporalityOf(metric);
  const { name, description, unit, kind } = metric;
  const head = { name, description, unit };
  if (metric.kind === 'histogram') {
    return JSON.stringify({
      ...head,
      histogram: { aggregationTemporality, dataPoints: metric.points.map((point) => ({ ...times(point), ...jsonHistogram(point) })) },
    });
  }
  const dataPoints = metric.points.map((point) => ({ ...times(point), ...jsonNumber(point, metric.isInt) }));
  if (kind === 'gauge') return JSON.stringify({ ...head, gauge: { dataPoints } });
  return JSON.stringify({ ...head, sum: { aggregationTemporality, isMonotonic: kind === 'counter', dataPoints } });
}

function jsonNumber(point: NumberPoint, isInt: boolean): object {
  const attributes = jsonAttributes(point.attributes);
  if (point.isGone === true) return { attributes, flags: NO_RECORDED_VALUE };
  return isInt && Number.isSafeInteger(point.value)
    ? { attributes, asInt: String(point.value) }
    : { attributes, asDouble: jsonDouble(point.value) };
}

function jsonHistogram(point: HistogramPoint): object {
  return {
    attributes: jsonAttributes(point.attributes),
    count: String(point.count),
    sum: jsonDouble(point.sum),
    min: point.min,
    max: point.max,
    explicitBounds: point.bounds,
    bucketCounts: point.counts.map(String),
  };
}
