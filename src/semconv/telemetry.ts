/** The plain data that telemetry is made of, shared by every room: attributes, log records, metrics, and what an LLM call used. */

export type AttributeValue = string | number | boolean | readonly string[];
/** Attributes by registry name. `undefined` means absent. */
export type Attributes = Record<string, AttributeValue | undefined>;

/** Milliseconds since the Unix epoch, with fraction. */
export type EpochMs = number;

export interface LogRecord {
  eventName: string;
  time: EpochMs;
  severityNumber: number;
  traceId?: string | undefined;
  spanId?: string | undefined;
  attributes: Attributes;
}

export type MetricKind = 'counter' | 'updowncounter' | 'gauge' | 'histogram';

export interface NumberPoint {
  attributes: Attributes;
  value: number;
  /** Only to be exported, of what was counted since then; default: since the metric began. */
  startTime?: EpochMs | undefined;
  /** Of a gauge that passes on what somebody else told: when that was told. */
  toldAt?: EpochMs | undefined;
  /** Only to be exported: what it measured is gone, and so is the series. */
  isGone?: true;
}

export interface HistogramPoint {
  attributes: Attributes;
  /** As in `NumberPoint`. */
  startTime?: EpochMs | undefined;
  count: number;
  sum: number;
  min?: number | undefined;
  max?: number | undefined;
  bounds: readonly number[];
  /** One longer than `bounds`. */
  counts: readonly number[];
}

/** Who measures: of a library, the name that it gave itself. */
export interface MetricScope {
  readonly name: string;
  readonly version?: string | undefined;
  readonly schemaUrl?: string | undefined;
}

/** What a metric is, without its points. */
export interface MetricDescription {
  name: string;
  unit: string;
  description: string;
  isInt: boolean;
  /** Of the program that is observed; absent: ours. */
  scope?: MetricScope | undefined;
  /** Read at each collection, and not counted when it happens. */
  isObserved?: boolean | undefined;
}

/** One metric and the state of its series at one time; cumulative for counters and histograms. */
export type SnapshotMetric = MetricDescription & {
  /** Only to be exported: its points are what came since the last export. */
  isDelta?: boolean | undefined;
} & ({ kind: 'counter' | 'updowncounter' | 'gauge'; points: NumberPoint[] } | { kind: 'histogram'; points: HistogramPoint[] });

/** `gen_ai.operation.name` of a call in which a model works: it has tokens, a price, and a share in what a task did. */
export type Inference = 'chat' | 'embeddings' | 'generate_content' | 'text_completion' | 'rerank';
/** `gen_ai.operation.name` of what goes to an LLM service: an inference, or a request around one. */
export type LlmOperation = Inference | 'count_tokens' | 'create_batch' | 'fetch_response' | 'cancel_response';

const AROUND: ReadonlySet<LlmOperation> = new Set<LlmOperation>(['count_tokens', 'create_batch', 'fetch_response', 'cancel_response']);

/** False for what only counts, submits or fetches: it is timed, and never priced or counted as a call. */
export function isInference(operation: LlmOperation): operation is Inference {
  return !AROUND.has(operation);
}

/** Tokens of one LLM call, or of one pass of the model in it, as its provider counted them. */
export interface LlmUsage {
  /** Total, cached included. */
  inputTokens?: number | undefined;
  /** Total, reasoning included. */
  outputTokens?: number | undefined;
  cacheReadTokens?: number | undefined;
  cacheWriteTokens?: number | undefined;
  /** Of `cacheWriteTokens`: kept for an hour, which costs more than five minutes. */
  cacheWriteHourTokens?: number | undefined;
  reasoningTokens?: number | undefined;
  /** Parts of the totals that are no text. */
  audioInputTokens?: number | undefined;
  audioOutputTokens?: number | undefined;
  imageInputTokens?: number | undefined;
  imageOutputTokens?: number | undefined;
}

/** What a call costs depends on beside its tokens, in the provider's words. */
export interface LlmBilling {
  /** That served the call: `default`, `flex`, `priority`. */
  serviceTier?: string | undefined;
  /** `standard`, `fast`. */
  speed?: string | undefined;
  /** Where the model ran, if that was chosen: `us`, `eu`. */
  region?: string | undefined;
  /** Runs of the provider's own tools: `{ web_search: 5 }`. */
  providerTools?: Readonly<Record<string, number>> | undefined;
  /** The tokens of each pass where the model went several times over one call; their sums are the usage. */
  passes?: readonly LlmUsage[] | undefined;
  /** What nobody can turn into dollars: `cost in CNY`, `citation tokens`. */
  unpriceable?: string | undefined;
}

/** One limit of an account, as far as an answer tells it. */
export interface RateLimit {
  /** `requests`, `tokens`, `input_tokens`, `output_tokens`, `subscription`. */
  kind: string;
  /** The time that it is for, where that is told: `minute`, `day`, `5h`. */
  window?: string | undefined;
  limit?: number | undefined;
  remaining?: number | undefined;
  /** The used share, where only that is told. */
  utilization?: number | undefined;
  /** From the answer until all of it is there again. */
  resetSeconds?: number | undefined;
}

export interface LlmRequest {
  requestModel?: string | undefined;
  stream?: boolean | undefined;
  toolsOffered?: readonly string[] | undefined;
  /** Equal for a request that is sent again. Never exported. */
  likeness?: (() => number) | undefined;
  /** Further attributes of the request by registry name (temperature, max tokens, ...). */
  attributes?: Attributes | undefined;
}

/** What the head of an answer tells. */
export interface LlmHead {
  statusCode?: number | undefined;
  /** By which the provider knows the request. */
  requestId?: string | undefined;
  rateLimits?: readonly RateLimit[] | undefined;
}

export interface LlmAnswer {
  endTime?: EpochMs | undefined;
  responseModel?: string | undefined;
  responseId?: string | undefined;
  /** The program that answered, where it is known by what it writes: whose service it is at a host of one's own. */
  server?: string | undefined;
  /** Where a service works on after its answer: what it says of the response (`queued`, `completed`, ...). */
  responseStatus?: string | undefined;
  finishReasons?: readonly string[] | undefined;
  usage?: LlmUsage | undefined;
  /** Of an answer that told no usage, where the user wants it guessed by lengths. */
  estimate?: { readonly inputTokens: number; readonly outputTokens: number } | undefined;
  /** Seconds from the request to the first chunk of output; streamed calls only. */
  timeToFirstChunk?: number | undefined;
  /** Mean seconds between chunks of output after the first, and how many there were. */
  timePerChunk?: { mean: number; count: number } | undefined;
  statusCode?: number | undefined;
  errorType?: string | undefined;
  /** The provider refused the prompt since it does not fit into the context window. */
  isContextOverflow?: boolean | undefined;
  /** Names of the tools that the answer asked for (one entry per call). */
  toolsCalled?: readonly string[] | undefined;
  /** What each of `toolsCalled` is given, as it came; only where content is captured. */
  toolInputs?: readonly unknown[] | undefined;
  billing?: LlmBilling | undefined;
  /** USD, where the provider reports it itself. */
  providerCost?: number | undefined;
  /** Limits that the body of a refusal tells; those of the head come before it. */
  rateLimits?: readonly RateLimit[] | undefined;
  /** Further attributes; content only where it is captured. */
  attributes?: Attributes | undefined;
}
