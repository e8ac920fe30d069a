/** Writes metrics, cumulative or deltas, as `ScopeMetrics.metrics` fields, see opentelemetry-proto metrics/v1/metrics.proto. */
import type { HistogramPoint, NumberPoint, SnapshotMetric } from '../../semconv/telemetry.ts';
import { writeAttributes } from './attributes.ts';
import { ITEM_FIELD, splitEpochMs } from './fields.ts';
import type { WireWriter } from './wire-writer.ts';

/** Milliseconds since the epoch between which the cumulative points counted. */
export interface Window {
  startTime: number;
  time: number;
}

/** AggregationTemporality. */
export const temporalityOf = ({ isDelta }: SnapshotMetric): 1 | 2 => (isDelta === true ? 1 : 2);

/** DataPointFlags: Prometheus ends the series with a staleness marker. */
export const NO_RECORDED_VALUE = 1;
const FIELD = { gauge: 5, counter: 7, updowncounter: 7, histogram: 9 } as const;

export function writeMetric(writer: WireWriter, metric: SnapshotMetric, window: Window): void {
  const mark = writer.open(ITEM_FIELD);
  writer.string(1, metric.name);
  if (metric.description !== '') writer.string(2, metric.description);
  if (metric.unit !== '') writer.string(3, metric.unit);
  const data = writer.open(FIELD[metric.kind]);
  if (metric.kind === 'histogram') for (const point of metric.points) writeHistogram(writer, point, window);
  else for (const point of metric.points) writeNumber(writer, point, metric, window);
  if (metric.kind !== 'gauge') writer.varint(2, temporalityOf(metric));
  if (metric.kind === 'counter') writer.varint(3, 1);
  writer.close(data);
  writer.close(mark);
}

function writeNumber(writer: WireWriter, point: NumberPoint, metric: SnapshotMetric, window: Window): void {
  const mark = writer.open(1);
  writeWindow(writer, point, window);
  // A fraction in an integer metric would be rounded away silently: it travels as a double.
  if (point.isGone === true) writer.varint(8, NO_RECORDED_VALUE);
  else if (metric.isInt && Number.isSafeInteger(point.value)) writer.fixed64(6, point.value);
  else writer.double(4, point.value);
  writeAttributes(writer, 7, point.attributes);
  writer.close(mark);
}

function writeHistogram(writer: WireWriter, point: HistogramPoint, window: Window): void {
  const mark = writer.open(1);
  writeWindow(writer, point, window);
  writer.fixed64(4, point.count);
  writer.double(5, point.sum);
  writer.packedFixed64(6, point.counts);
  if (point.bounds.length > 0) writer.packedDouble(7, point.bounds);
  writeAttributes(writer, 9, point.attributes);
  if (point.min !== undefined) writer.double(11, point.min);
  if (point.max !== undefined) writer.double(12, point.max);
  writer.close(mark);
}

function writeWindow(writer: WireWriter, { startTime }: NumberPoint | HistogramPoint, window: Window): void {
  const [startSeconds, startNanoseconds] = splitEpochMs(startTime ?? window.startTime);
  writer.time(2, startSeconds, startNanoseconds);
  const [seconds, nanoseconds] = splitEpochMs(window.time);
  writer.time(3, seconds, nanoseconds);
}
