/** Metrics of one process on their way out: its root exports them where it has one, else they are exported here. */
import { randomUUID } from 'node:crypto';
import { cancel, later, type Timer } from '../../config/originals.ts';
import { runClock, shiftNow } from '../../config/run-clock.ts';
import { putMetric, type Scope, type Window } from '../../otlp/write/index.ts';
import type { Settings } from '../../config/settings/index.ts';
import type { MergedMetrics, MetricSnapshot, RunLink } from '../../root/index.ts';
import type { SnapshotMetric } from '../../semconv/telemetry.ts';
import type { Counts } from '../counts.ts';
import type { ExportQueue } from '../export-queue.ts';
import { afterLeaving, isLedger, NOTHING_LEAVES, type LeavingItems } from '../ledger.ts';
import type { Journal } from '../journal/journal.ts';
import { Deltas } from './deltas.ts';
import { SeriesLife } from './life.ts';
import { OVERFLOW_COUNTER } from './meter.ts';
import { scopeKey, type Meters } from './meters.ts';

/** A member first sends after this, then at doubled pauses up to the interval: a kill loses at most half its life. */
const FIRST_MEMBER_DELAY_MS = 500;

/** What the publisher needs of the run. */
export type MetricsRun = Pick<RunLink, 'role' | 'offer' | 'amend' | 'faults' | 'handIn'>;

export interface PublisherOptions {
  readonly meters: Meters;
  readonly temporality: Settings['metricTemporality'];
  readonly queue: ExportQueue;
  /** Of our own metrics. */
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
  readonly #deltas: Deltas;
  /** One object for each scope: the queue makes a new piece of each other one. */
  readonly #scopes = new Map<string, Scope>();
  readonly #overflowing = new Set<string>();
  /** What had been recorded, and what had happened to it, when metrics were last published. */
  #published = { records: 0, ledgerChanges: 0 };
  #sequence = 0;
  #timer: Timer | undefined;
  #delayMs = FIRST_MEMBER_DELAY_MS;

  constructor(options: PublisherOptions) {
    this.#options = options;
    this.#deltas = new Deltas(options.temporality);
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
    return this.#options.meters.records === this.#published.records;
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
    this.#publish(leaving, true, (metric) => !isCurrent || isLedger(metric));
  }

  /** The same for a member, whose final metrics are a file. */
  amend(): void {
    this.#published.ledgerChanges = this.#options.ledgerChanges(NOTHING_LEAVES);
    this.#options.run?.amend(this.snapshot());
  }

  /** All metrics as they are now. */
  snapshot(leaving: LeavingItems = NOTHING_LEAVES): MetricSnapshot {
    const metrics = afterLeaving(this.#options.meters.collect(), leaving);
    return { ...this.#head(), metrics };
  }

  #head(): Omit<MetricSnapshot, 'metrics'> {
    const { startTime } = this.#options;
    const own = { processKey: this.#processKey, sequence: ++this.#sequence, pid: process.pid };
    return { ...own, bornTime: runClock.origin(), startTime, time: runClock.now() + shiftNow() };
  }

  #publish(leaving: LeavingItems, isFinal: boolean, isWanted: (metric: SnapshotMetric) => boolean): void {
    const { run, meters, ledgerChanges, journal } = this.#options;
    this.#published = { records: meters.records, ledgerChanges: ledgerChanges(leaving) };
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
  #export(merged: MergedMetrics, isLast: boolean, isWanted: (metric: SnapshotMetric) => boolean): void {
    const { queue } = this.#options;
    queue.supersede();
    const wanted = merged.metrics.filter(isWanted);
    let isWhole = true;
    for (const { metrics, window, isBegin, gone } of this.#life.next(wanted, merged, isLast)) {
      const areKept = this.#byScope(metrics).map(({ scope, metric }) =>
        this.#add(scope, this.#deltas.next(metric, { window, isBegin }), window),
      );
      const isKept = areKept.every(Boolean);
      isWhole &&= isKept;
      if (gone === undefined) continue;
      // A large export is several requests: what one of them has told is not told once more because a later one was not taken.
      if (isKept) queue.watch({ gone });
      else gone();
    }
    if (isWhole) queue.watch({ taken: () => merged.onExported?.() });
  }

  /** Whether it is kept; what is not new has been told. */
  #add(scope: Scope, told: ReturnType<Deltas['next']>, window: Window): boolean {
    const { queue } = this.#options;
    if (told === undefined) return true;
    const { metric, fate } = told;
    const isKept = queue.add(scope, (writer) => putMetric(writer, { metric, window }, queue.isJson));
    if (fate !== undefined && isKept) queue.watch(fate);
    else if (!isKept) fate?.gone?.(false);
    return isKept;
  }

  /** Scope by scope, ours first. */
  #byScope(metrics: readonly SnapshotMetric[]): { scope: Scope; metric: SnapshotMetric }[] {
    const scoped = metrics.map((metric) => ({ scope: this.#scopeOf(metric), metric }));
    const ranks = new Map([this.#options.scope, ...this.#scopes.values()].map((scope, rank) => [scope, rank]));
    return scoped.sort((one, other) => (ranks.get(one.scope) ?? 0) - (ranks.get(other.scope) ?? 0));
  }

  #scopeOf({ scope }: SnapshotMetric): Scope {
    if (scope === undefined) return this.#options.scope;
    const key = scopeKey(scope);
    const known = this.#scopes.get(key);
    if (known !== undefined) return known;
    this.#scopes.set(key, scope);
    return scope;
  }

  #countOverflows(run: MetricsRun): void {
    for (const name of run.faults()?.overflowing ?? []) {
      if (this.#overflowing.has(name)) continue;
      this.#overflowing.add(name);
      this.#options.counts.add(`${OVERFLOW_COUNTER}${name}`);
    }
  }
}
