/** What a piece of work used of this process; it needs no preload. */
import { readUsage, SharedUsage, usageBetween, type Usage } from './config/process-usage.ts';

/** What a piece of work used. */
export interface ResourceUsage {
  /** CPU of this process, user and system: our share of it, where other trackers were at work at the same time. */
  readonly cpuTimeSeconds: number;
  /** CPU of the whole process meanwhile. */
  readonly processCpuTimeSeconds: number;
  readonly wallClockSeconds: number;
  /** The most memory that the process had resident meanwhile. */
  readonly peakMemoryBytes: number;
  /** Trackers at work at the same time at most, this one included. */
  readonly sharedBy: number;
  /** 0 where there is no reading of a GPU. */
  readonly gpuVramUsedBytes: number;
  readonly hasGpu: boolean;
}

/** What this process has used up to now. */
export interface ResourceSnapshot {
  /** Milliseconds of a clock that only grows. */
  readonly timeMs: number;
  readonly cpuTimeSeconds: number;
  readonly memoryBytes: number;
  /** The most since the start of the process. */
  readonly peakMemoryBytes: number;
  readonly gpuVramUsedBytes: number;
  readonly hasGpu: boolean;
}

/** Thrown for a tracker that is used out of turn; `code` says how. */
export class ResourceTrackerError extends Error {
  override readonly name = 'ResourceTrackerError';
  readonly code: 'NOT_STARTED' | 'ALREADY_STARTED' | 'NOT_ENDED' | 'ALREADY_ENDED' | 'BAD_SNAPSHOT';

  constructor(code: ResourceTrackerError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** GPUs are not read here: a reading takes a child process. */
const NO_GPU = { gpuVramUsedBytes: 0, hasGpu: false } as const;
const shared = new SharedUsage();

/**
 * Measures what a piece of work uses of this process. With `using` it ends with the block; its time counts from `start`, else from
 * when it was made.
 * @example
 * using tracker = new ResourceTracker().start();
 * @throws ResourceTrackerError where it is used before its start or after its end
 */
export class ResourceTracker {
  readonly #made = readUsage();
  #end: (() => Usage) | undefined;
  #state: 'made' | 'started' | 'ended' = 'made';
  #usage: ResourceUsage | undefined;

  start(): this {
    if (this.#state === 'started') throw new ResourceTrackerError('ALREADY_STARTED', 'start: this tracker was started before.');
    if (this.#state === 'ended') throw new ResourceTrackerError('ALREADY_ENDED', 'start: this tracker has ended; make another one.');
    this.#end = shared.begin();
    this.#state = 'started';
    return this;
  }

  stop(): ResourceUsage {
    if (this.#state === 'made') throw new ResourceTrackerError('NOT_STARTED', 'stop: this tracker was not started.');
    if (this.#state === 'ended') throw new ResourceTrackerError('ALREADY_ENDED', 'stop: this tracker has ended before.');
    return this.#finish();
  }

  /** Once it has ended. */
  get usage(): ResourceUsage {
    if (this.#usage !== undefined) return this.#usage;
    if (this.#state === 'made') throw new ResourceTrackerError('NOT_STARTED', 'usage: this tracker was not started.');
    throw new ResourceTrackerError('NOT_ENDED', 'usage: this tracker has not ended; call stop first.');
  }

  [Symbol.dispose](): void {
    if (this.#state !== 'ended') this.#finish();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this[Symbol.dispose]();
    return Promise.resolve();
  }

  #finish(): ResourceUsage {
    this.#state = 'ended';
    return (this.#usage = told(this.#end?.() ?? usageBetween(this.#made, readUsage())));
  }
}

/** What this process has used up to now, for {@link calculateResourceUsage}. */
export function captureResourceSnapshot(): ResourceSnapshot {
  const { timeMs, cpuSeconds, memoryBytes, peakMemoryBytes } = readUsage();
  return { timeMs, cpuTimeSeconds: cpuSeconds, memoryBytes, peakMemoryBytes, ...NO_GPU };
}

/**
 * What the process used between two snapshots; never less than nothing. Others that worked meanwhile are in it.
 * @throws ResourceTrackerError `BAD_SNAPSHOT`
 */
export function calculateResourceUsage(start: ResourceSnapshot, end: ResourceSnapshot): ResourceUsage {
  const [begin, last] = (
    [
      ['start', start],
      ['end', end],
    ] as const
  ).map(([name, snapshot]) => checked(name, snapshot));
  return told(usageBetween(begin as ReturnType<typeof checked>, last as ReturnType<typeof checked>));
}

function checked(name: string, snapshot: ResourceSnapshot): ReturnType<typeof readUsage> {
  const given = snapshot as Partial<ResourceSnapshot> | null | undefined;
  for (const field of ['timeMs', 'cpuTimeSeconds', 'memoryBytes', 'peakMemoryBytes'] as const)
    if (!Number.isFinite(given?.[field])) throw new ResourceTrackerError('BAD_SNAPSHOT', `${name}: ${field} is no number.`);
  const { timeMs, cpuTimeSeconds, memoryBytes, peakMemoryBytes } = snapshot;
  return { timeMs, cpuSeconds: cpuTimeSeconds, memoryBytes, peakMemoryBytes };
}

function told({ cpuSeconds, processCpuSeconds, wallSeconds, peakMemoryBytes, sharedBy }: Usage): ResourceUsage {
  return {
    cpuTimeSeconds: cpuSeconds,
    processCpuTimeSeconds: processCpuSeconds,
    wallClockSeconds: wallSeconds,
    peakMemoryBytes,
    sharedBy,
    ...NO_GPU,
  };
}
