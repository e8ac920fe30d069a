/**
 * Begins and ends each exported series: a 0 precedes a counter's first value, else Prometheus's `increase()` misses it,
 * and a gauge that is gone is said to be gone, else a pushed value would stand for five minutes.
 */
import { seriesKey } from '../../root/series.ts';
import type { HistogramPoint, NumberPoint, SnapshotMetric } from '../../semconv/telemetry.ts';
import type { Window } from '../../otlp/write/index.ts';

export interface Export {
  readonly metrics: readonly SnapshotMetric[];
  readonly window: Window;
}

interface Series {
  readonly metric: SnapshotMetric;
  readonly point: NumberPoint | HistogramPoint;
  /** When it was not there yet, or when it was gone. */
  readonly time: number;
}

/** Remembers as many series as the meter has: its limit per metric bounds them. */
export class SeriesLife {
  /** Counters and histograms whose 0 has been sent, if not always taken. */
  readonly #begun = new Set<string>();
  /** Those whose 0 waits. */
  readonly #beginning = new Map<string, Series>();
  #momentary = new Map<string, Series>();
  readonly #ending = new Map<string, Series>();
  #lastTime = 0;

  /**
   * What is to be exported for `metrics`, in order: zeros, values, ends. `isLast` ends every momentary series. Call
   * `gone` when the export was replaced or lost: then beginnings and ends are said again, at their own time.
   */
  next(metrics: readonly SnapshotMetric[], window: Window, isLast: boolean): { exports: Export[]; gone: () => void } {
    const zeroTime = Math.max(window.startTime + 1, this.#lastTime);
    const time = Math.max(window.time, zeroTime + 1);
    const momentary = new Map<string, Series>();
    for (const metric of metrics) {
      for (const point of metric.points) {
        const key = `${metric.name}\0${seriesKey(point.attributes)}`;
        if (isMomentary(metric)) momentary.set(key, { metric, point, time });
        else if (!this.#begun.has(key) && !this.#beginning.has(key)) this.#beginning.set(key, { metric, point, time: zeroTime });
      }
    }
    for (const [key, series] of this.#momentary) if (!momentary.has(key)) this.#ending.set(key, { ...series, time });
    // It is back.
    for (const key of momentary.keys()) this.#ending.delete(key);
    if (isLast) for (const [key, series] of momentary) this.#ending.set(key, { ...series, time: time + 1 });
    this.#momentary = isLast ? new Map<string, Series>() : momentary;
    this.#lastTime = isLast ? time + 1 : time;
    const begins = [...this.#beginning];
    const ends = [...this.#ending];
    for (const [key] of begins) this.#begun.add(key);
    this.#beginning.clear();
    this.#ending.clear();
    return {
      exports: [
        ...grouped(begins, zero).map(({ at, metrics: zeros }) => ({
          metrics: zeros,
          window: { startTime: window.startTime, time: at },
        })),
        { metrics, window: { startTime: window.startTime, time } },
        ...grouped(ends, gone).map(({ at, metrics: marks }) => ({
          metrics: marks,
          window: { startTime: window.startTime, time: at },
        })),
      ],
      gone: () => {
        for (const [key, series] of begins) this.#beginning.set(key, series);
        for (const [key, series] of ends) this.#ending.set(key, series);
      },
    };
  }
}

const isMomentary = ({ kind }: SnapshotMetric): boolean => kind === 'gauge' || kind === 'updowncounter';

function grouped(
  all: Iterable<readonly [string, Series]>,
  make: (series: Series) => NumberPoint | HistogramPoint,
): { at: number; metrics: SnapshotMetric[] }[] {
  const times = new Map<number, Map<string, SnapshotMetric>>();
  for (const [, series] of all) {
    const { metric, time } = series;
    const metrics = times.get(time) ?? new Map<string, SnapshotMetric>();
    times.set(time, metrics);
    const target = metrics.get(metric.name) ?? { ...metric, points: [] };
    metrics.set(metric.name, target);
    (target.points as (NumberPoint | HistogramPoint)[]).push(make(series));
  }
  return [...times].sort(([a], [b]) => a - b).map(([at, metrics]) => ({ at, metrics: [...metrics.values()] }));
}

function zero({ point }: Series): NumberPoint | HistogramPoint {
  const { attributes } = point;
  return 'counts' in point
    ? { attributes, count: 0, sum: 0, bounds: point.bounds, counts: point.counts.map(() => 0) }
    : { attributes, value: 0 };
}

const gone = ({ point: { attributes } }: Series): NumberPoint => ({ attributes, value: 0, isGone: true });
