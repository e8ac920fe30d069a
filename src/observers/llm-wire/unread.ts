/** Calls whose outcome is known and whose rest nobody may ever read: of a refusal an app often takes the status alone. */
import { later } from '../../config/originals.ts';
import type { EpochMs } from '../../semconv/telemetry.ts';

/** A provider sends head and body of a refusal together; an app that reads slowly is waited for. */
export const QUIET_MS = 1_000;
/** The same once the app makes another call: it may be the repetition of this one. */
export const LEFT_MS = 100;

interface Answer {
  /** `undefined` when it has ended. */
  readonly quietSince: EpochMs | undefined;
  cut(errorType: undefined): void;
}

export class UnreadAnswers {
  readonly #now: () => EpochMs;
  readonly #refusals = new Set<Answer>();
  readonly #redirects = new Set<Answer>();
  #isWatching = false;

  constructor(now: () => EpochMs) {
    this.#now = now;
  }

  add(answer: Answer, isRedirect: boolean): void {
    if (answer.quietSince === undefined) return;
    (isRedirect ? this.#redirects : this.#refusals).add(answer);
    this.#watch();
  }

  delete(answer: Answer): void {
    if (!this.#refusals.delete(answer)) this.#redirects.delete(answer);
  }

  /** The app makes a call. */
  goOn(): void {
    if (this.#refusals.size > 0) this.#settle(this.#refusals, LEFT_MS);
  }

  #watch(): void {
    if (this.#isWatching || this.#refusals.size + this.#redirects.size === 0) return;
    this.#isWatching = true;
    const since = [...this.#refusals, ...this.#redirects].map(({ quietSince }) => quietSince ?? this.#now());
    later(Math.max(1, Math.ceil(Math.min(...since) + QUIET_MS - this.#now())), () => {
      this.#isWatching = false;
      this.#settle(this.#refusals, QUIET_MS);
      this.#settle(this.#redirects, QUIET_MS);
      this.#watch();
    });
  }

  #settle(answers: Set<Answer>, quietMs: number): void {
    for (const answer of answers) {
      const since = answer.quietSince;
      if (since !== undefined && this.#now() - since < quietMs) continue;
      answers.delete(answer);
      answer.cut(undefined);
    }
  }
}
