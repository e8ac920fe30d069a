/** What this process uses, shared out among those who work in it at the same time: each second of CPU is given to somebody once. */
import { cancel, clock, later, type Timer } from './originals.ts';

/** Between two looks at the memory: what rises and falls in between shows where it is a new peak of the process. */
const SAMPLE_MS = 50;
const KIB = 1_024;

export interface UsageReading {
  /** Of a clock that only grows. */
  readonly timeMs: number;
  /** User and system, of this process since its start. */
  readonly cpuSeconds: number;
  /** Resident now. */
  readonly memoryBytes: number;
  /** The most that was ever resident. */
  readonly peakMemoryBytes: number;
}

export interface Usage {
  /** Our share, where others worked in the process meanwhile. */
  readonly cpuSeconds: number;
  /** Of the whole process. */
  readonly processCpuSeconds: number;
  readonly wallSeconds: number;
  /** Of the whole process: memory cannot be shared out. */
  readonly peakMemoryBytes: number;
  /** The most that worked at the same time, this one included. */
  readonly sharedBy: number;
}

export function readUsage(): UsageReading {
  const { user, system } = process.cpuUsage();
  return {
    timeMs: clock.monotonic(),
    cpuSeconds: (user + system) / 1e6,
    memoryBytes: process.memoryUsage.rss(),
    peakMemoryBytes: process.resourceUsage().maxRSS * KIB,
  };
}

interface Worker {
  readonly begin: UsageReading;
  readonly shareAtBegin: number;
  peakMemoryBytes: number;
  sharedBy: number;
}

/** Those who work in this process. To begin and to end costs the same however many they are, but for the count of those at work. */
export class SharedUsage {
  readonly #workers = new Set<Worker>();
  /** Seconds of CPU that one who worked all the time would have got. */
  #share = 0;
  #seenCpuSeconds = 0;
  #timer: Timer | undefined;

  /** Returns what ends it and answers what was used. */
  begin(): () => Usage {
    const begin = readUsage();
    this.#advance(begin.cpuSeconds);
    const worker: Worker = { begin, shareAtBegin: this.#share, peakMemoryBytes: begin.memoryBytes, sharedBy: 1 };
    this.#workers.add(worker);
    for (const each of this.#workers) each.sharedBy = Math.max(each.sharedBy, this.#workers.size);
    this.#sampleLater();
    return () => this.#end(worker);
  }

  #end(worker: Worker): Usage {
    const end = readUsage();
    this.#advance(end.cpuSeconds);
    this.#workers.delete(worker);
    if (this.#workers.size === 0) {
      cancel(this.#timer);
      this.#timer = undefined;
    }
    const { begin, shareAtBegin, sharedBy } = worker;
    return { ...usageBetween(begin, end), cpuSeconds: this.#share - shareAtBegin, sharedBy, peakMemoryBytes: peakOf(worker, end) };
  }

  #advance(cpuSeconds: number): void {
    const { size } = this.#workers;
    if (size > 0) this.#share += Math.max(0, cpuSeconds - this.#seenCpuSeconds) / size;
    this.#seenCpuSeconds = cpuSeconds;
  }

  #sampleLater(): void {
    this.#timer ??= later(SAMPLE_MS, () => {
      this.#timer = undefined;
      const memoryBytes = process.memoryUsage.rss();
      for (const worker of this.#workers) worker.peakMemoryBytes = Math.max(worker.peakMemoryBytes, memoryBytes);
      if (this.#workers.size > 0) this.#sampleLater();
    });
  }
}

/** A clock that was set back gives nothing, not less than nothing. */
export function usageBetween(begin: UsageReading, end: UsageReading): Usage {
  const cpuSeconds = Math.max(0, end.cpuSeconds - begin.cpuSeconds);
  return {
    cpuSeconds,
    processCpuSeconds: cpuSeconds,
    wallSeconds: Math.max(0, end.timeMs - begin.timeMs) / 1_000,
    peakMemoryBytes: peakOf({ begin, peakMemoryBytes: begin.memoryBytes }, end),
    sharedBy: 1,
  };
}

/** The peak of the process, where it is of this time; else the highest that was seen. */
function peakOf({ begin, peakMemoryBytes }: Pick<Worker, 'begin' | 'peakMemoryBytes'>, end: UsageReading): number {
  return end.peakMemoryBytes > begin.peakMemoryBytes ? end.peakMemoryBytes : Math.max(peakMemoryBytes, end.memoryBytes);
}
