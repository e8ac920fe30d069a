/** Pools and queues that the gauges read: a registry that forgets what is stopped. */
import type { PoolReader, QueueReader, Tracking } from './types.ts';

/** Pools or queues watched at once; a program that makes one per request must not fill the memory. */
const MAX_TRACKED = 1_000;

export class Trackers {
  readonly pools = new Set<PoolReader>();
  readonly queues = new Set<QueueReader>();

  trackPool(pool: PoolReader): Tracking {
    return track(this.pools, pool);
  }

  trackQueue(queue: QueueReader): Tracking {
    return track(this.queues, queue);
  }
}

function track<T>(set: Set<T>, item: T): Tracking {
  if (set.size >= MAX_TRACKED) return { stop: () => undefined };
  set.add(item);
  return { stop: () => void set.delete(item) };
}
