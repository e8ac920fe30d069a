/** The contract between those who watch (observers, the API) and those who record (this room, given the assembly). */
import type { Context, Link, Meter, Span, SpanContext, SpanKind, TimeInput, Tracer } from '@opentelemetry/api';
import type { Settings } from '../config/settings/index.ts';
import type { Attributes, EpochMs, LlmAnswer, LlmHead, LlmOperation, LlmRequest } from '../semconv/telemetry.ts';
import type { OuterContext } from './app-sdk.ts';
import type { Rollup } from './rollup.ts';

/** Where an activity sits: what the private AsyncLocalStorage carries. */
export interface Frame {
  /** OpenTelemetry context that holds the span (ours, or a remote parent). */
  readonly context: Context;
  readonly parent: Frame | undefined;
  readonly task: TaskState | undefined;
  readonly batch: BatchState | undefined;
  readonly agent: AgentState | undefined;
  readonly runId: string | undefined;
  /** What is added to the clock of the run in this trace; undefined where others began the trace. */
  readonly shiftMs?: number | undefined;
  /** W3C tracestate that came from outside, handed on as it was. */
  readonly tracestate?: string | undefined;
  /** Below a tool call whose time is counted already. */
  readonly isInTool?: boolean | undefined;
  /** The library span that we are in, and the context of the app's API copy that was made current with it. */
  readonly library?: { readonly span: object; readonly context: unknown } | undefined;
  /** Directly below a library's own span of an LLM call. */
  readonly inference?: NativeInference | undefined;
}

/** A library's own span of an LLM call: what the wire sees of that call belongs to it. */
export interface NativeInference {
  /** False once the library has ended it. */
  readonly isOpen: boolean;
  /** An attempt is under way: the span stays open for its facts. Whether it is the first one. */
  adopt(): boolean;
  learn(attributes: Attributes, name?: string): void;
  release(): void;
}

export interface AgentState {
  readonly name: string;
  /** Own calls, sub-agents excluded. */
  inferenceCalls: number;
  toolCalls: number;
}

export interface TaskState {
  readonly id: string;
  readonly type: string;
  /** Sums of what happened inside; become `swarmscope.task.*` at the end. */
  readonly rollup: Rollup;
  readonly outer: TaskState | undefined;
}

export interface BatchMember {
  readonly id: string;
  readonly type: string;
  readonly startTime: EpochMs;
  readonly endTime: EpochMs;
  readonly traceId: string;
  readonly spanId: string;
}

/** Filled by the tasks that carry its id; read once, when the batch ends. */
export interface BatchState {
  readonly id: string;
  readonly schedulerName: string;
  /** At most `MAX_BATCH_MEMBERS`; more are counted in `overflow`. */
  readonly members: BatchMember[];
  overflow: number;
}

export interface ActivityEnd {
  endTime?: EpochMs | undefined;
  /** Low-cardinality `error.type`; sets span status ERROR. */
  errorType?: string | undefined;
  attributes?: Attributes | undefined;
}

/** One span being recorded. Ends once; later calls do nothing. No member ever throws. */
export interface Activity {
  readonly frame: Frame;
  readonly traceId: string;
  readonly spanId: string;
  readonly isEnded: boolean;
  readonly startTime: EpochMs;
  set(attributes: Attributes): void;
  end(result?: ActivityEnd): void;
}

export interface LlmCallStart extends LlmRequest {
  operation: LlmOperation;
  /** `gen_ai.provider.name`, e.g. `openai`. */
  provider: string;
  /** Where the service runs, if its address says so; its prices may depend on it. */
  region?: string | undefined;
  serverAddress?: string | undefined;
  serverPort?: number | undefined;
  /** Of its HTTP request. Default: `POST`. */
  method?: string | undefined;
  startTime?: EpochMs | undefined;
  /** 0 for the first attempt. */
  resendCount?: number | undefined;
  frame?: Frame | undefined;
  /** The process ends while the call is open: ends it with what is known. */
  onCut?: ((errorType: string) => void) | undefined;
}

/** Its content attributes are given only when `recorder.isContentCaptured`. */
export interface LlmCallEnd extends LlmAnswer {
  requestModel?: string | undefined;
  /** Where the answer tells it better than the request did. */
  provider?: string | undefined;
}

export interface LlmCall {
  readonly activity: Activity;
  /** Facts known only after the start (the body came later than the headers). */
  learn(facts: LlmRequest & { operation?: LlmOperation; provider?: string }): void;
  /** What the head of the answer tells: it is known whatever becomes of the body. */
  learnHead(head: LlmHead): void;
  end(end: LlmCallEnd): void;
}

export interface ToolCallStart {
  name: string;
  callId?: string | undefined;
  toolType?: string | undefined;
  attributes?: Attributes | undefined;
  startTime?: EpochMs | undefined;
  frame?: Frame | undefined;
}

/** From the model's answer that asked for the tool to the request that brought its result. */
export interface InferredToolCall {
  name: string;
  callId: string;
  startTime: EpochMs;
  endTime: EpochMs;
  frame: Frame | undefined;
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

/** What observers and the API call. No member ever throws. */
export interface Recorder {
  readonly settings: Settings;
  readonly isContentCaptured: boolean;
  now(): EpochMs;
  current(): Frame | undefined;
  within<T>(frame: Frame, fn: () => T): T;
  /** Runs `fn` where we were when `current` gave `frame`, and leaves the context of the app's SDK as it is. */
  resume<T>(frame: Frame | undefined, fn: () => T): T;
  /** `TRACEPARENT` (and `TRACESTATE`) for a child of `frame`, else of the current frame; `{}` when there is none. */
  carrier(frame?: Frame): Record<string, string>;
  frameOfTraceparent(traceparent: string): Frame | undefined;

  startRun(name: string): Activity;
  startPhase(name: string): Activity;
  /** `fallbackType` stands in for `options.type`. `swarmscope.task.result` follows `errorType` unless given. */
  startTask(options: TaskOptions, fallbackType: string): Activity;
  startBatch(options: BatchOptions): Activity;
  /** A batch that may turn out to be one: tasks join it by `joinBatch`; `recordBatch` makes the span afterwards. */
  newBatch(schedulerName: string): BatchState;
  joinBatch(frame: Frame | undefined, batch: BatchState): Frame;
  recordBatch(batch: BatchState, options: BatchOptions, startTime: EpochMs, frame: Frame | undefined): void;
  startAgent(name: string, attributes?: Attributes): Activity;
  startTool(start: ToolCallStart): Activity;
  /** A tool call seen only from outside: dropped when the app recorded the same call itself. */
  recordInferredTool(call: InferredToolCall): void;
  startWait(reason: WaitReason, attributes?: Attributes, startTime?: EpochMs): Activity;
  startLlmCall(start: LlmCallStart): LlmCall;
  /** undefined when it cannot be recorded. */
  startLibrarySpan(start: LibrarySpanStart): LibrarySpan | undefined;
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

  trackPool(pool: PoolReader): Tracking;
  trackQueue(queue: QueueReader): Tracking;
}

/** What recording is given by the assembly. */
export interface Assembly {
  readonly tracer: Tracer;
  readonly meter: Meter;
  /** A tracer with a scope of its own, for spans of libraries. */
  tracerFor(name: string, version?: string, schemaUrl?: string): Tracer;
  /** Present where the app's own SDK may take our spans: its context goes with ours. */
  readonly outer?: OuterContext | undefined;
  usesAppSdk?(): boolean;
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
