/** How often the process table is looked at: as often as asked for, unless a look costs too much of a core. */

/** Largest part of a core that scans may take. */
const SHARE = 0.01;
/** Above it the start of a short process is often missed, and its end told late. */
const MAX_MS = 1_000;
/** Costs that are remembered: those of some seconds, since only some scans read counters. */
const REMEMBERED = 60;
/** The dearest of them do not count: a collection of garbage, a busy machine. */
const LEFT_OUT = 2;
/** The first scans read all there is, by code that is not compiled yet. */
const WARM_UP = 10;
/** From here on it is told to the user: a busy machine, where a scan takes a few milliseconds, is no reason to speak. */
const THIN_MS = MAX_MS;

export class Pace {
  readonly #wantedMs: number;
  readonly #maxMs: number;
  readonly #costs: number[] = [];
  #scans = 0;

  constructor(wantedMs: number, maxMs = MAX_MS) {
    this.#wantedMs = wantedMs;
    this.#maxMs = maxMs;
  }

  /** The CPU time of one scan. */
  took(costMs: number): void {
    if (++this.#scans <= WARM_UP) return;
    this.#costs.push(costMs);
    if (this.#costs.length > REMEMBERED) this.#costs.shift();
  }

  /** Until the next scan. */
  get waitMs(): number {
    const counted = [...this.#costs].sort((a, b) => a - b).slice(0, Math.max(1, this.#costs.length - LEFT_OUT));
    const usual = counted.reduce((sum, cost) => sum + cost, 0) / Math.max(1, counted.length);
    return Math.min(this.#maxMs, Math.max(this.#wantedMs, usual / SHARE));
  }

  get thinnedMs(): number | undefined {
    const { waitMs } = this;
    return waitMs >= THIN_MS ? Math.round(waitMs) : undefined;
  }
}

/** Of this thread, where Node tells it (23.9); else what has passed, which a busy machine makes longer. */
export function cpuMs(): number {
  const { threadCpuUsage } = process as { threadCpuUsage?: () => { user: number; system: number } };
  if (threadCpuUsage === undefined) return performance.now();
  const { user, system } = threadCpuUsage.call(process);
  return (user + system) / 1_000;
}
