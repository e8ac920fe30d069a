/** Worker seconds by state of one pool: the exact integral over every change, not a sample. */
import type { EpochMs } from '../semconv/telemetry.ts';

/**
 * Tell it each change; read it at any time. Idle time needs a finite limit; a clock that steps back adds nothing.
 * @example const clock = new WorkerClock(0); clock.change({ active: 2, limit: 4 }, 1_000); clock.activeSeconds(3_000) // 4
 */
export class WorkerClock {
  #active = 0;
  #limit: number | undefined;
  #at: EpochMs;
  #activeMs = 0;
  #idleMs = 0;

  constructor(now: EpochMs) {
    this.#at = now;
  }

  get active(): number {
    return this.#active;
  }

  /** From `now` on, `active` workers are busy; `limit` stays as it was where absent. */
  change(to: { active: number; limit?: number | undefined }, now: EpochMs): void {
    this.#advance(now);
    this.#active = Number.isFinite(to.active) ? Math.max(0, to.active) : this.#active;
    if ('limit' in to) this.#limit = to.limit !== undefined && Number.isFinite(to.limit) && to.limit >= 0 ? to.limit : undefined;
  }

  activeSeconds(now: EpochMs): number {
    this.#advance(now);
    return this.#activeMs / 1_000;
  }

  /** Seconds that allowed workers were not busy, up to `now`. */
  idleSeconds(now: EpochMs): number {
    this.#advance(now);
    return this.#idleMs / 1_000;
  }

  #advance(now: EpochMs): void {
    const elapsedMs = now - this.#at;
    if (!(elapsedMs > 0)) return;
    this.#activeMs += this.#active * elapsedMs;
    if (this.#limit !== undefined) this.#idleMs += Math.max(0, this.#limit - this.#active) * elapsedMs;
    this.#at = now;
  }
}
