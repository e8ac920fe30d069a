/** Makes rows of OTLP requests. */
import { KEEP_CONTENT } from '../../../otlp/mask/index.ts';
import { itemsOf } from '../../../otlp/read/index.ts';
import type { Encoding } from '../../../otlp/request.ts';
import { logSteps } from './logs.ts';
import { metricSteps } from './metrics.ts';
import type { LogRows, MetricRows, RowReading, Steps, TraceRows } from './rows.ts';
import { traceSteps } from './traces.ts';

export { rejectedIn } from './rows.ts';
export type { LogRows, MetricPointRow, MetricRows, RowReading, Steps, TraceRows } from './rows.ts';

type Read<T> = (body: Uint8Array, encoding: Encoding, reading?: RowReading) => T;

/** Rows step by step: a large request is read in slices. @throws OtlpError `malformed`, `truncated`, `too_deep`, `too_many`. */
export const STEPS: {
  readonly traces: Read<Steps<TraceRows>>;
  readonly metrics: Read<Steps<MetricRows>>;
  readonly logs: Read<Steps<LogRows>>;
} = {
  traces: (body, encoding, reading = KEEP_CONTENT) => traceSteps(itemsOf(body, encoding, 'TracesRequest'), reading),
  metrics: (body, encoding, reading = KEEP_CONTENT) => metricSteps(itemsOf(body, encoding, 'MetricsRequest'), reading),
  logs: (body, encoding, reading = KEEP_CONTENT) => logSteps(itemsOf(body, encoding, 'LogsRequest'), reading),
};

export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** @throws OtlpError as `STEPS`. */
export const readTraces: Read<TraceRows> = (...given) => atOnce(STEPS.traces(...given));
/** @throws OtlpError as `STEPS`. */
export const readMetrics: Read<MetricRows> = (...given) => atOnce(STEPS.metrics(...given));
/** @throws OtlpError as `STEPS`. */
export const readLogs: Read<LogRows> = (...given) => atOnce(STEPS.logs(...given));
