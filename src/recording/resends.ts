/** Which attempts failed lately, so that the attempt that sends the same request again is known to repeat one of them. */
import type { SpanContext } from '@opentelemetry/api';
import type { Frame, TaskState } from './types.ts';
import type { EpochMs } from '../semconv/telemetry.ts';

/** Failed attempts remembered; the newest ones. */
const MAX_FAILED = 512;
/** A request that is sent again later than this, beyond what the server asked to wait, is a new call. */
const LATEST_MS = 10 * 60_000;
/** The same in a task that is tried again as another one. */
const LATEST_ELSEWHERE_MS = 60_000;

export interface FailedAttempt {
  /** Equal for equal requests; see `protocols/facts/likeness.ts`. */
  readonly likeness: number;
  readonly span: SpanContext;
  readonly resendCount: number;
  readonly endTime: EpochMs;
  /** What the server asked to wait. */
  readonly askedMs: number;
  readonly frame: Frame;
}

export class Resends {
  readonly #failed = new Set<FailedAttempt>();
  readonly #isRunning: (task: TaskState) => boolean;

  constructor(isRunning: (task: TaskState) => boolean) {
    this.#isRunning = isRunning;
  }

  get size(): number {
    return this.#failed.size;
  }

  remember(attempt: FailedAttempt): void {
    this.#failed.add(attempt);
    if (this.#failed.size <= MAX_FAILED) return;
    const [oldest] = this.#failed;
    if (oldest !== undefined) this.#failed.delete(oldest);
  }

  /** The attempt that a request repeats, each once: of the same task and agent, else of a task that is over. */
  take(likeness: number, startTime: EpochMs, frame: Frame): FailedAttempt | undefined {
    let elsewhere: FailedAttempt | undefined;
    for (const attempt of this.#failed) {
      if (attempt.likeness !== likeness || attempt.endTime > startTime) continue;
      const { task, agent } = attempt.frame;
      const waitMs = startTime - attempt.endTime - attempt.askedMs;
      if (waitMs > LATEST_MS) this.#failed.delete(attempt);
      else if (task === frame.task && agent === frame.agent) return this.#taken(attempt);
      else if (task !== undefined && !this.#isRunning(task) && waitMs <= LATEST_ELSEWHERE_MS) elsewhere ??= attempt;
    }
    return elsewhere === undefined ? undefined : this.#taken(elsewhere);
  }

  #taken(attempt: FailedAttempt): FailedAttempt {
    this.#failed.delete(attempt);
    return attempt;
  }
}
