/** A run as plain data: the store reads it, and every answer is computed from it. */
export type AttributeValue = string | number | boolean | readonly (string | number | boolean)[];
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** The span that the work of a process belongs below, found by the connection that its telemetry came through. */
export interface Owner {
  readonly traceId: string;
  readonly spanId: string;
}

export interface SpanRow {
  traceId: string;
  spanId: string;
  parentSpanId: string | undefined;
  /** Of the parent, where that is in another trace: a program that begins one of its own below a process of the run. */
  parentTraceId?: string | undefined;
  name: string;
  /** OTLP SpanKind number (1 INTERNAL, 3 CLIENT). */
  kind: number;
  /** Epoch milliseconds with fraction. */
  startMs: number;
  /** Undefined for a span that never ended: only the record of its start arrived. */
  endMs: number | undefined;
  isError: boolean;
  attributes: Attributes;
  links: readonly { traceId: string; spanId: string }[];
  scopeName: string;
  serviceName: string;
  /** `process.pid` of the resource, where sent. */
  pid: number | undefined;
  /** Of a span that a process of swarmscope sent: which ledger counts it. Not read back. */
  sender?: string | undefined;
}

/** What one process or thread says of its items of one signal. */
export interface SignalLedger {
  recorded: number;
  sent: number;
  /** Left in the run's folder, which the run has read since. */
  left: number;
  /** Recorded by a thread that was ended without notice, whose own ledger counts them as well. */
  takenOver: number;
  /** By a reason of the registry. */
  dropped: Readonly<Record<string, number>>;
}

/** The ledger of a process or thread that did not say that all it recorded was taken. */
export interface SenderLedger {
  sender: string;
  /** The same for all threads of one process. */
  process: string;
  /** False: it was killed, and may have recorded more since it wrote this. */
  isEnded: boolean;
  traces: SignalLedger;
  logs: SignalLedger;
  /** Its spans that are stored with their end. */
  storedSpans: number;
}

export interface MetricSeries {
  name: string;
  unit: string;
  kind: 'sum' | 'gauge' | 'histogram';
  isMonotonic: boolean;
  attributes: Attributes;
  instanceId: string;
  /** Whose it is. Undefined where nobody knows, and for what we recorded ourselves. */
  owner?: Owner | undefined;
  /** Points in time order. Histograms carry count and sum in `value`/`sum` and the buckets of the last point. */
  points: readonly { timeMs: number; value: number; sum?: number | undefined; max?: number | undefined }[];
  buckets?: { bounds: readonly number[]; counts: readonly number[] } | undefined;
}

export interface LogRow {
  timeMs: number;
  eventName: string;
  body: string | undefined;
  severity: number;
  traceId: string | undefined;
  spanId: string | undefined;
  attributes: Attributes;
  serviceName: string;
  /** `process.pid` of the resource, where sent. Not read back. */
  pid?: number | undefined;
  owner?: Owner | undefined;
}

/** How long a process lived, as it told the run itself. */
export interface ProcessLife {
  pid: number;
  startMs: number;
  endMs: number;
}

export interface RunRow {
  id: string;
  name: string;
  /** Executable name only, unless content is captured. */
  command: string;
  startMs: number;
  endMs: number | undefined;
  exitCode: number | undefined;
  signal: string | undefined;
  /** Process id of the command; unknown in runs of older versions. */
  pid?: number | undefined;
}

/** Of `of` rows the first `read` were read. */
export interface Unread {
  readonly what: 'span' | 'log record' | 'metric point';
  readonly read: number;
  readonly of: number;
  /** Heap that all of them would take, with what is made of them. */
  readonly neededBytes: number;
}

/** Telemetry that was kept by somebody else: files, a trace of Tempo. */
export interface RecordSource {
  /** Files, or where it was asked for. */
  readonly names: readonly string[];
  readonly traces: number;
}

export interface RunData {
  run: RunRow;
  spans: readonly SpanRow[];
  series: readonly MetricSeries[];
  logs: readonly LogRow[];
  /** Processes that told something, also where no span is known of them. Undefined where nobody looked. */
  lives?: readonly ProcessLife[] | undefined;
  /** Processes that ran and told nothing, by what they were: `node 20.20.2`. Undefined where nobody looked. */
  unseen?: readonly { name: string; count: number }[] | undefined;
  /** LLM calls were led through the gateway. */
  isGatewayUsed?: boolean | undefined;
  /** Of processes that may have lost something. Undefined where nobody looked. */
  ledgers?: readonly SenderLedger[] | undefined;
  /** What was stored and is not in this data, since the memory of the process that read it would not have held it. */
  unread?: readonly Unread[] | undefined;
  /** Where it was read from, if that is no run that we recorded. */
  source?: RecordSource | undefined;
  /** Things lost on the way, by what and why; all zero on a good day. */
  losses: Readonly<Record<string, number>>;
}
