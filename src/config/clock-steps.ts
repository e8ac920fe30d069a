/** Puts times that other programs took from the machine's clock onto the clock of the run, also after it was set. */
import { clock } from './originals.ts';
import { runClock, STEP_MS } from './run-clock.ts';

/** Settings of the clock that are remembered; a machine whose clock is set more often has no time. */
const MAX_STEPS = 100;

/** From `sinceMs` of the run's clock on, the machine's clock was `aheadMs` ahead of it. */
export interface ClockStep {
  readonly sinceMs: number;
  readonly aheadMs: number;
}

export interface Clocks {
  /** The machine's, which may be set. */
  readonly wall: () => number;
  /** That of the run, which only grows. */
  readonly run: () => number;
}

export class ClockSteps {
  readonly #clocks: Clocks;
  readonly #steps: ClockStep[] = [{ sinceMs: -Infinity, aheadMs: 0 }];

  constructor(clocks: Clocks = { wall: clock.now, run: runClock.now }) {
    this.#clocks = clocks;
  }

  /** How far the machine's clock was set, in ms, each time. */
  get changesMs(): number[] {
    return this.#steps.slice(1).map(({ aheadMs }, index) => aheadMs - (this.#steps[index]?.aheadMs ?? 0));
  }

  /** To be called often: a step is dated by the first look after it. Costs two readings of a clock. */
  look(): void {
    const sinceMs = this.#clocks.run();
    const aheadMs = this.#clocks.wall() - sinceMs;
    // Between the two readings this process may have had to wait.
    if (this.#clocks.run() - sinceMs > STEP_MS / 10) return;
    if (Math.abs(aheadMs - (this.#steps.at(-1)?.aheadMs ?? 0)) <= STEP_MS || this.#steps.length > MAX_STEPS) return;
    this.#steps.push({ sinceMs, aheadMs });
  }

  /**
   * The start and end of something that has happened, by the machine's clock, on the clock of the run. A time that the
   * clock showed twice is taken for the later one that is not still to come. Never ends before it starts.
   */
  toRun({ startMs, endMs }: { startMs: number; endMs: number }): { startMs: number; endMs: number; isMoved: boolean } {
    this.look();
    if (this.#steps.length === 1) return { startMs, endMs: Math.max(startMs, endMs), isMoved: false };
    const latestMs = this.#clocks.run() + STEP_MS;
    const last = this.#stepOf(endMs, this.#steps.length - 1, latestMs);
    const first = this.#stepOf(startMs, last, latestMs);
    const start = startMs - this.#aheadAt(first);
    return { startMs: start, endMs: Math.max(start, endMs - this.#aheadAt(last)), isMoved: this.#aheadAt(last) !== 0 };
  }

  /** The step under which the clock showed this, not later than the `index`-th. */
  #stepOf(wallMs: number, index: number, latestMs: number): number {
    for (let at = index; at > 0; at--) {
      const { sinceMs, aheadMs } = this.#steps[at] as ClockStep;
      if (wallMs - aheadMs >= sinceMs - STEP_MS && wallMs - aheadMs <= latestMs) return at;
    }
    return 0;
  }

  #aheadAt(index: number): number {
    return this.#steps[index]?.aheadMs ?? 0;
  }
}

/** Of this process. */
export const clockSteps = new ClockSteps();
