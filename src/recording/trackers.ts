/** Pools and queues that the gauges read: what is stopped is forgotten, and the time of a pool's workers is exact. */
import { boundedName } from './content.ts';
import type { PoolReader, QueueReader, Tracking } from './types.ts';
import type { EpochMs } from '../semconv/telemetry.ts';
import { WorkerClock } from './worker-clock.ts';

/** Pools or queues watched at once; a program that makes one per request must not fill the memory. */
const MAX_TRACKED = 1_000;

export class Trackers {
  readonly pools = new Set<TrackedPool>();
  readonly queues = new Set<TrackedQueue>();
  readonly #now: () => EpochMs;

  constructor(now: () => EpochMs) {
    this.#now = now;
  }

  trackPool(pool: PoolReader): Tracking {
    return track(this.pools, new TrackedPool(pool, this.#now()));
  }

  trackQueue(queue: QueueReader): Tracking {
    return track(this.queues, {
      name: boundedName(queue.name),
      size: () => read(() => queue.size()) ?? 0,
      capacity: () => read(() => queue.capacity?.()),
      peak: () => read(() => queue.peak?.() ?? queue.size()) ?? 0,
    });
  }

  /** A task began (`by` 1) or ended (`by` -1) in the pool of this name. */
  tasksChanged(poolName: string | undefined, by: 1 | -1, now: EpochMs): void {
    if (poolName === undefined) return;
    let share: 1 | -1 | 0 = by;
    // Of several pools with one name the first counts: their sum is what is shown.
    for (const pool of this.pools) {
      if (pool.name !== boundedName(poolName)) continue;
      pool.tasksChanged(share, now);
      share = 0;
    }
  }
}

type TrackedQueue = QueueReader & Required<Pick<QueueReader, 'peak'>>;

/** A pool with its clock: fed by the tasks that run in it; sampled at collection where no task of ours does. */
export class TrackedPool {
  #peak = 0;
  readonly name: string;
  readonly #reader: PoolReader;
  readonly #clock: WorkerClock;
  #tasks = 0;
  #hasTasks = false;

  constructor(reader: PoolReader, now: EpochMs) {
    this.name = boundedName(reader.name);
    this.#reader = reader;
    this.#clock = new WorkerClock(now);
    this.#clock.change({ active: 0, limit: this.limit() }, now);
  }

  /** 0 where the app's own function fails or answers no number. */
  active(): number {
    return read(() => this.#reader.active()) ?? 0;
  }

  /** The most that were active since it was last asked. */
  peakActive(): number {
    const active = this.active();
    const peak = Math.max(this.#peak, active);
    this.#peak = this.#hasTasks ? this.#tasks : active;
    return peak;
  }

  limit(): number | undefined {
    return read(() => this.#reader.limit());
  }

  activeSeconds(now: EpochMs): number {
    this.#sample(now);
    return this.#clock.activeSeconds(now);
  }

  idleSeconds(now: EpochMs): number {
    this.#sample(now);
    return this.#clock.idleSeconds(now);
  }

  tasksChanged(by: 1 | -1 | 0, now: EpochMs): void {
    this.#hasTasks = true;
    this.#tasks = Math.max(0, this.#tasks + by);
    this.#peak = Math.max(this.#peak, this.#tasks);
    this.#clock.change({ active: this.#tasks, limit: this.limit() }, now);
  }

  #sample(now: EpochMs): void {
    this.#clock.change({ active: this.#hasTasks ? this.#tasks : this.active(), limit: this.limit() }, now);
  }
}

/** The app's function: what it throws is its own affair, and must not reach the app through a verb. */
function read(fn: () => number | undefined): number | undefined {
  try {
    const value = fn();
    return typeof value === 'number' && !Number.isNaN(value) ? value : undefined;
  } catch {
    // A pool that was closed, or a description without this function.
    return undefined;
  }
}

function track<T>(set: Set<T>, item: T): Tracking {
  if (set.size >= MAX_TRACKED) return { stop: () => undefined };
  set.add(item);
  return { stop: () => void set.delete(item) };
}
