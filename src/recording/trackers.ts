/** Pools and queues that the gauges read: a registry that forgets what is stopped, and the exact time of each pool's workers. */
import type { EpochMs, PoolReader, QueueReader, Tracking } from './types.ts';
import { WorkerClock } from './worker-clock.ts';

/** Pools or queues watched at once; a program that makes one per request must not fill the memory. */
const MAX_TRACKED = 1_000;

export class Trackers {
  readonly pools = new Set<TrackedPool>();
  readonly queues = new Set<QueueReader>();
  readonly #now: () => EpochMs;

  constructor(now: () => EpochMs) {
    this.#now = now;
  }

  trackPool(pool: PoolReader): Tracking {
    return track(this.pools, new TrackedPool(pool, this.#now()));
  }

  trackQueue(queue: QueueReader): Tracking {
    return track(this.queues, queue);
  }

  /** A task began (`by` 1) or ended (`by` -1) in the pool of this name. */
  tasksChanged(poolName: string | undefined, by: 1 | -1, now: EpochMs): void {
    if (poolName === undefined) return;
    for (const pool of this.pools) if (pool.name === poolName) pool.tasksChanged(by, now);
  }
}

/** A pool with its clock: fed by the tasks that run in it; sampled at collection where no task of ours does. */
export class TrackedPool {
  readonly name: string;
  readonly #reader: PoolReader;
  readonly #clock: WorkerClock;
  #tasks = 0;
  #hasTasks = false;

  constructor(reader: PoolReader, now: EpochMs) {
    this.name = reader.name;
    this.#reader = reader;
    this.#clock = new WorkerClock(now);
    this.#clock.change({ active: 0, limit: reader.limit() }, now);
  }

  active(): number {
    return this.#reader.active();
  }

  limit(): number | undefined {
    return this.#reader.limit();
  }

  activeSeconds(now: EpochMs): number {
    this.#sample(now);
    return this.#clock.activeSeconds(now);
  }

  idleSeconds(now: EpochMs): number {
    this.#sample(now);
    return this.#clock.idleSeconds(now);
  }

  tasksChanged(by: 1 | -1, now: EpochMs): void {
    this.#hasTasks = true;
    this.#tasks = Math.max(0, this.#tasks + by);
    this.#clock.change({ active: this.#tasks, limit: this.#reader.limit() }, now);
  }

  #sample(now: EpochMs): void {
    this.#clock.change({ active: this.#hasTasks ? this.#tasks : this.#reader.active(), limit: this.#reader.limit() }, now);
  }
}

function track<T>(set: Set<T>, item: T): Tracking {
  if (set.size >= MAX_TRACKED) return { stop: () => undefined };
  set.add(item);
  return { stop: () => void set.delete(item) };
}
