/** Makes rows of OTLP requests. */
import { KEEP_CONTENT, type Reading } from '../../../otlp/mask/index.ts';
import { readMessage } from '../../../otlp/read/index.ts';
import type { Encoding } from '../../../otlp/request.ts';
import { logsToRows } from './logs.ts';
import { metricsToRows } from './metrics.ts';
import type { LogRows, MetricRows, TraceRows } from './rows.ts';
import { tracesToRows } from './traces.ts';

export { rejectedIn } from './rows.ts';
export type { LogRows, MetricPointRow, MetricRows, TraceRows } from './rows.ts';

/** @throws OtlpError `malformed`, `truncated`, `too_deep`, `too_many`. */
export function readTraces(body: Uint8Array, encoding: Encoding, reading: Reading = KEEP_CONTENT): TraceRows {
  return tracesToRows(readMessage(body, encoding, 'TracesRequest'), reading);
}

/** @throws OtlpError as `readTraces`. */
export function readMetrics(body: Uint8Array, encoding: Encoding, reading: Reading = KEEP_CONTENT): MetricRows {
  return metricsToRows(readMessage(body, encoding, 'MetricsRequest'), reading);
}

/** @throws OtlpError as `readTraces`. */
export function readLogs(body: Uint8Array, encoding: Encoding, reading: Reading = KEEP_CONTENT): LogRows {
  return logsToRows(readMessage(body, encoding, 'LogsRequest'), reading);
}
