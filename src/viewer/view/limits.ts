/** The declared limits of pools, as they were told while a run goes on. */
import type { MetricSeries } from '../../analysis/model.ts';
import { METRIC_SWARMSCOPE_WORKER_LIMIT } from '../../semconv/index.ts';
import type { MetricPointRow } from '../receive/rows/index.ts';

/** Pools whose limit is known, and how often it may have changed. */
const MAX_LIMITS = 100;
const MAX_POINTS = 50;

export class PoolLimits {
  readonly #known = new Map<string, MetricSeries>();

  add({ name, unit, attributes, instanceId, timeMs, value }: MetricPointRow): void {
    if (name !== METRIC_SWARMSCOPE_WORKER_LIMIT.name) return;
    const key = `${instanceId} ${JSON.stringify(attributes)}`;
    const known = this.#known.get(key);
    if (known === undefined && this.#known.size >= MAX_LIMITS) return;
    const points = [...(known?.points ?? []), { timeMs, value }].slice(-MAX_POINTS);
    this.#known.set(key, { name, unit, kind: 'sum', isMonotonic: false, attributes, instanceId, points });
  }

  series(): MetricSeries[] {
    return [...this.#known.values()];
  }

  /** Of all pools now. */
  sum(): number {
    return this.series().reduce((sum, { points }) => sum + (points.at(-1)?.value ?? 0), 0);
  }
}
