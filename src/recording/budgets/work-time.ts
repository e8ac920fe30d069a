/** The time in which tasks and agents are at work, for budgets of time: told while it passes and once more at the end. */
import type { EpochMs } from '../../semconv/telemetry.ts';
import type { Activity } from '../types.ts';

export type Work = Pick<Activity, 'frame' | 'startTime' | 'traceId' | 'spanId'>;

/** Protects the memory of the program; the time of more is not told. */
const MAX_OPEN = 100_000;

export interface WorkStretch {
  readonly work: Work;
  readonly from: EpochMs;
  readonly to: EpochMs;
}

export class WorkTime {
  /** Up to when the time of each was told. */
  readonly #open = new Map<Work, EpochMs>();

  get size(): number {
    return this.#open.size;
  }

  started(work: Work): void {
    if (this.#open.size < MAX_OPEN) this.#open.set(work, work.startTime);
  }

  /** undefined: it was no task and no agent. */
  ended(work: Work, to: EpochMs): WorkStretch | undefined {
    const from = this.#open.get(work);
    this.#open.delete(work);
    return from === undefined ? undefined : { work, from, to };
  }

  /** What passed since the last look. */
  passed(now: EpochMs): WorkStretch[] {
    const stretches: WorkStretch[] = [];
    for (const [work, from] of this.#open) {
      if (now <= from) continue;
      stretches.push({ work, from, to: now });
      this.#open.set(work, now);
    }
    return stretches;
  }
}
