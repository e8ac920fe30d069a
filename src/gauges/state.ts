/** What the gauges read at collection time: the state of the recorder, as they see it. */
import type { EpochMs } from '../semconv/telemetry.ts';

export interface PoolState {
  readonly name: string;
  active(): number;
  /** The most since it was last asked. */
  peakActive(): number;
  limit(): number | undefined;
  /** Worker seconds since it is tracked, up to `now`; never less than before. */
  activeSeconds(now: EpochMs): number;
  idleSeconds(now: EpochMs): number;
}

export interface QueueState {
  readonly name: string;
  size(): number;
  /** The longest since it was last asked. */
  peak(): number;
  /** undefined: unbounded, or not known. */
  capacity(): number | undefined;
}

export interface UnfinishedTask {
  readonly type: string;
  readonly state: 'queued' | 'running';
  /** Running: when started. Else: when submitted. */
  readonly startedAt: EpochMs;
  /** When a span last started or ended inside. */
  readonly lastActivityAt: EpochMs;
  readonly pool?: string | undefined;
  /** Where it waits, if that is not its pool's name. */
  readonly queue?: string | undefined;
}

export interface RateLimitState {
  readonly provider: string;
  readonly model: string | undefined;
  readonly kind: string;
  readonly window?: string | undefined;
  readonly limit?: number | undefined;
  readonly remaining?: number | undefined;
  /** The used share, where only that is told. */
  readonly utilization?: number | undefined;
  /** When all of it is there again. */
  readonly resetAt?: EpochMs | undefined;
  /** When the answer came that told it. */
  readonly toldAt: EpochMs;
}

export interface CallUnderWay {
  readonly provider: string;
  readonly model: string | undefined;
  /** False for one that has ended since the last time. */
  readonly isOpen: boolean;
}

/** One kind of one budget; the limit is above 0. */
export interface BudgetState {
  readonly name: string;
  readonly kind: 'token' | 'cost' | 'time';
  readonly limit: number;
  readonly usage: number;
}

/** Same-named pools and queues are shown as one. */
export interface GaugeState {
  pools(): Iterable<PoolState>;
  queues(): Iterable<QueueState>;
  tasks(): Iterable<UnfinishedTask>;
  rateLimits(): Iterable<RateLimitState>;
  callsUnderWay(): Iterable<CallUnderWay>;
  budgets(): Iterable<BudgetState>;
}
