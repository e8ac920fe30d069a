/**
 * Begins and ends each exported series: a 0 precedes a counter's first value, else Prometheus's `increase()` misses it,
 * and a gauge that is gone is said to be gone, else a pushed value would stand for five minutes.
 */
import { metricKey, seriesKey } from '../../root/series.ts';
import type { HistogramPoint, NumberPoint, SnapshotMetric } from '../../semconv/telemetry.ts';
import type { Window } from '../../otlp/write/index.ts';

export interface Export {
  readonly metrics: readonly SnapshotMetric[];
  readonly window: Window;
  /** Zeros, for readers of cumulative values. */
  readonly isBegin?: boolean;
  /** Of beginnings and ends: to be called when these, and not only what follows them, were replaced or lost. */
  readonly gone?: () => void;
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
   * What is to be exported for `metrics`, in order: zeros, values, ends. `isLast` ends every momentary series. What
   * `gone` was called for is said again by the next export, at its own time.
   */
  next(metrics: readonly SnapshotMetric[], window: Window, isLast: boolean): Export[] {
    const zeroTime = Math.max(window.startTime + 1, this.#lastTime);
    const time = Math.max(window.time, zeroTime + 1);
    const momentary = new Map<string, Series>();
    for (const metric of metrics) {
      const owner = metricKey(metric);
      for (const point of metric.points) {
        const key = `${owner}\0${seriesKey(point.attributes)}`;
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
    const { startTime } = window;
    return [
      ...this.#grouped(begins, startTime, zero, this.#beginning).map((each) => ({ ...each, isBegin: true })),
      { metrics, window: { startTime, time } },
      ...this.#grouped(ends, startTime, gone, this.#ending),
    ];
  }

  /** One export for each moment and metric, the oldest first; what is gone of it goes back to `waiting`. */
  #grouped(
    all: readonly Named[],
    startTime: number,
    make: (series: Series) => NumberPoint | HistogramPoint,
    waiting: Map<string, Series>,
  ): Export[] {
    const groups = new Map<string, Named[]>();
    for (const named of all) {
      const key = `${named[1].time}\0${metricKey(named[1].metric)}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [named]);
      else group.push(named);
    }
    return [...groups.values()]
      .map((group) => {
        const [[, { metric, time }]] = group as [Named];
        return {
          metrics: [{ ...metric, points: group.map(([, series]) => make(series)) } as SnapshotMetric],
          window: { startTime, time },
          gone: () => {
            for (const [key, series] of group) waiting.set(key, series);
          },
        };
      })
      .sort((a, b) => a.window.time - b.window.time);
  }
}

type Named = readonly [key: string, series: Series];

const isMomentary = ({ kind }: SnapshotMetric): boolean => kind === 'gauge' || kind === 'updowncounter';

function zero({ point }: Series): NumberPoint | HistogramPoint {
  const { attributes } = point;
  return 'counts' in point
    ? { attributes, count: 0, sum: 0, bounds: point.bounds, counts: point.counts.map(() => 0) }
    : { attributes, value: 0 };
}

const gone = ({ point: { attributes } }: Series): NumberPoint => ({ attributes, value: 0, isGone: true });
