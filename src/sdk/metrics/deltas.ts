/** Makes of cumulative metrics what `OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE` asks for, the root's writer alone. */
import type { Settings } from '../../config/settings/index.ts';
import type { Window } from '../../otlp/write/index.ts';
import { lessHistogram, lessNumber, metricKey, seriesKey } from '../../root/index.ts';
import type { EpochMs, HistogramPoint, NumberPoint, SnapshotMetric } from '../../semconv/telemetry.ts';
import type { Fate } from '../backlog.ts';

type Point = NumberPoint | HistogramPoint;

/** What was told of one series so far: what is gone is taken out again, and told with the next. */
interface Told {
  point: Point;
  /** Up to when. */
  time: EpochMs;
}

export interface DeltaExport {
  readonly window: Window;
  /** It only says that a series begins. */
  readonly isBegin?: boolean | undefined;
}

/** Remembers as many series as the meter has: its limit per metric bounds them. */
export class Deltas {
  readonly #temporality: Settings['metricTemporality'];
  readonly #told = new Map<string, Told>();

  constructor(temporality: Settings['metricTemporality']) {
    this.#temporality = temporality;
  }

  /** What to export of `metric`, and who must be told what becomes of it; undefined: nothing of it is new. */
  next(metric: SnapshotMetric, { window, isBegin = false }: DeltaExport): { metric: SnapshotMetric; fate?: Fate } | undefined {
    if (!this.#isDelta(metric)) return { metric };
    // A delta needs no zero before it.
    if (isBegin) return undefined;
    const owner = metricKey(metric);
    const undo: (() => void)[] = [];
    const points: Point[] = [];
    for (const point of metric.points) {
      const key = `${owner}\0${seriesKey(point.attributes)}`;
      const before = this.#told.get(key);
      const delta = less(point, before?.point);
      if (isNothing(delta)) continue;
      const startTime = before?.time ?? window.startTime;
      points.push({ ...delta, startTime });
      this.#told.set(key, { point, time: window.time });
      undo.push(() => this.#takeBack(key, delta, { startTime, time: window.time }));
    }
    if (points.length === 0) return undefined;
    const fate: Fate = {
      // Of a request that was taken in part nobody knows which points arrived: none is told twice.
      gone: (isPartly) => (isPartly ? undefined : undo.forEach((each) => each())),
    };
    return { metric: { ...metric, isDelta: true, points } as SnapshotMetric, fate };
  }

  #isDelta({ kind, isObserved }: SnapshotMetric): boolean {
    if (this.#temporality === 'cumulative' || (kind !== 'counter' && kind !== 'histogram')) return false;
    return this.#temporality === 'delta' || isObserved !== true;
  }

  #takeBack(key: string, delta: Point, { startTime, time }: Window): void {
    const told = this.#told.get(key);
    if (told === undefined) return;
    told.point = less(told.point, delta);
    // Another one that was told since begins where this one ended.
    if (told.time === time) told.time = startTime;
  }
}

/** Without the extremes, which of a part are not known. */
function less(point: Point, before: Point | undefined): Point {
  if ('counts' in point) {
    const { min: _min, max: _max, ...rest } = lessHistogram(point, before);
    return before === undefined ? { ...rest, min: point.min, max: point.max } : rest;
  }
  return lessNumber(point, before);
}

const isNothing = (delta: Point): boolean => ('counts' in delta ? delta.count === 0 : delta.value === 0);
