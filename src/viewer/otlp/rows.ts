/** What a received request becomes: plain rows, and counts of what could not be used. */
import type { Attributes, LogRow, MetricSeries, SpanRow } from '../../analysis/model.ts';

/** Counts by what and why, e.g. `span.bad-id`. */
export type Losses = Record<string, number>;

export interface TraceRows {
  spans: SpanRow[];
  losses: Losses;
}

/** One point with the identity of its series. */
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
}

export interface MetricRows {
  points: MetricPointRow[];
  losses: Losses;
}

export interface LogRows {
  logs: LogRow[];
  /** Spans that have started: `swarmscope.span.started` records, not repeated in `logs`. `endMs` is undefined. */
  openSpans: SpanRow[];
  losses: Losses;
}

export function addLoss(losses: Losses, what: string, by = 1): void {
  losses[what] = (losses[what] ?? 0) + by;
}

const TRACE_ID = /^(?!0{32})[0-9a-f]{32}$/;
const SPAN_ID = /^(?!0{16})[0-9a-f]{16}$/;

export function traceIdOf(text: string): string | undefined {
  return TRACE_ID.test(text) ? text : undefined;
}

export function spanIdOf(text: string): string | undefined {
  return SPAN_ID.test(text) ? text : undefined;
}
