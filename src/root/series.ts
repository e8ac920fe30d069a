/** One merged metric: its series, bounded, with the arithmetic of each kind. */
import { ATTR_OTEL_METRIC_OVERFLOW } from '../semconv/index.ts';
import type { Attributes } from '../semconv/telemetry.ts';
import type { HistogramPoint, MetricDescription, MetricKind, NumberPoint, SnapshotMetric } from '../semconv/telemetry.ts';

/** As the metrics specification: further attribute sets share one point marked as overflow. */
export const MAX_SERIES = 2_000;

const OVERFLOW: Attributes = Object.freeze({ [ATTR_OTEL_METRIC_OVERFLOW]: true });
const OVERFLOW_KEY = seriesKey(OVERFLOW);

/** The same for the same attributes in any order. */
export function seriesKey(attributes: Attributes): string {
  let key = '';
  for (const name of Object.keys(attributes).sort()) {
    const value = attributes[name];
    if (value !== undefined) key += `${name}\0${typeof value === 'string' ? `s${value}` : JSON.stringify(value)}\0`;
  }
  return key;
}

/**
 * Tells metrics apart. Ours go by their names; those of a program by what OpenTelemetry's specification calls their identity, so
 * that two libraries may use one name.
 */
export function metricKey({ name, scope, kind, unit }: Pick<MetricDescription, 'name' | 'scope' | 'unit'> & { kind: MetricKind }): string {
  if (scope === undefined) return name;
  return `${name.toLowerCase()}\0${kind}\0${unit}\0${scope.name}\0${scope.version ?? ''}\0${scope.schemaUrl ?? ''}`;
}

/** Which series of one metric have a point of their own: decided once, so that a sum never moves between points. */
export class SeriesLimit {
  readonly #known = new Map<string, Attributes>();
  overflowed = 0;

  admit(attributes: Attributes): { key: string; attributes: Attributes } {
    const key = seriesKey(attributes);
    const known = this.#known.get(key);
    if (known !== undefined) return { key, attributes: known };
    if (key === OVERFLOW_KEY || this.#known.size >= MAX_SERIES - 1) {
      if (key !== OVERFLOW_KEY) this.overflowed++;
      return { key: OVERFLOW_KEY, attributes: OVERFLOW };
    }
    const own = { ...attributes };
    this.#known.set(key, own);
    return { key, attributes: own };
  }

  retain(isKept: (key: string) => boolean): void {
    for (const key of this.#known.keys()) if (!isKept(key)) this.#known.delete(key);
  }
}

type Point = NumberPoint | HistogramPoint;

/** Sums of one metric over any number of processes. Histograms take the bounds given here. */
export class MetricSum {
  readonly #points = new Map<string, Point>();
  readonly #kind: MetricKind;

  constructor(kind: MetricKind) {
    this.#kind = kind;
  }

  add(key: string, point: Point): void {
    const sum = this.#points.get(key);
    if (sum === undefined) this.#points.set(key, 'counts' in point ? { ...point, counts: [...point.counts] } : { ...point });
    else if ('counts' in point && 'counts' in sum) addHistogram(sum, point);
    else if (!('counts' in point) && !('counts' in sum)) {
      if (this.#kind === 'gauge') Object.assign(sum, shownOf(sum, point));
      else sum.value += point.value;
    }
  }

  /** Points of a gauge that passes on what was told, and when. */
  told(sinceMs: number): MetricSum {
    const told = new MetricSum(this.#kind);
    for (const [key, point] of this.#points) if ('toldAt' in point && (point.toldAt ?? 0) >= sinceMs) told.add(key, point);
    return told;
  }

  /** The series that `other` does not have; not what was told, which has its own time. */
  without(other: MetricSum | undefined): MetricSum {
    const rest = new MetricSum('gauge');
    for (const [key, point] of this.#points) {
      const isTold = 'toldAt' in point && point.toldAt !== undefined;
      if (!isTold && other?.has(key) !== true) rest.add(key, point);
    }
    return rest;
  }

  addAll(other: MetricSum): void {
    for (const [key, point] of other.#points) this.add(key, point);
  }

  /** Sums in another order differ in their last digit, and readers take a counter that falls by that for a restart. */
  neverFall(last: Map<string, number>): void {
    for (const [key, point] of this.#points) {
      const before = last.get(key) ?? -Infinity;
      if ('counts' in point) point.sum = Math.max(point.sum, before);
      else point.value = Math.max(point.value, before);
      last.set(key, 'counts' in point ? point.sum : point.value);
    }
  }

  toMetric(described: MetricDescription): SnapshotMetric {
    return { ...described, kind: this.#kind, points: [...this.#points.values()] } as SnapshotMetric;
  }

  has(key: string): boolean {
    return this.#points.has(key);
  }

  get size(): number {
    return this.#points.size;
  }
}

/**
 * The largest of several processes' measurements. Of what a provider told each of them the newest: how much of a limit is left
 * only falls until it is renewed, so an older and larger number is too hopeful; and so is the larger of two of one time.
 */
function shownOf(one: NumberPoint, other: NumberPoint): Pick<NumberPoint, 'value' | 'toldAt'> {
  const { toldAt } = one;
  if (toldAt === undefined || other.toldAt === undefined) return { value: Math.max(one.value, other.value), toldAt };
  if (toldAt === other.toldAt) return { value: Math.min(one.value, other.value), toldAt };
  return toldAt > other.toldAt ? one : other;
}

function addHistogram(sum: HistogramPoint, point: HistogramPoint): void {
  const counts = sum.counts as number[];
  sum.count += point.count;
  sum.sum += point.sum;
  sum.min = extreme(Math.min, sum.min, point.min);
  sum.max = extreme(Math.max, sum.max, point.max);
  point.counts.forEach((count, index) => (counts[index] = (counts[index] ?? 0) + count));
}

/** An empty histogram has no extremes and must not hide those of the others. */
function extreme(pick: (a: number, b: number) => number, a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || !Number.isFinite(a)) return b;
  return b === undefined || !Number.isFinite(b) ? a : pick(a, b);
}

export const hasBounds = (point: HistogramPoint, bounds: readonly number[]): boolean =>
  point.bounds.length === bounds.length && point.bounds.every((bound, index) => bound === bounds[index]);

/** The same point on other bounds: counts and sum stay exact, quantiles move upwards by less than one bucket. */
export function rebucket(point: HistogramPoint, bounds: readonly number[]): HistogramPoint {
  const counts = new Array<number>(bounds.length + 1).fill(0);
  point.counts.forEach((count, index) => {
    const upper = point.bounds[index] ?? Infinity;
    const at = bounds.findIndex((bound) => upper <= bound);
    const target = at === -1 ? bounds.length : at;
    counts[target] = (counts[target] ?? 0) + count;
  });
  return { ...point, bounds, counts };
}
