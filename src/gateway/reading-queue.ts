/** Reading waits until bytes have been handed on: what a relay tells of calls is read in the turns between, as of when it came. */
import { runClock } from '../config/run-clock.ts';
import type { EpochMs } from '../semconv/telemetry.ts';
import type { Witness } from './witness.ts';

/** Bytes that wait; with more, reading holds the bytes up instead of the memory. */
const MAX_WAITING_BYTES = 4 * 1024 ** 2;
/** Longest turn of reading while others want their bytes. */
const TURN_MS = 2;

interface Work {
  readonly at: EpochMs;
  readonly bytes: number;
  readonly read: () => void;
}

export class ReadingQueue {
  #waiting: Work[] = [];
  #next = 0;
  #bytes = 0;
  #isPlanned = false;
  #now: EpochMs | undefined;

  /** When what is being read came. */
  readonly clock = { now: (): EpochMs => this.#now ?? runClock.now() };

  get isEmpty(): boolean {
    return this.#next === this.#waiting.length;
  }

  /** In the order in which they come. `read` must not throw. */
  add(read: () => void, bytes = 0): void {
    this.#waiting.push({ at: runClock.now(), bytes, read });
    this.#bytes += bytes;
    if (this.#bytes > MAX_WAITING_BYTES) this.#readUntil(Infinity);
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    setImmediate(this.#turn);
  }

  /** A witness that hears all later. `make` is called later, too; undefined from it: nothing is to be read. */
  witness(make: () => Witness | undefined): Witness {
    let witness: Witness | undefined;
    this.add(() => (witness = make()));
    return {
      requestBody: (chunk) => this.add(() => witness?.requestBody(chunk), chunk.length),
      requestEnd: () => this.add(() => witness?.requestEnd()),
      responseHead: (status, headers) => this.add(() => witness?.responseHead(status, headers)),
      responseChunk: (chunk) => this.add(() => witness?.responseChunk(chunk), chunk.length),
      end: () => this.add(() => witness?.end()),
      error: (error) => this.add(() => witness?.error(error)),
    };
  }

  readonly #turn = (): void => {
    this.#isPlanned = false;
    this.#readUntil(performance.now() + TURN_MS);
    if (this.isEmpty) return;
    this.#isPlanned = true;
    setImmediate(this.#turn);
  };

  #readUntil(deadline: number): void {
    // A reading that adds another one comes to it in its turn.
    if (this.#now !== undefined) return;
    while (!this.isEmpty) {
      const { at, bytes, read } = this.#waiting[this.#next++] as Work;
      this.#bytes -= bytes;
      this.#now = at;
      read();
      if (performance.now() > deadline) break;
    }
    this.#now = undefined;
    if (this.isEmpty) this.#waiting = [];
    else if (this.#next > 1_000) this.#waiting = this.#waiting.slice(this.#next);
    else return;
    this.#next = 0;
  }
}
