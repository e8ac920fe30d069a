/** What this process and its children use, shared out among those who work in it at the same time: each second of CPU is given to somebody once. */
import { readChildUsage, type ChildUsage } from './child-usage.ts';
import { cancel, clock, later, type Timer } from './originals.ts';

/** Between two looks at the memory: what rises and falls in between shows where it is a new peak of the process. */
const SAMPLE_MS = 50;
/** Looks at the memory, of which one is at that of children: it reads some files for each. */
const SAMPLES_PER_CHILD_LOOK = 2;
const KIB = 1_024;
/** A look at the children is this old at most: thousands of small tasks may begin and end in between. */
const CHILD_LOOK_MS = 10;
/** With hundreds of children a look takes milliseconds: then there are fewer, and a twentieth of a core goes there at most. */
const PAUSE_PER_LOOK = 20;

export interface UsageReading {
  /** Of a clock that only grows. */
  readonly timeMs: number;
  /** User and system, of this process and its children since its start. */
  readonly cpuSeconds: number;
  /** Of which that of the children. */
  readonly childCpuSeconds: number;
  /** Resident now, with the children that live. */
  readonly memoryBytes: number;
  /** The most that was ever resident in this process, or in one of its children that live. */
  readonly peakMemoryBytes: number;
}

export interface Usage {
  /** Our share, where others worked in the process meanwhile. */
  readonly cpuSeconds: number;
  /** Of the whole process, and its children. */
  readonly processCpuSeconds: number;
  /** Of which that of the children. */
  readonly childCpuSeconds: number;
  readonly wallSeconds: number;
  /** Of the whole process: memory cannot be shared out. */
  readonly peakMemoryBytes: number;
  /** The most that worked at the same time, this one included. */
  readonly sharedBy: number;
}

export function readUsage(): UsageReading {
  const { user, system } = process.cpuUsage();
  const timeMs = clock.monotonic();
  const children = childUsage(timeMs);
  return {
    timeMs,
    cpuSeconds: (user + system) / 1e6 + children.cpuSeconds,
    childCpuSeconds: children.cpuSeconds,
    memoryBytes: process.memoryUsage.rss() + children.memoryBytes,
    peakMemoryBytes: Math.max(process.resourceUsage().maxRSS * KIB, children.peakMemoryBytes),
  };
}

let lastLook: { readonly untilMs: number; readonly usage: ChildUsage } | undefined;

function childUsage(nowMs: number): ChildUsage {
  if (lastLook !== undefined && nowMs <= lastLook.untilMs) return lastLook.usage;
  const before = process.cpuUsage();
  const usage = readChildUsage();
  const { user, system } = process.cpuUsage(before);
  const endMs = clock.monotonic();
  // Neither what other threads used meanwhile nor the wait for a busy machine is what the look cost.
  const lookMs = Math.min(endMs - nowMs, (user + system) / 1_000);
  lastLook = { untilMs: endMs + Math.max(CHILD_LOOK_MS, lookMs * PAUSE_PER_LOOK), usage };
  return usage;
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
  #samples = 0;
  #ofChildren: Pick<ChildUsage, 'memoryBytes' | 'peakMemoryBytes'> = { memoryBytes: 0, peakMemoryBytes: 0 };

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
      this.#samples += 1;
      if (this.#samples % SAMPLES_PER_CHILD_LOOK === 0) this.#ofChildren = childUsage(clock.monotonic());
      const memoryBytes = Math.max(process.memoryUsage.rss() + this.#ofChildren.memoryBytes, this.#ofChildren.peakMemoryBytes);
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
    childCpuSeconds: Math.max(0, end.childCpuSeconds - begin.childCpuSeconds),
    wallSeconds: Math.max(0, end.timeMs - begin.timeMs) / 1_000,
    peakMemoryBytes: peakOf({ begin, peakMemoryBytes: begin.memoryBytes }, end),
    sharedBy: 1,
  };
}

/** The highest that was seen, children included, and the peak of the process where it is of this time. */
function peakOf({ begin, peakMemoryBytes }: Pick<Worker, 'begin' | 'peakMemoryBytes'>, end: UsageReading): number {
  return Math.max(peakMemoryBytes, end.memoryBytes, end.peakMemoryBytes > begin.peakMemoryBytes ? end.peakMemoryBytes : 0);
}
