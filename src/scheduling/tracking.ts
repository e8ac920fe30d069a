/** The gauges of one queue, read through a weak reference: a queue that the app has dropped disappears from them. */
import type { Recorder } from '../recording/types.ts';

/** Read when metrics are collected. */
export interface Readings<Queue extends object> {
  readonly running: (queue: Queue) => number;
  readonly waiting: (queue: Queue) => number;
  /** Jobs that may run at once; undefined or Infinity where there is no limit. */
  readonly limit: (queue: Queue) => number | undefined;
}

export function trackGauges<Queue extends object>(recorder: Recorder, name: string, queue: Queue, readings: Readings<Queue>): void {
  const weak = new WeakRef(queue);
  const read = (get: (queue: Queue) => number | undefined): number | undefined => {
    const target = weak.deref();
    if (target !== undefined) return get(target);
    pool?.stop();
    waiting?.stop();
    return undefined;
  };
  const limit = (): number | undefined => {
    const value = read(readings.limit);
    return Number.isFinite(value) ? value : undefined;
  };
  const pool = recorder.trackPool({ name, active: () => read(readings.running) ?? 0, limit });
  const waiting = recorder.trackQueue({ name, size: () => read(readings.waiting) ?? 0 });
}
