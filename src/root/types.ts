/** What crosses the run channel: one process's metrics, as plain data. */
import type { Attributes } from '../recording/types.ts';

export type MetricKind = 'counter' | 'updowncounter' | 'gauge' | 'histogram';

export interface NumberPoint {
  attributes: Attributes;
  value: number;
  /** Only to be exported: what it measured is gone, and so is the series. */
  isGone?: true;
}

export interface HistogramPoint {
  attributes: Attributes;
  count: number;
  sum: number;
  min?: number | undefined;
  max?: number | undefined;
  bounds: readonly number[];
  /** One longer than `bounds`. */
  counts: readonly number[];
}

export type SnapshotMetric = { name: string; unit: string; description: string; isInt: boolean } & (
  { kind: 'counter' | 'updowncounter' | 'gauge'; points: NumberPoint[] } | { kind: 'histogram'; points: HistogramPoint[] }
);

/**
 * Cumulative state of all metrics of one process or thread. Cumulative, not delta: the root keeps the last one per process,
 * so that a lost or repeated message changes nothing and totals stay exact.
 */
export interface MetricSnapshot {
  /** Unique per process and thread, never inherited. */
  processKey: string;
  /** Grows by one; an older one never replaces a newer one. */
  sequence: number;
  pid: number;
  startTime: number;
  time: number;
  metrics: SnapshotMetric[];
}
