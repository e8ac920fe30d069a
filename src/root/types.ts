/** What crosses the run channel, and what a process is to its run. */
import type { PolicyAnswer, PolicyAsk, PolicyState } from '../config/policies/types.ts';
import type { SnapshotMetric } from '../semconv/telemetry.ts';

export type RunRole = 'root' | 'member' | 'alone';

/**
 * A process's place in its run. A thread older than the run's folder is alone until its main thread has told it; a
 * member whose root is gone is first alone, then the root of its own children.
 */
export interface RunLink {
  readonly role: RunRole;
  readonly runId: string;
  /** Path of the private folder; undefined before the root made it, where it cannot be made, or alone. */
  readonly runFolder: string | undefined;
  /** Variables for children. The root's folder and channel are there when this returns. */
  environment(): Record<string, string>;
  /** Hands over `snapshot`; returns what this process must export, if anything. `isFinal`: synchronous, for `exit`. */
  offer(snapshot: MetricSnapshot, isFinal: boolean): MergedMetrics | undefined;
  /** Replaces the final snapshot that a member left, as long as the root still reads finals. */
  amend(snapshot: MetricSnapshot): void;
  /** Takes the last state of another one of the run, which can tell it no more: a thread of this process. */
  handIn(snapshot: MetricSnapshot): void;
  /** Of the hashes of content, one for the run; undefined in a thread that does not know its run yet. */
  hashKey(): Uint8Array | undefined;
  memberCount(): number;
  /** Of a root: what the merge could not take as it came. */
  faults(): MergeFaults | undefined;
  /** Of a member: hears of the policies in force, now and at each change. A root is told nothing: it makes them. */
  followPolicies(listener: (state: PolicyState) => void): void;
  /** Asks the root to change policies; `onAnswer` is called once, with undefined where no root answers. */
  askPolicies(ask: PolicyAsk, onAnswer: (answer: PolicyAnswer | undefined) => void): void;
  /** Of a root: `state` gives the policies in force, undefined where none are set; `onAsk` answers the members. */
  leadPolicies?(state: () => PolicyState | undefined, onAsk: (ask: PolicyAsk) => PolicyAnswer): void;
  /** Of a root: tells them to the processes there are, and to those that start later. */
  tellPolicies?(): void;
  /** Closes sockets and removes the root's folder. */
  close(): void;
}

/** Cumulative state of all metrics of one process or thread: a lost or repeated message then changes no total. */
export interface MetricSnapshot {
  /** Unique per process and thread, never inherited. */
  processKey: string;
  /** Grows by one; an older one never replaces a newer one. */
  sequence: number;
  pid: number;
  /** When the process started. Undefined from older versions. */
  bornTime?: number | undefined;
  startTime: number;
  time: number;
  metrics: SnapshotMetric[];
}

/** How long a process lived, as far as it told: times in ms since the epoch. */
export interface ProcessLife {
  readonly pid: number;
  readonly startMs: number;
  readonly endMs: number;
}

/** The metrics that one process of the run exports for all that handed theirs in. */
export interface MergedMetrics {
  readonly startTime: number;
  readonly time: number;
  readonly metrics: SnapshotMetric[];
  /** To be called when these points have been taken by the endpoint. */
  readonly onExported?: (() => void) | undefined;
}

/** What was not taken as it came; for the status file. */
export interface MergeFaults {
  /** Snapshots of processes long folded, or older than the one at hand. */
  late: number;
  /** Snapshots beyond the bound of live processes. */
  refused: number;
  /** Metrics whose kind differs from the first seen under that name, or beyond the bound of names. */
  conflicting: number;
  /** Histogram points put on other bounds. */
  rebucketed: number;
  /** Points put into an overflow series. */
  overflowed: number;
  /** Names of the metrics they belong to. */
  overflowing: string[];
}
