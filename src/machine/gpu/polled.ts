/** A source that has to be asked: one question at a time, beside the collections, which take the last answer. */
import { cancel, later, type Timer } from '../../config/originals.ts';
import { LastReadings, type GpuReading, type GpuSource, type SourceOptions } from './reading.ts';

export interface PolledOptions extends SourceOptions {
  /** Must not throw; undefined: no answer this time. While it has not answered, it is not asked again. */
  readonly look: () => Promise<readonly GpuReading[] | undefined>;
  /** Looks without an answer, from the first on, after which it is not asked any more. */
  readonly maxMisses: number;
}

export class PolledSource implements GpuSource {
  readonly #options: PolledOptions;
  readonly #last: LastReadings;
  #timer: Timer | undefined;
  #misses = 0;
  #isStopped = false;

  constructor(options: PolledOptions) {
    this.#options = options;
    this.#last = new LastReadings(options);
    void this.#look();
  }

  readings(): readonly GpuReading[] {
    return this.#last.fresh();
  }

  stop(): void {
    this.#isStopped = true;
    cancel(this.#timer);
  }

  async #look(): Promise<void> {
    const { look, intervalMs, maxMisses, count } = this.#options;
    const readings = await look().catch(() => undefined);
    if (readings === undefined) this.#misses += 1;
    else {
      this.#misses = 0;
      this.#last.take(readings);
    }
    if (this.#misses >= maxMisses) count('gpu.source-given-up');
    else if (!this.#isStopped) this.#timer = later(intervalMs, () => void this.#look());
  }
}
