/** Metrics of one process on their way out: its root exports them where it has one, else they are exported here. */
import { randomUUID } from 'node:crypto';
import { cancel, later, type Timer } from '../../config/originals.ts';
import { runClock, shiftNow } from '../../config/run-clock.ts';
import { putMetric, type Scope } from '../../otlp/write/index.ts';
import type { MergedMetrics, MetricSnapshot, RunLink } from '../../root/index.ts';
import type { Counts } from '../counts.ts';
import type { ExportQueue } from '../export-queue.ts';
import { afterLeaving, LEDGER_METRICS, NOTHING_LEAVES, type LeavingItems } from '../ledger.ts';
import type { Journal } from '../journal/journal.ts';
import { SeriesLife } from './life.ts';
import { OVERFLOW_COUNTER, type SyncMeter } from './meter.ts';

/** A member first sends after this, then at doubled pauses up to the interval: a kill loses at most half its life. */
const FIRST_MEMBER_DELAY_MS = 500;

/** What the publisher needs of the run. */
export type MetricsRun = Pick<RunLink, 'role' | 'offer' | 'amend' | 'faults' | 'handIn'>;

export interface PublisherOptions {
  readonly meter: SyncMeter;
  readonly queue: ExportQueue;
  readonly scope: Scope;
  readonly startTime: number;
  readonly intervalMs: number;
  readonly run: MetricsRun | undefined;
  readonly counts: Counts;
  readonly ledgerChanges: (leaving: LeavingItems) => number;
  /** Of a thread: told of what was handed over. */
  readonly journal?: Pick<Journal, 'base'> | undefined;
}

export class MetricsPublisher {
  readonly #options: PublisherOptions;
  readonly #processKey = randomUUID();
  readonly #life = new SeriesLife();
  readonly #overflowing = new Set<string>();
  /** What had been recorded, and what had happened to it, when metrics were last published. */
  #published = { records: 0, ledgerChanges: 0 };
  #sequence = 0;
  #timer: Timer | undefined;
  #delayMs = FIRST_MEMBER_DELAY_MS;

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  /** Publishes at each interval. A quiet one still exports: a series without points goes stale. */
  start(): void {
    const { intervalMs, counts, journal } = this.#options;
    // What is measured from now on comes on top of nothing.
    if (this.#sequence === 0) journal?.base({ ...this.#head(), metrics: [] });
    const isYoung = this.isMember && this.#delayMs < intervalMs;
    this.#timer = later(isYoung ? this.#delayMs : intervalMs, () => {
      counts.safely(() => this.publish(false));
      this.start();
    });
    this.#delayMs *= 2;
  }

  stop(): void {
    cancel(this.#timer);
  }

  /** Another process exports our metrics. */
  get isMember(): boolean {
    return this.#options.run?.role === 'member';
  }

  /** Nothing was recorded since metrics were last published. */
  get isCurrent(): boolean {
    return this.#options.meter.records === this.#published.records;
  }

  /** The fate of spans and logs is as it was last published. */
  get isLedgerCurrent(): boolean {
    return this.#options.ledgerChanges(NOTHING_LEAVES) === this.#published.ledgerChanges;
  }

  /** `isFinal`: the process ends, and what is momentary ends with it. */
  publish(isFinal: boolean): void {
    this.#publish(NOTHING_LEAVES, isFinal, () => true);
  }

  /** After the final metrics: what became of spans and logs, `leaving` counted as sent, and what came in between. */
  publishLedger(leaving: LeavingItems = NOTHING_LEAVES): void {
    const isCurrent = this.isCurrent;
    this.#publish(leaving, true, (name) => !isCurrent || LEDGER_METRICS.has(name));
  }

  /** The same for a member, whose final metrics are a file. */
  amend(): void {
    this.#published.ledgerChanges = this.#options.ledgerChanges(NOTHING_LEAVES);
    this.#options.run?.amend(this.snapshot());
  }

  /** All metrics as they are now. */
  snapshot(leaving: LeavingItems = NOTHING_LEAVES): MetricSnapshot {
    const metrics = afterLeaving(this.#options.meter.collect(), leaving);
    return { ...this.#head(), metrics };
  }

  #head(): Omit<MetricSnapshot, 'metrics'> {
    const { startTime } = this.#options;
    const own = { processKey: this.#processKey, sequence: ++this.#sequence, pid: process.pid };
    return { ...own, bornTime: runClock.origin(), startTime, time: runClock.now() + shiftNow() };
  }

  #publish(leaving: LeavingItems, isFinal: boolean, isWanted: (name: string) => boolean): void {
    const { run, meter, ledgerChanges, journal } = this.#options;
    this.#published = { records: meter.records, ledgerChanges: ledgerChanges(leaving) };
    const snapshot = this.snapshot(leaving);
    if (run === undefined) {
      if (snapshot.metrics.length > 0) this.#export(snapshot, isFinal, isWanted);
      return;
    }
    const merged = run.offer(snapshot, isFinal);
    // What this thread exports itself, nobody may hand in once more.
    journal?.base(merged === undefined ? snapshot : undefined);
    if (merged !== undefined) this.#export(merged, isFinal, isWanted);
    this.#countOverflows(run);
  }

  /** What waits of an older export is replaced. */
  #export(merged: MergedMetrics, isLast: boolean, isWanted: (name: string) => boolean): void {
    const { queue, scope } = this.#options;
    queue.supersede();
    const wanted = merged.metrics.filter(({ name }) => isWanted(name));
    let isWhole = true;
    for (const { metrics, window, gone } of this.#life.next(wanted, merged, isLast)) {
      const areKept = metrics.map((metric) => queue.add(scope, (writer) => putMetric(writer, { metric, window }, queue.isJson)));
      const isKept = areKept.every(Boolean);
      isWhole &&= isKept;
      if (gone === undefined) continue;
      // A large export is several requests: what one of them has told is not told once more because a later one was not taken.
      if (isKept) queue.watch({ gone });
      else gone();
    }
    if (isWhole) queue.watch({ taken: () => merged.onExported?.() });
  }

  #countOverflows(run: MetricsRun): void {
    for (const name of run.faults()?.overflowing ?? []) {
      if (this.#overflowing.has(name)) continue;
      this.#overflowing.add(name);
      this.#options.counts.add(`${OVERFLOW_COUNTER}${name}`);
    }
  }
}
