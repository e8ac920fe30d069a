/** Which jobs of a queue are a batch: those declared as one, and those added before the first of them ended. */
import type { BatchState, Frame, Recorder } from '../recording/types.ts';
import type { EpochMs } from '../semconv/telemetry.ts';

/** Jobs that one task or agent added before the first of them ended, to a queue that then ran dry: a superstep. */
interface Burst {
  readonly batch: BatchState;
  readonly startTime: EpochMs;
  readonly frame: Frame | undefined;
  readonly isDeclared: boolean;
  /** A job was added after another had ended, or in another task or agent: nobody awaits them together. */
  isStream: boolean;
  outstanding: number;
  ended: number;
}

/** The part of one job in its burst; one of the two functions is called, once. */
export interface Membership {
  readonly batch: BatchState;
  ended(): void;
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
    if (burst.ended > 0 || isElsewhere(burst.frame, this.#recorder.current())) burst.isStream = true;
    return {
      batch: burst.batch,
      ended: () => {
        burst.ended += 1;
        this.#less(burst);
      },
      leave: () => this.#less(burst),
    };
  }

  /** The jobs that join while `fn` runs are one declared batch. */
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
    // Synchronous jobs end while the rest of their batch is still being added.
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

/** Tasks and agents that share a queue, as a limiter of their calls, each wait for their own jobs. */
function isElsewhere(a: Frame | undefined, b: Frame | undefined): boolean {
  return a?.task !== b?.task || a?.agent !== b?.agent;
}
