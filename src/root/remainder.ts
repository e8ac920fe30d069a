/** The part of a process's cumulative metrics that its root, which is gone, had not exported. */
import { metricKey, seriesKey } from './series.ts';
import type { MetricSnapshot } from './types.ts';
import type { HistogramPoint, NumberPoint, SnapshotMetric } from '../semconv/telemetry.ts';

/** Subtracts `exported` (earlier, of the same process) from counters and histograms; what is momentary stays. */
export function remainder(snapshot: MetricSnapshot, exported: MetricSnapshot | undefined): MetricSnapshot {
  if (exported === undefined) return snapshot;
  const before = new Map(exported.metrics.map((metric) => [metricKey(metric), metric]));
  const metrics = snapshot.metrics.map((metric) => subtract(metric, before.get(metricKey(metric))));
  return { ...snapshot, startTime: exported.time, metrics };
}

function subtract(metric: SnapshotMetric, before: SnapshotMetric | undefined): SnapshotMetric {
  if (before === undefined || before.kind !== metric.kind || metric.kind === 'gauge' || metric.kind === 'updowncounter') return metric;
  const known = new Map<string, NumberPoint | HistogramPoint>();
  for (const point of before.points) known.set(seriesKey(point.attributes), point);
  if (metric.kind === 'histogram')
    return { ...metric, points: metric.points.map((point) => lessHistogram(point, known.get(seriesKey(point.attributes)))) };
  return { ...metric, points: metric.points.map((point) => lessNumber(point, known.get(seriesKey(point.attributes)))) };
}

export function lessNumber(point: NumberPoint, before: NumberPoint | HistogramPoint | undefined): NumberPoint {
  return before === undefined || 'counts' in before ? point : { ...point, value: Math.max(0, point.value - before.value) };
}

export function lessHistogram(point: HistogramPoint, before: NumberPoint | HistogramPoint | undefined): HistogramPoint {
  if (before === undefined || !('counts' in before)) return point;
  const { attributes, bounds } = point;
  // The extremes of the rest alone are not known: left out.
  return {
    attributes,
    bounds,
    count: Math.max(0, point.count - before.count),
    sum: point.sum - before.sum,
    counts: point.counts.map((count, index) => Math.max(0, count - (before.counts[index] ?? 0))),
  };
}
