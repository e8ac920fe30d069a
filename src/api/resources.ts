/** What a piece of work used of this process and its children; it needs no preload. */
import { readGpuUse, trackGpuUse, type GpuUse } from './gpu.ts';
import { readUsage, SharedUsage, usageBetween, type Usage } from '../config/process-usage.ts';

/** What a piece of work used. */
export interface ResourceUsage {
  /** CPU of this process and its children, user and system: our share of it, where other trackers were at work at the same time. */
  readonly cpuTimeSeconds: number;
  /** CPU of the whole process and its children meanwhile. */
  readonly processCpuTimeSeconds: number;
  /** Of which that of the children, and theirs; Linux, elsewhere 0. */
  readonly childrenCpuTimeSeconds: number;
  readonly wallClockSeconds: number;
  /** The most memory that the process had resident meanwhile, with its children. */
  readonly peakMemoryBytes: number;
  /** Trackers at work at the same time at most, this one included. */
  readonly sharedBy: number;
  /** The most GPU memory that the process and its children held meanwhile; 0 where there is no reading. */
  readonly gpuVramUsedBytes: number;
  readonly hasGpu: boolean;
}

/** What this process has used up to now. */
export interface ResourceSnapshot {
  /** Milliseconds of a clock that only grows. */
  readonly timeMs: number;
  /** With that of the children. */
  readonly cpuTimeSeconds: number;
  readonly childrenCpuTimeSeconds: number;
  /** With that of the children that live. */
  readonly memoryBytes: number;
  /** The most since the start of the process, or of a child that lives. */
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
  #endGpu: (() => GpuUse) | undefined;
  #state: 'made' | 'started' | 'ended' = 'made';
  #usage: ResourceUsage | undefined;

  start(): this {
    if (this.#state === 'started') throw new ResourceTrackerError('ALREADY_STARTED', 'start: this tracker was started before.');
    if (this.#state === 'ended') throw new ResourceTrackerError('ALREADY_ENDED', 'start: this tracker has ended; make another one.');
    this.#endGpu = trackGpuUse();
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
    return (this.#usage = told(this.#end?.() ?? usageBetween(this.#made, readUsage()), this.#endGpu?.() ?? readGpuUse()));
  }
}

/** What this process has used up to now, for {@link calculateResourceUsage}. */
export function captureResourceSnapshot(): ResourceSnapshot {
  const { timeMs, cpuSeconds, childCpuSeconds, memoryBytes, peakMemoryBytes } = readUsage();
  const ofChildren = { childrenCpuTimeSeconds: childCpuSeconds };
  return { timeMs, cpuTimeSeconds: cpuSeconds, ...ofChildren, memoryBytes, peakMemoryBytes, ...readGpuUse() };
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
  const gpu = [start, end].map(({ gpuVramUsedBytes }) => (Number.isFinite(gpuVramUsedBytes) ? Math.max(0, gpuVramUsedBytes) : 0));
  return told(usageBetween(begin as ReturnType<typeof checked>, last as ReturnType<typeof checked>), {
    gpuVramUsedBytes: Math.max(...gpu),
    hasGpu: end.hasGpu === true || start.hasGpu === true,
  });
}

function checked(name: string, snapshot: ResourceSnapshot): ReturnType<typeof readUsage> {
  const given = snapshot as Partial<ResourceSnapshot> | null | undefined;
  for (const field of ['timeMs', 'cpuTimeSeconds', 'memoryBytes', 'peakMemoryBytes'] as const)
    if (!Number.isFinite(given?.[field])) throw new ResourceTrackerError('BAD_SNAPSHOT', `${name}: ${field} is no number.`);
  const { timeMs, cpuTimeSeconds, memoryBytes, peakMemoryBytes, childrenCpuTimeSeconds } = snapshot;
  const childCpuSeconds = Number.isFinite(childrenCpuTimeSeconds) ? childrenCpuTimeSeconds : 0;
  return { timeMs, cpuSeconds: cpuTimeSeconds, childCpuSeconds, memoryBytes, peakMemoryBytes };
}

function told(
  { cpuSeconds, processCpuSeconds, childCpuSeconds, wallSeconds, peakMemoryBytes, sharedBy }: Usage,
  gpu: GpuUse,
): ResourceUsage {
  return {
    cpuTimeSeconds: cpuSeconds,
    processCpuTimeSeconds: processCpuSeconds,
    childrenCpuTimeSeconds: childCpuSeconds,
    wallClockSeconds: wallSeconds,
    peakMemoryBytes,
    sharedBy,
    ...gpu,
  };
}
