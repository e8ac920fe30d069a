/** The types of the generated constants. */

/** How a value may leave: always (`never` is content), as a name the user chose, or only when content capture is on. */
export type ContentClass = 'never' | 'name' | 'content';

export type RequirementLevel = 'required' | 'conditionally_required' | 'recommended' | 'opt_in';

export interface MetricSpec {
  readonly name: string;
  readonly instrument: 'counter' | 'updowncounter' | 'gauge' | 'histogram';
  /** UCUM, case sensitive: `s`, `By`, `1`, `{task}`. */
  readonly unit: string;
  readonly description: string;
  readonly valueType: 'int' | 'double';
  /** Explicit bucket boundaries; histograms only. */
  readonly buckets?: readonly number[];
  readonly attributes: readonly string[];
  /** Name in Prometheus after OTLP translation with suffixes; for a histogram without `_bucket`, `_sum`, `_count`. */
  readonly prometheus: string;
}

/** A span as data: what a test compares emitted spans with. */
export interface SpanSpec {
  readonly type: string;
  readonly kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  /** Template of the span name: `run_task {swarmscope.task.type}`. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, RequirementLevel>>;
}

/** One attribute of another vocabulary and the name it has with us. */
export interface DialectAttributeRule {
  readonly from: string;
  readonly to: string;
  /** Factor between the units: 0.001 from milliseconds to seconds. */
  readonly scale?: number;
  /** Added after scaling: -1 turns an attempt counted from 1 into a count of resends. */
  readonly offset?: number;
  /** Further attributes whose numbers are added: Anthropic counts cached input apart. */
  readonly add?: readonly string[];
  /** Their values to ours; a value that is not here stays. */
  readonly values?: Readonly<Record<string, string>>;
  /** A number becomes text: an HTTP status as the type of an error. */
  readonly text?: boolean;
  /** One value becomes a list of one. */
  readonly wrap?: boolean;
  /** Replaces a value that is already there under our name. */
  readonly override?: boolean;
  /** Smaller numbers are not translated, and the source stays: an HTTP status is an error from 400 on. */
  readonly atLeast?: number;
}

/** What a span of another vocabulary is with us; the first rule that fits is taken. */
export interface DialectSpanRule {
  /** The name of the span, what one of its attributes equals or is below, or both. */
  readonly when: { readonly name?: string; readonly attribute?: string; readonly equals?: string | boolean; readonly below?: number };
  /** Template over attributes of ours: `chat {gen_ai.request.model}`. */
  readonly name?: string;
  /** OTLP kind: 1 internal, 3 client. */
  readonly kind?: number;
  readonly set: Readonly<Record<string, string>>;
  /** Attributes of theirs whose meaning depends on the kind of span, and their names with us. */
  readonly copy?: Readonly<Record<string, string>>;
  /** Names that would make the span something which it is not with us. */
  readonly drop?: readonly string[];
}

/** A log event that a call or a tool is made of. */
export interface DialectEvent {
  readonly event: string;
  /** `call`: a request that took so long; `usage`: what it used, of the same event or of a later one; `tool`: a tool that ran. */
  readonly counts: 'call' | 'usage' | 'tool';
  /** Attribute that holds how long it took, until the event. */
  readonly milliseconds?: string;
}

/** A metric of theirs that adds up what ours does. */
export interface DialectMeter {
  readonly from: string;
  /** Values that an attribute of the point may have. */
  readonly where?: Readonly<Record<string, readonly string[]>>;
  readonly to: string;
}

/** What a sender is: an agent that tells of its own calls, a reader in the kernel, or a library in the program. */
export type DialectObserver = 'agent' | 'kernel' | 'library';

export interface Dialect {
  readonly name: string;
  readonly observer: DialectObserver;
  /** A span speaks the dialect when any of these holds. */
  readonly match: {
    readonly namePrefixes: readonly string[];
    readonly scopePrefixes: readonly string[];
    readonly attributes: readonly string[];
  };
  /** Spans that no rule names are internals of the program and not worth showing. */
  readonly isNoisy: boolean;
  /** Texts without a name of ours that hold no content; all others are dropped while content is off. */
  readonly keep: readonly string[];
  readonly attributes: readonly DialectAttributeRule[];
  readonly spans: readonly DialectSpanRule[];
  readonly events: readonly DialectEvent[];
  readonly meters: readonly DialectMeter[];
}
