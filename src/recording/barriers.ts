/** Tasks that begin in one synchronous turn below one place and run side by side: `Promise.all`, for all that can be seen. */
import { newBatch } from './batch.ts';
import type { BatchOptions, BatchState, Frame } from './types.ts';
import type { EpochMs } from '../semconv/telemetry.ts';

const SCHEDULER = 'Promise.all';

export interface BarrierOptions {
  readonly now: () => EpochMs;
  readonly record: (batch: BatchState, options: BatchOptions, startTime: EpochMs, frame: Frame | undefined) => void;
}

/** One task's part; `batch` once there is one. */
export interface Place {
  readonly batch: BatchState | undefined;
  /** After the task has joined `batch`. */
  ended(): void;
}

interface Barrier {
  readonly batch: BatchState;
  readonly frame: Frame | undefined;
  readonly startTime: EpochMs;
  running: number;
  /** How many ran when the turn was over; 0 as long as it is not. */
  size: number;
}

export class Barriers {
  readonly #options: BarrierOptions;
  /** Of this turn alone. */
  readonly #open = new Map<Frame | undefined, Barrier>();
  #index = 0;

  constructor(options: BarrierOptions) {
    this.#options = options;
  }

  /** A task begins below `frame`. */
  join(frame: Frame | undefined): Place {
    let barrier = this.#open.get(frame);
    // One that follows those before it waits for nothing together with them.
    if (barrier === undefined || barrier.running === 0) barrier = this.#begin(frame);
    barrier.running += 1;
    return this.#placeIn(barrier);
  }

  #begin(frame: Frame | undefined): Barrier {
    const barrier: Barrier = { batch: newBatch(SCHEDULER), frame, startTime: this.#options.now(), running: 0, size: 0 };
    if (this.#open.size === 0) void Promise.resolve().then(() => this.#endTurn());
    this.#open.set(frame, barrier);
    return barrier;
  }

  #endTurn(): void {
    for (const barrier of this.#open.values()) barrier.size = barrier.running;
    this.#open.clear();
  }

  #placeIn(barrier: Barrier): Place {
    const isBatch = (): boolean => barrier.size > 1;
    return {
      get batch() {
        return isBatch() ? barrier.batch : undefined;
      },
      ended: () => {
        barrier.running -= 1;
        if (barrier.running > 0 || !isBatch()) return;
        const { batch, size, startTime, frame } = barrier;
        this.#options.record(batch, { scheduler: SCHEDULER, index: this.#index, size, isInferred: true }, startTime, frame);
        this.#index += 1;
      },
    };
  }
}
