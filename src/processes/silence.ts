/** Tells when an agent has gone silent: no bytes, no CPU time and no other child, of it and of all that it started. Pure. */

/** Why an agent may be silent, as far as that can be said without a guess. */
export type SilenceReason = 'stopped' | 'waits_for_child' | 'connected' | 'quiet';

/** Sums over an agent and all processes below it, which only grow while the same processes live. */
export interface Sign {
  readonly cpuMs: number;
  /** Through read(2) and write(2). */
  readonly passedBytes: number;
  /** Which processes there are. */
  readonly family: string;
}

/** An agent that waits for its server uses 2 ms/s; one that is sent pings uses 24 ms/s. */
const IDLE_SHARE = 0.01;
/** Idle event loops read 100 to 200 B/s of wake-ups; pings of a server are 700 B/s. */
const IDLE_BYTES_PER_SECOND = 500;
/** Windows shorter than this see single ticks of CPU time, which idle agents have now and then. */
const WINDOW_MS = 5_000;

export class Silence {
  readonly #windowMs: number;
  #mark: Sign | undefined;
  #markMs = 0;
  /** Since when there was no sign. */
  sinceMs: number;

  /** @param afterMs For how long an agent is quiet before it is called silent. */
  constructor(afterMs: number, atMs: number) {
    this.#windowMs = Math.min(WINDOW_MS, afterMs / 4);
    this.sinceMs = atMs;
  }

  note(sign: Sign, atMs: number): void {
    if (this.#mark !== undefined && this.#mark.family === sign.family && atMs - this.#markMs < this.#windowMs) return;
    const seconds = (atMs - this.#markMs) / 1_000;
    const isActive =
      this.#mark === undefined ||
      this.#mark.family !== sign.family ||
      sign.cpuMs - this.#mark.cpuMs >= IDLE_SHARE * seconds * 1_000 ||
      sign.passedBytes - this.#mark.passedBytes >= IDLE_BYTES_PER_SECOND * seconds;
    this.#mark = sign;
    this.#markMs = atMs;
    if (isActive) this.sinceMs = atMs;
  }
}
