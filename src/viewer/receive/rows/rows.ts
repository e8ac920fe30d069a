/** What a received request becomes: plain rows, and counts of what could not be used. */
import type { Attributes, LogRow, MetricSeries, Owner, SpanRow } from '../../../analysis/model.ts';
import type { Reading } from '../../../otlp/mask/index.ts';
import { MAX_ITEMS, OtlpError, type Losses } from '../../../otlp/read/index.ts';

export interface RowReading extends Reading {
  /** Read from a file, perhaps of another machine and another year: nothing has just arrived. */
  readonly isRecord?: boolean | undefined;
}

export interface TraceRows {
  spans: SpanRow[];
  losses: Losses;
}

export interface MetricPointRow {
  name: string;
  unit: string;
  kind: MetricSeries['kind'];
  isMonotonic: boolean;
  /** A delta adds to what came before; else the value is a running total. */
  isDelta: boolean;
  attributes: Attributes;
  instanceId: string;
  timeMs: number;
  /** Histograms: the count. */
  value: number;
  sum?: number | undefined;
  max?: number | undefined;
  buckets?: { bounds: readonly number[]; counts: readonly number[] } | undefined;
  owner?: Owner | undefined;
}

export interface MetricRows {
  points: MetricPointRow[];
  /** Points of another program are among them: theirs have an owner, and those that a root of ours merged have none. */
  isForeign?: boolean;
  losses: Losses;
}

export interface LogRows {
  logs: LogRow[];
  /** Records of another program are among them. */
  isForeign?: boolean;
  /** Spans that have started: `swarmscope.span.started` records, not repeated in `logs`. `endMs` is undefined. */
  openSpans: SpanRow[];
  /** Calls and tools that agents tell in events alone, made of these and earlier records; without a parent. */
  spans: SpanRow[];
  losses: Losses;
}

/** Yields after each item, so that its reader can let others have their turn. */
export type Steps<T> = Generator<undefined, T>;

/** A metric has many points: they are counted like items. @throws OtlpError `too_many` */
export function assertRoom({ length }: readonly unknown[]): void {
  if (length > MAX_ITEMS) throw new OtlpError('too_many', `OTLP request with more than ${MAX_ITEMS} items.`);
}

/** What was rejected of a request, for its answer; other losses are warnings. */
export function rejectedIn(losses: Readonly<Losses>): number {
  return Object.entries(losses).reduce((sum, [what, count]) => (/^(?:attribute|time)\./.test(what) ? sum : sum + count), 0);
}

const TRACE_ID = /^(?!0{32})[0-9a-f]{32}$/;
const SPAN_ID = /^(?!0{16})[0-9a-f]{16}$/;

export function traceIdOf(text: string): string | undefined {
  return TRACE_ID.test(text) ? text : undefined;
}

export function spanIdOf(text: string): string | undefined {
  return SPAN_ID.test(text) ? text : undefined;
}
