/** The end of one process: the final metrics, everything that waits, and at last what became of it. */
import { clock } from '../config/originals.ts';
import type { Counts } from './counts.ts';
import type { Payload } from './backlog.ts';
import type { Sender } from './exit-sender.ts';
import type { LeavingItems } from './ledger.ts';
import type { MetricsPublisher } from './metrics/publisher.ts';
import { flushPipelines, sendPipelinesBlocking, settlePipelines, SIGNALS, type Pipelines } from './pipelines.ts';

/** `ending`: the final metrics are published, again only if more is recorded. `ended`: nothing is sent any more. */
type Phase = 'running' | 'ending' | 'ended';

export interface EndingOptions {
  readonly pipelines: Pipelines;
  readonly metrics: MetricsPublisher;
  readonly counts: Counts;
  readonly sender: Sender | undefined;
  readonly onEnding: (isKilled: boolean) => void;
  readonly onEnded: () => void;
  /** Called after each `close`: the last thing that this process writes. */
  readonly onClosed: () => void;
}

export class Ending {
  readonly #options: EndingOptions;
  #phase: Phase = 'running';

  constructor(options: EndingOptions) {
    this.#options = options;
  }

  /** Ends open activities and publishes the final metrics; called again, only if something was recorded in between. */
  finish(isKilled = false): void {
    const { counts, metrics, onEnding } = this.#options;
    counts.safely(() => onEnding(isKilled));
    if (this.#phase === 'running' || !metrics.isCurrent) this.publishFinal();
  }

  publishFinal(): void {
    const { counts, metrics } = this.#options;
    counts.safely(() => metrics.publish(true));
    if (this.#phase === 'running') this.#phase = 'ending';
  }

  hasPending(): boolean {
    return SIGNALS.some((signal) => !this.#options.pipelines[signal].queue.isEmpty);
  }

  /** Items recorded so far: tells whether anything came after the last attempt. */
  recorded(): number {
    return SIGNALS.reduce((sum, signal) => sum + this.#options.pipelines[signal].tally.recorded, 0);
  }

  /** Sends what waits, within `timeoutMs`. `beforeLedger` is awaited before the metrics that tell the outcome. */
  async flush(timeoutMs: number, beforeLedger?: () => Promise<void>): Promise<void> {
    const { pipelines, metrics, counts } = this.#options;
    const deadline = clock.monotonic() + timeoutMs;
    await flushPipelines(pipelines, timeoutMs);
    await beforeLedger?.();
    if (metrics.isMember) this.#amend();
    else if (this.#isLedgerStale() && pipelines.metrics.queue.isEmpty) counts.safely(() => metrics.publishLedger());
    await pipelines.metrics.queue.flush(deadline - clock.monotonic());
  }

  /** The same, blocking: no asynchronous work is done in an `exit` handler. */
  flushSync(timeoutMs: number): void {
    const { pipelines, sender, counts } = this.#options;
    counts.safely(() =>
      sendPipelinesBlocking(pipelines, {
        timeoutMs,
        sender,
        finalMetrics: (leaving) => this.#finalMetrics(leaving),
      }),
    );
  }

  /** Writes down what could not be sent, within `timeoutMs`; may be called again for what came later. */
  close(timeoutMs: number): void {
    const { pipelines, counts, onEnded, onClosed } = this.#options;
    settlePipelines(pipelines, timeoutMs);
    this.#amend();
    if (this.#phase !== 'ended') counts.safely(onEnded);
    this.#phase = 'ended';
    onClosed();
  }

  /** Metrics that are posted last and tell that the rest was sent. A member's are a file, written when all is known. */
  #finalMetrics(leaving: LeavingItems): Payload[] {
    const { pipelines, metrics, counts } = this.#options;
    if (this.#phase === 'running' || metrics.isMember) return [];
    counts.safely(() => metrics.publishLedger(leaving));
    return pipelines.metrics.queue.drain();
  }

  /** The final snapshot that a member left is replaced once more is known. */
  #amend(): void {
    const { metrics, counts } = this.#options;
    if (metrics.isMember && this.#isLedgerStale()) counts.safely(() => metrics.amend());
  }

  /** Something became of spans and logs after the final metrics were published. */
  #isLedgerStale(): boolean {
    return this.#phase !== 'running' && !this.#options.metrics.isLedgerCurrent;
  }
}
