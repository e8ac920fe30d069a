/** What an assembly is given, and what it offers to whoever puts a process together. */
import type { LivePolicies } from '../config/policies/live.ts';
import type { SettingProblem, Settings } from '../config/settings/index.ts';
import type { ResourceAttributes } from '../otlp/write/index.ts';
import type { RunKind } from '../recording/app-sdk.ts';
import type { Assembly } from '../recording/types.ts';
import type { LogRecord } from '../semconv/telemetry.ts';
import type { Counts } from './counts.ts';
import type { Sender } from './exit-sender.ts';
import type { ThreadsLeft } from './journal/adopt.ts';
import type { Hop } from './ledger.ts';
import type { MetricsRun } from './metrics/publisher.ts';
import type { FoundLibrary } from './libraries.ts';
import type { ObserverStatus, ProcessStatus } from './status-file.ts';

export interface AssemblyOptions {
  readonly settings: Settings;
  /** Of swarmscope. */
  readonly version: string;
  /** Where this process's metrics are merged with those of others. Absent: it exports its own. */
  readonly run?: MetricsRun | undefined;
  /** Numbers for the status file, also of what was there before the assembly. Default: none yet. */
  readonly counts?: Counts | undefined;
  readonly observers?: (() => Readonly<Record<string, ObserverStatus>>) | undefined;
  readonly libraries?: (() => readonly FoundLibrary[]) | undefined;
  /** Observers that switched themselves off. */
  readonly faults?: (() => Iterable<string>) | undefined;
  readonly hops?: (() => Iterable<Hop>) | undefined;
  /** What children need to join the run; told by whoever knows the root. Default: nothing. */
  readonly childEnvironment?: (() => Readonly<Record<string, string>>) | undefined;
  /** See `Assembly.askPolicies`. */
  readonly askPolicies?: Assembly['askPolicies'];
  /** In force in this process, for the status file. */
  readonly policies?: LivePolicies | undefined;
  /** See `Assembly.leads`. */
  readonly leads?: RunKind | undefined;
  /** See `RunLink.hashKey`. Default: no hashes. */
  readonly hashKey?: (() => Uint8Array | undefined) | undefined;
  /** how much the recorder holds, by name, for the status file. */
  readonly held?: (() => Readonly<Record<string, number>>) | undefined;
  /** Declarations that were refused, for `doctor`. */
  readonly problems?: (() => readonly SettingProblem[]) | undefined;
  /** What sends the rest in an `exit` handler. Default: nothing does. */
  readonly sender?: Sender | undefined;
  /** Hands memory of a thread to the main thread; absent: what a terminated thread has not sent is lost. */
  readonly share?: ((memory: SharedArrayBuffer) => void) | undefined;
  /** Calls `before` and `after` around each synchronous child process of the app. */
  readonly onSyncChild?: ((before: () => void, after: () => void) => void) | undefined;
  /** Called when the process ends, before the last flush: end what is open. May be called more than once. */
  readonly onEnding?: ((isKilled: boolean) => void) | undefined;
  /** Called once, when nothing is sent any more. */
  readonly onEnded?: (() => void) | undefined;
}

export interface ProcessAssembly extends Assembly {
  readonly threads: ThreadsLeft;
  readonly resource: ResourceAttributes;
  emitLog(record: LogRecord): void;
  count(name: string, by?: number): void;
  status(): ProcessStatus;
  /** Stops timers and closes connections; what is queued is forgotten. */
  close(): void;
}

export interface SupervisorAssembly extends ProcessAssembly {
  /** Sends what is queued, within `timeoutMs`. `beforeLedger` is awaited before the metrics that tell the outcome. */
  flush(timeoutMs: number, beforeLedger?: () => Promise<void>): Promise<void>;
}
