/** Metrics of the collector, Tempo, Prometheus and Alertmanager, which our registry does not own. A test checks them against the real programs. */
import * as names from '../semconv/index.ts';
import type { MetricSpec } from '../semconv/index.ts';

/** Enough of a spec for a query. */
function foreign(prometheus: string, instrument: MetricSpec['instrument'], attributes: readonly string[] = []): MetricSpec {
  return { name: prometheus, prometheus, instrument, unit: '1', description: '', valueType: 'double', attributes };
}

const receiver = ['receiver', 'transport'] as const;
const exporter = ['exporter'] as const;
const queue = ['exporter', 'data_type'] as const;

/** From its own telemetry on :8888. The signals are `spans`, `metric_points`, `log_records`. */
export const OTELCOL = {
  acceptedSpans: foreign('otelcol_receiver_accepted_spans_total', 'counter', receiver),
  acceptedPoints: foreign('otelcol_receiver_accepted_metric_points_total', 'counter', receiver),
  acceptedLogs: foreign('otelcol_receiver_accepted_log_records_total', 'counter', receiver),
  refusedSpans: foreign('otelcol_receiver_refused_spans_total', 'counter', receiver),
  refusedPoints: foreign('otelcol_receiver_refused_metric_points_total', 'counter', receiver),
  refusedLogs: foreign('otelcol_receiver_refused_log_records_total', 'counter', receiver),
  sentSpans: foreign('otelcol_exporter_sent_spans_total', 'counter', exporter),
  sentPoints: foreign('otelcol_exporter_sent_metric_points_total', 'counter', exporter),
  sentLogs: foreign('otelcol_exporter_sent_log_records_total', 'counter', exporter),
  failedSpans: foreign('otelcol_exporter_send_failed_spans_total', 'counter', exporter),
  failedPoints: foreign('otelcol_exporter_send_failed_metric_points_total', 'counter', exporter),
  unqueuedSpans: foreign('otelcol_exporter_enqueue_failed_spans_total', 'counter', exporter),
  unqueuedPoints: foreign('otelcol_exporter_enqueue_failed_metric_points_total', 'counter', exporter),
  filteredPoints: foreign('otelcol_processor_filter_datapoints_filtered_total', 'counter', ['filter']),
  queueSize: foreign('otelcol_exporter_queue_size', 'gauge', queue),
  queueCapacity: foreign('otelcol_exporter_queue_capacity', 'gauge', queue),
  memory: foreign('otelcol_process_memory_rss_bytes', 'gauge'),
} as const;

/** Of gateways that choose traces (`deploy/collector/keep.yaml`). */
export const TAIL_SAMPLING = {
  tooEarly: foreign('otelcol_processor_tail_sampling_sampling_trace_dropped_too_early_total', 'counter'),
} as const;

/** The first three are the connector's own; the others are listed in otel-collector.yaml. */
const ofSpan = ['span.name', 'span.kind', 'status.code', names.ATTR_GEN_AI_OPERATION_NAME, names.ATTR_GEN_AI_REQUEST_MODEL, names.ATTR_GEN_AI_AGENT_NAME, names.ATTR_SWARMSCOPE_TASK_TYPE, names.ATTR_ERROR_TYPE, names.ATTR_SWARMSCOPE_DIALECT];

/** What the collector counts from spans, before anything is sampled; they carry the exemplars. */
export const SPAN_METRICS = {
  calls: foreign('traces_span_metrics_calls_total', 'counter', ofSpan),
  duration: foreign('traces_span_metrics_duration_seconds', 'histogram', ofSpan),
} as const;

export const TEMPO = {
  received: foreign('tempo_distributor_spans_received_total', 'counter', ['tenant']),
  discarded: foreign('tempo_discarded_spans_total', 'counter', ['reason']),
} as const;

export const PROMETHEUS = {
  up: foreign('up', 'gauge', ['job']),
  tooOld: foreign('prometheus_tsdb_too_old_samples_total', 'counter', ['type']),
  outOfOrder: foreign('prometheus_tsdb_out_of_order_samples_total', 'counter', ['type']),
  series: foreign('prometheus_tsdb_head_series', 'gauge'),
  notificationsDropped: foreign('prometheus_notifications_dropped_total', 'counter'),
  ruleFailures: foreign('prometheus_rule_evaluation_failures_total', 'counter', ['rule_group']),
} as const;

export const ALERTMANAGER = {
  failed: foreign('alertmanager_notifications_failed_total', 'counter', ['integration', 'reason']),
} as const;

/** Every one of them, by Prometheus name: the ledger that tests compare with. */
export const FOREIGN_METRICS: ReadonlyMap<string, MetricSpec> = new Map(
  [OTELCOL, TAIL_SAMPLING, SPAN_METRICS, TEMPO, PROMETHEUS, ALERTMANAGER]
    .flatMap((group) => Object.values(group))
    .map((metric) => [metric.prometheus, metric]),
);
