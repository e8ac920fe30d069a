/** Where an activity sits and what an open one can be told. */
import type { Context } from '@opentelemetry/api';
import type { Attributes, EpochMs } from '../semconv/telemetry.ts';
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
  /** In a piece of work, whose spans are recorded together or not at all. */
  readonly isInPiece?: boolean | undefined;
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
  /** `gen_ai.provider.name`, as the library tells it. */
  readonly provider: string | undefined;
  /** An attempt is under way: the span stays open for its facts. Whether it is the first one. */
  adopt(): boolean;
  learn(attributes: Attributes, name?: string): void;
  /** The attempt has ended; `errorType` where it failed. */
  release(errorType: string | undefined): void;
}

/** The process that an agent works in, where the agent is known before it. */
export interface AgentProcess {
  isStarted: boolean;
  /** It is a program for Node, once it has started: what it does there is seen. */
  isNode?: boolean;
  ended(end: ActivityEnd): void;
}

export interface AgentState {
  readonly name: string;
  /** Own calls, sub-agents excluded. */
  inferenceCalls: number;
  toolCalls: number;
  /** Names of the different ones. */
  readonly toolsUsed: Set<string>;
  /** Set: the next agent CLI that starts below is this agent, and no other one. */
  readonly process?: AgentProcess | undefined;
}

export interface TaskState {
  readonly id: string;
  readonly type: string;
  /** The slot that it runs on, or its outer task. */
  readonly worker?: string | undefined;
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
