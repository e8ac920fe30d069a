/** Packs a metric snapshot for the channel, and reads another process's: what has the wrong shape is left out. */
import { cutText } from '../semconv/cut-text.ts';
import type { Attributes, AttributeValue } from '../semconv/telemetry.ts';
import type { MetricSnapshot } from './types.ts';
import type { HistogramPoint, MetricDescription, MetricKind, MetricScope, NumberPoint, SnapshotMetric } from '../semconv/telemetry.ts';

/** Metrics one process may send; protects the root from a broken child. */
const MAX_METRICS = 500;
const MAX_POINTS = 2_000;
const MAX_NAME_CHARACTERS = 255;
const KINDS: readonly string[] = ['counter', 'updowncounter', 'gauge', 'histogram'] satisfies MetricKind[];

type Plain = Readonly<Record<string, unknown>>;

/** For a line or a file: a histogram's bounds stand on its first point only, which saves a third of all bytes. */
export function packSnapshot(snapshot: MetricSnapshot): object {
  return { ...snapshot, metrics: snapshot.metrics.map(packMetric) };
}

function packMetric(metric: SnapshotMetric): object {
  if (metric.kind !== 'histogram') return metric;
  const bounds = metric.points[0]?.bounds;
  return {
    ...metric,
    points: metric.points.map((point, index) => (index > 0 && point.bounds === bounds ? { ...point, bounds: undefined } : point)),
  };
}

const isPlain = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value);
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isCount = (value: unknown): value is number => isNumber(value) && value >= 0;
const isName = (value: unknown): value is string => typeof value === 'string' && value.length > 0 && value.length <= MAX_NAME_CHARACTERS;

/** The snapshot in parsed JSON, or undefined when it is none. Bad points and metrics are dropped one by one. */
export function readSnapshot(value: unknown): MetricSnapshot | undefined {
  if (!isPlain(value)) return undefined;
  const { processKey, sequence, pid, bornTime, startTime, time, metrics } = value;
  if (!isName(processKey) || !isCount(sequence) || !isCount(pid) || !isCount(startTime) || !isCount(time) || !Array.isArray(metrics))
    return undefined;
  const born = isCount(bornTime) ? bornTime : undefined;
  return { processKey, sequence, pid, bornTime: born, startTime, time, metrics: metrics.slice(0, MAX_METRICS).flatMap(readMetric) };
}

function readMetric(value: unknown): SnapshotMetric[] {
  if (!isPlain(value)) return [];
  const { name, kind, points } = value;
  if (!isName(name) || typeof kind !== 'string' || !KINDS.includes(kind) || !Array.isArray(points)) return [];
  const scope = readScope(value['scope']);
  const described: MetricDescription = {
    name,
    unit: text(value['unit']),
    description: text(value['description']),
    isInt: value['isInt'] === true,
    ...(scope === undefined ? {} : { scope }),
    ...(value['isObserved'] === true ? { isObserved: true } : {}),
  };
  const plain = points.slice(0, MAX_POINTS).filter(isPlain);
  if (kind === 'histogram') {
    const bounds = plain[0]?.['bounds'];
    return [{ ...described, kind, points: plain.flatMap((point) => readHistogramPoint({ ...point, bounds: point['bounds'] ?? bounds })) }];
  }
  return [{ ...described, kind: kind as 'counter', points: plain.flatMap((point) => readNumberPoint(point, kind === 'counter')) }];
}

/** A library may have no name: that is one, too. */
function readScope(value: unknown): MetricScope | undefined {
  if (!isPlain(value)) return undefined;
  const { version, schemaUrl } = value;
  return {
    name: text(value['name']),
    ...(isName(version) ? { version } : {}),
    ...(isName(schemaUrl) ? { schemaUrl } : {}),
  };
}

function readNumberPoint({ attributes, value, toldAt }: Plain, isMonotonic: boolean): NumberPoint[] {
  if (!isNumber(value) || (isMonotonic && value < 0)) return [];
  return [{ attributes: readAttributes(attributes), value, ...(isCount(toldAt) ? { toldAt } : {}) }];
}

function readHistogramPoint({ attributes, count, sum, min, max, bounds, counts }: Plain): HistogramPoint[] {
  if (!isCount(count) || !isNumber(sum) || !Array.isArray(bounds) || !Array.isArray(counts)) return [];
  if (!bounds.every(isNumber) || !counts.every(isCount) || counts.length !== bounds.length + 1) return [];
  if (bounds.some((bound, index) => index > 0 && bound <= (bounds[index - 1] as number))) return [];
  return [
    {
      attributes: readAttributes(attributes),
      count,
      sum,
      ...(isNumber(min) ? { min } : {}),
      ...(isNumber(max) ? { max } : {}),
      bounds,
      counts,
    },
  ];
}

function readAttributes(value: unknown): Attributes {
  if (!isPlain(value)) return {};
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, AttributeValue] => isAttributeValue(entry[1])));
}

function isAttributeValue(value: unknown): boolean {
  return (
    typeof value === 'string' ||
    typeof value === 'boolean' ||
    isNumber(value) ||
    (Array.isArray(value) && value.every((item) => typeof item === 'string'))
  );
}

function text(value: unknown): string {
  return typeof value === 'string' ? cutText(value, 1_024) : '';
}
