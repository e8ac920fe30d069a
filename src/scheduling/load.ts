/** How many jobs of one queue wait and run, and the most that waited since somebody last asked. */

/** @example const load = new Load(() => 2); load.submitted(); load.started(); load.peakWaiting() // 0 */
export class Load {
  readonly #limit: () => number | undefined;
  #held = 0;
  #peak = 0;

  /** `limit`: jobs that may run at once; undefined where there is no limit. */
  constructor(limit: () => number | undefined) {
    this.#limit = limit;
  }

  submitted(): void {
    this.#held += 1;
    this.#peak = Math.max(this.#peak, this.#waiting());
  }

  /** It has ended, or will never start. */
  left(): void {
    this.#held = Math.max(0, this.#held - 1);
  }

  /** The peak since the last call. */
  peakWaiting(): number {
    const peak = this.#peak;
    this.#peak = this.#waiting();
    return peak;
  }

  /** A job that is about to start does not wait: libraries start it some microtasks later. */
  #waiting(): number {
    return Math.max(0, this.#held - (this.#limit() ?? Infinity));
  }
}
