/** What crosses the run channel: one process's metrics, as plain data. */
import type { SnapshotMetric } from '../semconv/telemetry.ts';

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
