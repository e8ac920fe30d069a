/** The contract between those who watch (observers, the API) and those who record (this room, given the assembly). */
import type { Link, Meter, Span, SpanContext, SpanKind, TimeInput, Tracer } from '@opentelemetry/api';
import type { ContentMask } from './captured/user-mask.ts';
import type { PolicyVerbs } from '../config/policies/types.ts';
import type { Settings } from '../config/settings/index.ts';
import type { ProfileSummary } from '../semconv/profile.ts';
import type { Attributes, EpochMs, LogRecord, MetricScope } from '../semconv/telemetry.ts';
import type { Activity, AgentProcess, BatchState, Frame } from './activity-types.ts';
import type { TaskEstimate } from './estimate.ts';
import type { GivenProfile } from './profile.ts';
import type { BudgetVerbs } from './budgets/types.ts';
import type { OuterContext, RunKind } from './app-sdk.ts';
import type { LibraryMeter, LibraryScope } from './library-meter-types.ts';
import type { LlmCall, LlmCallStart } from './llm-call-types.ts';
import type { LlmSession, LlmSessionStart } from './llm-session-types.ts';
import type { ServedSpan, ServedStart } from './served-types.ts';

export type {
  Activity,
  ActivityEnd,
  AgentProcess,
  AgentState,
  BatchMember,
  BatchState,
  Frame,
  NativeInference,
  TaskState,
} from './activity-types.ts';
export type { LlmCall, LlmCallEnd, LlmCallStart } from './llm-call-types.ts';
export type { LlmSession } from './llm-session-types.ts';
export type { ServedSpan, ServedStart } from './served-types.ts';

export interface ToolCallStart {
  name: string;
  callId?: string | undefined;
  /** `callId` may be the library's own: Gemini tells none, and libraries make one up. Default: false. */
  mayHaveOtherId?: boolean | undefined;
  toolType?: string | undefined;
  /** What it is given; its hash leaves, and itself only where content is captured. */
  arguments?: unknown;
  attributes?: Attributes | undefined;
  startTime?: EpochMs | undefined;
  frame?: Frame | undefined;
}

/** Absent: not known. */
export interface ToolContent {
  arguments?: unknown;
  result?: unknown;
}

/** From the model's answer that asked for the tool to the request that brought its result. */
export interface InferredToolCall {
  attributes?: Attributes | undefined;
  name: string;
  callId: string;
  startTime: EpochMs;
  endTime: EpochMs;
  frame: Frame | undefined;
  /** The result tells that the tool failed. Default: false. */
  isError?: boolean | undefined;
}

export interface ChildProcessStart {
  /** Base name without path and extension: `claude`, `npm`. */
  executable: string;
  pid?: number | undefined;
  startTime?: EpochMs | undefined;
  attributes?: Attributes | undefined;
  frame?: Frame | undefined;
  /** Set when the child is an agent CLI: the span becomes `invoke_agent {name}` above the process. */
  agentName?: string | undefined;
  /** The child is a program for Node, which has the preload. */
  isNode?: boolean | undefined;
}

export interface GitOperation {
  /** git's own spelling: `worktree add`, `commit`. */
  operation: string;
  startTime: EpochMs;
  endTime: EpochMs;
  pid?: number | undefined;
  exitCode?: number | undefined;
  errorType?: string | undefined;
  /** W3C traceparent of the process that ran git. */
  traceparent?: string | undefined;
  attributes: Attributes;
  conflictCount?: number | undefined;
}

export interface TaskOptions {
  /** Low-cardinality kind of work: `implement`, `review`. */
  type?: string | undefined;
  id?: string | undefined;
  attempt?: number | undefined;
  priority?: number | undefined;
  /** When its dependencies were met and it was handed to the queue. */
  readyAt?: EpochMs | undefined;
  dependencies?: readonly string[] | undefined;
  pool?: string | undefined;
  queue?: string | undefined;
  worker?: string | undefined;
  /** W3C traceparent of what it hangs below, in this process or another one. */
  parent?: string | undefined;
  /** W3C traceparents of what it follows from, and does not hang below. */
  links?: readonly string[] | undefined;
  /** The program itself began it: those that it begins side by side are a batch, if nobody has declared one. */
  mayBeBatch?: boolean | undefined;
  /** What it is thought to take; then what it took of this process is measured. */
  estimate?: TaskEstimate | undefined;
  attributes?: Attributes | undefined;
  /** What `submitTask` gave when the scheduler accepted it. */
  submitted?: SubmittedTask | undefined;
}

/** A task accepted by a scheduler and not yet started. */
export interface SubmittedTask {
  readonly type: string;
  readonly submittedAt: EpochMs;
  /** Where it was submitted: the parent of its span. */
  readonly frame: Frame | undefined;
  /** It will never start (cleared, aborted). */
  cancel(): void;
}

export interface BatchOptions {
  scheduler?: string | undefined;
  index?: number | undefined;
  size?: number | undefined;
  strategy?: string | undefined;
  isInferred?: boolean | undefined;
}

export type WaitReason = 'dependency' | 'worker' | 'lock' | 'rate_limit' | 'gpu' | 'human' | 'barrier' | 'orchestrator';

/** Read at collection time; every member returns a count, `undefined` where unknown. */
export interface PoolReader {
  name: string;
  active: () => number;
  limit: () => number | undefined;
}

export interface QueueReader {
  name: string;
  size: () => number;
  capacity?: (() => number | undefined) | undefined;
  /** The longest since it was last asked. Default: its size then. */
  peak?: (() => number) | undefined;
}

/** Handle of a tracked thing; `stop` takes it out of the gauges. */
export interface Tracking {
  stop(): void;
}

/** A span that a library makes through `@opentelemetry/api`. */
export interface LibrarySpanStart {
  scope: { name: string; version?: string | undefined; schemaUrl?: string | undefined };
  name: string;
  kind?: SpanKind | undefined;
  attributes?: Readonly<Record<string, unknown>> | undefined;
  startTime?: TimeInput | undefined;
  links?: readonly Link[] | undefined;
  /** Default: the current frame. */
  parent?: Frame | undefined;
  /** A parent in another process, put above the span inside the frame. */
  remote?: SpanContext | undefined;
  /** The library asked for a trace of its own. */
  isRoot?: boolean | undefined;
}

export interface LibrarySpan {
  /** What the library gets. No member of it ever throws. */
  readonly span: Span;
  readonly frame: Frame;
}

/** Told by the program itself; a member of another kind than named here is left out. */
export type ToldEvent =
  | { readonly kind: 'decision'; readonly component: string; readonly chosen: string; readonly alternatives?: readonly string[] }
  | { readonly kind: 'handoff'; readonly from?: string; readonly to: string }
  | ({ readonly kind: 'route' } & RouteFacts)
  | ({ readonly kind: 'optimization' } & OptimizationFacts);

export interface OptimizationFacts {
  readonly optimizer: string;
  readonly tokensBefore: number;
  readonly tokensAfter: number;
  readonly reason?: string;
}

export interface RouteFacts {
  readonly tier: string;
  readonly model: string;
  readonly outcome?: 'selected' | 'fallback' | 'rejected';
  readonly reason?: string;
  readonly complexity?: number;
}

/** What observers and the API call. No member ever throws. */
export interface Recorder extends BudgetVerbs, PolicyVerbs {
  /** Tells an event; see `EventDescription`. Answers what was wrong with it. */
  emit(given: unknown): string | undefined;
  /** Keeps how this process stands; answers what was wrong with the name or the state. */
  snapshot(name: unknown, state?: unknown): string | undefined;
  /** How well this process used what it had. */
  profile(): ProfileSummary;
  /** Answers what was wrong with it. */
  recordProfile(given: GivenProfile): string | undefined;
  readonly settings: Settings;
  readonly isContentCaptured: boolean;
  now(): EpochMs;
  current(): Frame | undefined;
  within<T>(frame: Frame, fn: () => T): T;
  /** Runs `fn` where we were when `current` gave `frame`, and leaves the context of the app's SDK as it is. */
  resume<T>(frame: Frame | undefined, fn: () => T): T;
  /** A library keeps a context of its own: `read` says where it has us now, in spans of ours. It must not throw. */
  followContext(read: () => Frame | undefined): void;
  /** `TRACEPARENT` (and `TRACESTATE`) for a child of `frame`, else of the current frame; `{}` when there is none. */
  carrier(frame?: Frame): Record<string, string>;
  frameOfTraceparent(traceparent: string): Frame | undefined;
  /** What `carrier` gave in another thread or process. */
  frameOfCarrier(carrier: Readonly<Record<string, unknown>>): Frame | undefined;

  startRun(name: string): Activity;
  /** A graph or chain of a library: a workflow within the run. */
  startWorkflow(name: string): Activity;
  startPhase(name: string): Activity;
  /** `fallbackType` stands in for `options.type`. `swarmscope.task.result` follows `errorType` unless given. */
  startTask(options: TaskOptions, fallbackType: string): Activity;
  startBatch(options: BatchOptions): Activity;
  /** A batch that may turn out to be one: tasks join it by `joinBatch`; `recordBatch` makes the span afterwards. */
  newBatch(schedulerName: string): BatchState;
  joinBatch(frame: Frame | undefined, batch: BatchState): Frame;
  recordBatch(batch: BatchState, options: BatchOptions, startTime: EpochMs, frame: Frame | undefined): void;
  /** What the program says that it did: an event at the current place. */
  /** Answers what was wrong with it. */
  tell(event: ToldEvent): string | undefined;
  /** With `process` it works in a process of its own, which tells its calls itself. */
  startAgent(name: string, attributes?: Attributes, process?: AgentProcess): Activity;
  startTool(start: ToolCallStart): Activity;
  /** Keyed hash of a content; `undefined` for nothing, and where no key is known. */
  digest(content: unknown): string | undefined;
  /** What may be told of a tool call by what it was given and gave back: hashes, and the content where it is captured. */
  toolFacts(content: ToolContent): Attributes;
  /** A tool call seen only from outside: dropped when the app recorded the same call itself. */
  recordInferredTool(call: InferredToolCall): void;
  startWait(reason: WaitReason, attributes?: Attributes, startTime?: EpochMs): Activity;
  startLlmCall(start: LlmCallStart): LlmCall;
  startLlmSession(start: LlmSessionStart): LlmSession;
  /** undefined when it cannot be recorded. */
  startLibrarySpan(start: LibrarySpanStart): LibrarySpan | undefined;
  /** For what a program measures through `@opentelemetry/api`; undefined when that cannot be recorded. */
  libraryMeter(scope: LibraryScope): LibraryMeter | undefined;
  /** A request that a server of the program takes; undefined when it cannot be recorded. */
  startServed(start: ServedStart): ServedSpan | undefined;
  startChildProcess(start: ChildProcessStart): Activity;
  /** A git command was started here that `startGit` or `recordGit` will tell of, perhaps in another process. */
  expectGit(): void;
  /** A git command that runs; `end` takes all that is known when it has ended. */
  startGit(start: Pick<GitOperation, 'operation' | 'startTime' | 'pid' | 'traceparent' | 'attributes'>): {
    end(operation: GitOperation): void;
  };
  recordGit(operation: GitOperation): void;
  /** A task accepted by a scheduler: counted in `swarmscope.task.submitted`, queued until started or cancelled. */
  submitTask(type: string, pool?: string): SubmittedTask;

  /** With these, children find this run and report git: `SWARMSCOPE_RUN_ID`, `SWARMSCOPE_RUN_DIR`, `GIT_TRACE2_*`. */
  environment(): Readonly<Record<string, string>>;

  /** A thread of this process keeps in `memory` what it has recorded and not sent. */
  threadShared(thread: number, memory: SharedArrayBuffer): void;
  /** It has ended: what it left is sent. */
  threadEnded(thread: number): void;
  /** The process ends without another word, because another program takes its place: sends what was recorded. */
  leave(): void;

  /** Adds a mask that each piece of captured content goes through. */
  maskContent(mask: ContentMask): void;
  trackPool(pool: PoolReader): Tracking;
  trackQueue(queue: QueueReader): Tracking;
}

/** The part of a tracer that recording needs. */
export type SpanStarter = Pick<Tracer, 'startSpan'>;

/** What recording is given by the assembly. */
export interface Assembly {
  readonly tracer: SpanStarter;
  readonly meter: Meter;
  /** A meter with the scope of a library, to make one more instrument on; undefined where that goes nowhere, or there are too many. */
  meterFor?(scope: MetricScope): Meter | undefined;
  /** A tracer with a scope of its own, for spans of libraries. */
  tracerFor(name: string, version?: string, schemaUrl?: string): SpanStarter;
  /** Present where the app's own SDK may take our spans: its context goes with ours. */
  readonly outer?: OuterContext | undefined;
  usesAppSdk?(): boolean;
  readonly askPolicies?: PolicyVerbs['askPolicies'] | undefined;
  /** Present where this process is the first of a run, and nothing outside has started a trace for it. */
  readonly leads?: RunKind | undefined;
  /** Absent where records of ours go nowhere. */
  emitLog?: ((record: LogRecord) => void) | undefined;
  /** Of the hashes of content, one for all processes of the run; never exported. */
  hashKey?(): Uint8Array | undefined;
  /** What children need to join the run; see `Recorder.environment`. */
  environment(): Readonly<Record<string, string>>;
  /** See `Recorder.leave`. */
  leave?(): void;
  /** Told where more is known of an open span; absent where nobody asks. */
  readonly changed?: ((span: Span) => void) | undefined;
  /** See `Recorder.threadShared`. */
  readonly threads?: ThreadsTable | undefined;
}

/** Threads of this process, by number, and memory in which they keep what they have recorded and not sent. */
export interface ThreadsTable {
  shared(thread: number, memory: SharedArrayBuffer): void;
  ended(thread: number, endTime: EpochMs): void;
}
