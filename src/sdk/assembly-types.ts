/** What an assembly is given, and what it offers to whoever puts a process together. */
import type { Tracer } from '@opentelemetry/api';
import type { Settings } from '../config/settings.ts';
import type { Assembly } from '../recording/types.ts';
import type { MetricSnapshot } from '../root/types.ts';
import type { SnapshotMetric } from '../semconv/telemetry.ts';
import type { Hop } from './ledger.ts';
import type { ResourceAttributes, Window } from '../otlp/write/index.ts';
import type { ObserverStatus, ProcessStatus } from './status-file.ts';

/**
 * Where this process's metrics go instead of straight out: the run channel. Returns whether the root took them; if not, the process
 * writes its own. `isFinal` is synchronous, in an `exit` handler.
 */
export type MetricsSink = (snapshot: MetricSnapshot, isFinal: boolean) => boolean;

export interface AssemblyOptions {
  readonly settings: Settings;
  /** Of swarmscope. */
  readonly version: string;
  readonly metricsSink?: MetricsSink | undefined;
  /** Whether another process exports our metrics. */
  readonly isMember?: (() => boolean) | undefined;
  /** Replaces the last snapshot that a member left: what became of its last spans is known only after it. Synchronous; may come too late. */
  readonly amendFinal?: ((snapshot: MetricSnapshot) => void) | undefined;
  /** Observers that switched themselves off. */
  readonly faults?: (() => Iterable<string>) | undefined;
  /** What this process passed on for others. */
  readonly hops?: (() => Iterable<Hop>) | undefined;
  /** What children need to join the run; told by whoever knows the root. Default: nothing. */
  readonly childEnvironment?: (() => Readonly<Record<string, string>>) | undefined;
  /** How much the recording room holds, by name, for the status file. */
  readonly held?: (() => Readonly<Record<string, number>>) | undefined;
  /** Environment of the sender at exit; what node itself needs, at most (`LD_LIBRARY_PATH`, `NODE_EXTRA_CA_CERTS`). Default: empty. */
  readonly senderEnvironment?: Readonly<Record<string, string>> | undefined;
  /** Calls `before` and `after` around each synchronous child process of the app. */
  readonly onSyncChild?: ((before: () => void, after: () => void) => void) | undefined;
}

export interface MetricExportOptions {
  /** The process ends: what is momentary ends with it. */
  readonly isLast?: boolean;
  /** Called when the endpoint has taken all of it. */
  readonly onTaken?: (() => void) | undefined;
}

export interface ProcessAssembly extends Assembly {
  readonly resource: ResourceAttributes;
  /** A tracer with a scope of its own, for spans of libraries. */
  tracerFor(name: string, version?: string, schemaUrl?: string): Tracer;
  /** Cumulative state of all instruments, read synchronously. */
  collectSnapshot(): MetricSnapshot;
  /** Exports metrics merged elsewhere (the root's). What waits of an older export is replaced. */
  exportMetrics(metrics: readonly SnapshotMetric[], window: Window, options?: MetricExportOptions): void;
  /** Called when the process ends, before the last flush: end what is open. May be called more than once. */
  onEnding(callback: () => void): void;
  /** Called once, when nothing is sent any more. */
  onClosed(callback: () => void): void;
  /** A number for the status file. */
  count(name: string, by?: number): void;
  /** Counts kept elsewhere (the preload's), shown beside ours. */
  shareCounts(counts: ReadonlyMap<string, number>): void;
  /** Asked whenever the status file is written. */
  shareObservers(read: () => Readonly<Record<string, ObserverStatus>>): void;
  status(): ProcessStatus;
  /** As in {@link Assembly}; `beforeLastWord` is awaited between what waits and the metrics that tell what became of it. */
  flush(timeoutMs: number, beforeLastWord?: () => Promise<void>): Promise<void>;
  /** Stops timers and listeners; what is queued is forgotten. */
  close(): void;
}
