/** Snapshots for the tests of this room. */
import type { MetricSnapshot } from '../../src/root/types.ts';
import type { SnapshotMetric } from '../../src/semconv/telemetry.ts';

type NumberKind = 'counter' | 'updowncounter' | 'gauge';

export const numbers = (kind: NumberKind, name: string, values: Record<string, number>): SnapshotMetric => ({
  name,
  unit: '1',
  description: '',
  isInt: true,
  kind,
  points: Object.entries(values).map(([series, value]) => ({ attributes: { series }, value })),
});

export const histogram = (name: string, bounds: number[], counts: number[], sum: number): SnapshotMetric => ({
  name,
  unit: 's',
  description: '',
  isInt: false,
  kind: 'histogram',
  points: [{ attributes: {}, count: counts.reduce((a, b) => a + b, 0), sum, min: sum > 0 ? 1 : 0, max: sum, bounds, counts }],
});

export const snapshot = (processKey: string, sequence: number, ...metrics: SnapshotMetric[]): MetricSnapshot => ({
  processKey,
  sequence,
  pid: 1,
  startTime: 1_000,
  time: 1_000 + sequence,
  metrics,
});

/** Values by series of one metric; undefined where the metric is absent. */
export function valuesOf(metrics: readonly SnapshotMetric[], name: string): Record<string, number> | undefined {
  const metric = metrics.find((each) => each.name === name);
  if (metric === undefined || metric.kind === 'histogram') return undefined;
  return Object.fromEntries(metric.points.map(({ attributes, value }) => [String(attributes['series'] ?? 'overflow'), value]));
}
