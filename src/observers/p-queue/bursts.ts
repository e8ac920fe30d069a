/** Which tasks of one queue belong together: `addAll` declares a batch; tasks added before the first of them ended turn out to be one. */
import type { BatchState, Frame, Recorder } from '../../recording/types.ts';
import type { EpochMs } from '../../semconv/telemetry.ts';

/** Tasks added before the first of them ended, on a queue that then ran dry: a superstep, whoever waited for it. */
interface Burst {
  readonly batch: BatchState;
  readonly startTime: EpochMs;
  readonly frame: Frame | undefined;
  readonly isDeclared: boolean;
  /** Added to after a member had already ended: a stream of work, no batch. */
  isStream: boolean;
  outstanding: number;
  ended: number;
}

/** One task's part in its burst; exactly one of the two is called, once. */
export interface Membership {
  readonly batch: BatchState;
  ended(): void;
  /** It will never run. */
  leave(): void;
}

export class Bursts {
  readonly #recorder: Recorder;
  readonly #name: string;
  #open: Burst | undefined;
  #declaring: Burst | undefined;
  #index = 0;

  constructor(recorder: Recorder, name: string) {
    this.#recorder = recorder;
    this.#name = name;
  }

  join(): Membership {
    const burst = this.#declaring ?? (this.#open ??= this.#newBurst(false));
    burst.outstanding += 1;
    if (burst.ended > 0) burst.isStream = true;
    return {
      batch: burst.batch,
      ended: () => {
        burst.ended += 1;
        this.#less(burst);
      },
      leave: () => this.#less(burst),
    };
  }

  /** What joins while `fn` runs is one declared batch. */
  declare<T>(fn: () => T): T {
    const outer = this.#declaring;
    const burst = this.#newBurst(true);
    this.#declaring = burst;
    try {
      return fn();
    } finally {
      this.#declaring = outer;
      this.#closeIfDone(burst);
    }
  }

  #newBurst(isDeclared: boolean): Burst {
    const recorder = this.#recorder;
    const batch = recorder.newBatch(this.#name);
    return { batch, startTime: recorder.now(), frame: recorder.current(), isDeclared, isStream: false, outstanding: 0, ended: 0 };
  }

  #less(burst: Burst): void {
    burst.outstanding -= 1;
    this.#closeIfDone(burst);
  }

  #closeIfDone(burst: Burst): void {
    // Synchronous tasks end while their batch is still being added.
    if (burst.outstanding > 0 || burst === this.#declaring) return;
    if (this.#open === burst) this.#open = undefined;
    if (burst.ended < 2 || (burst.isStream && !burst.isDeclared)) return;
    const { batch, ended, frame, isDeclared, startTime } = burst;
    this.#recorder.recordBatch(
      batch,
      { scheduler: this.#name, index: this.#index, size: ended, isInferred: !isDeclared },
      startTime,
      frame,
    );
    this.#index += 1;
  }
}
