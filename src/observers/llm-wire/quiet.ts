/** Ends a call whose outcome is known and whose rest nobody reads: a refusal of which the app takes the status alone. */
import { cancel, later, type Timer } from '../../config/originals.ts';
import type { EpochMs } from '../../semconv/telemetry.ts';

/** A provider sends head and body of a refusal together; an app that reads slowly is waited for. */
export const QUIET_MS = 1_000;

interface Answer {
  /** `undefined` when it has ended. */
  readonly quietSince: EpochMs | undefined;
  cut(errorType: undefined): void;
}

export class Quiet {
  readonly #clock: { now(): EpochMs };
  #timer: Timer | undefined;

  constructor(clock: { now(): EpochMs }) {
    this.#clock = clock;
  }

  watch(answer: Answer): void {
    if (answer.quietSince === undefined) return;
    const leftMs = answer.quietSince + QUIET_MS - this.#clock.now();
    if (leftMs <= 0) answer.cut(undefined);
    else this.#timer = later(Math.ceil(leftMs), () => this.watch(answer));
  }

  stop(): void {
    cancel(this.#timer);
  }
}
