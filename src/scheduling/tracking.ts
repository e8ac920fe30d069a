/** The gauges of one queue, read through a weak reference: a queue that the app has dropped disappears from them. */
import { Load } from './load.ts';
import type { Recorder } from '../recording/types.ts';

/** Read when metrics are collected. */
export interface Readings<Queue extends object> {
  readonly running: (queue: Queue) => number;
  readonly waiting: (queue: Queue) => number;
  /** Jobs that may run at once; undefined or Infinity where there is no limit. */
  readonly limit: (queue: Queue) => number | undefined;
  /** Jobs that may wait at once; undefined or Infinity where there is no such limit. */
  readonly capacity?: (queue: Queue) => number | undefined;
}

/** @returns what is told of each job, for peaks between two readings */
export function trackGauges<Queue extends object>(recorder: Recorder, name: string, queue: Queue, readings: Readings<Queue>): Load {
  const weak = new WeakRef(queue);
  const read = (get: (queue: Queue) => number | undefined): number | undefined => {
    const target = weak.deref();
    if (target !== undefined) return get(target);
    pool?.stop();
    waiting?.stop();
    return undefined;
  };
  const bound = (get: (queue: Queue) => number | undefined): number | undefined => {
    const value = read(get);
    return Number.isFinite(value) ? value : undefined;
  };
  const limit = (): number | undefined => bound(readings.limit);
  const pool = recorder.trackPool({ name, active: () => read(readings.running) ?? 0, limit });
  const load = new Load(limit);
  const size = (): number => read(readings.waiting) ?? 0;
  const capacity = readings.capacity;
  const waiting = recorder.trackQueue({
    name,
    size,
    capacity: capacity === undefined ? undefined : () => bound(capacity),
    peak: () => Math.max(load.peakWaiting(), size()),
  });
  return load;
}
