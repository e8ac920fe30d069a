/** Points of metrics as the store keeps them: what comes as a difference is added up, and what is older than the last one is left out. */
import type { MetricPointRow } from '../receive/rows/index.ts';

/** A program may make series without end. */
const MAX_SERIES = 10_000;

export class PointSums {
  readonly #last = new Map<string, { readonly timeMs: number; readonly value: number }>();

  /** The running total of its series. Undefined: it tells nothing new, or there are too many series. */
  take({ name, kind, instanceId, attributes, isDelta, timeMs, value }: MetricPointRow): number | undefined {
    const key = `${name}\n${kind}\n${instanceId}\n${JSON.stringify(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)))}`;
    const before = this.#last.get(key);
    if (before === undefined ? this.#last.size >= MAX_SERIES : timeMs < before.timeMs) return undefined;
    const total = isDelta ? (before?.value ?? 0) + value : value;
    this.#last.set(key, { timeMs, value: total });
    return total;
  }
}
