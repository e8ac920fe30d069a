/** OTLP bytes to rows. */
import { logsToRows } from './logs.ts';
import { metricsToRows } from './metrics.ts';
import { readJson } from './read-json.ts';
import { readProtobuf } from './read-protobuf.ts';
import type { LogRows, MetricRows, TraceRows } from './rows.ts';
import type { MessageName } from './schema.ts';
import { tracesToRows } from './traces.ts';
import type { Tree } from './tree.ts';

export type { Losses, LogRows, MetricPointRow, MetricRows, TraceRows } from './rows.ts';
export type Encoding = 'protobuf' | 'json';

/** @throws ViewerError `malformed`, `truncated`, `too_deep`, `too_many`. */
export function readTraces(body: Uint8Array, encoding: Encoding): TraceRows {
  return tracesToRows(read(body, encoding, 'TracesRequest'));
}

/** @throws ViewerError as `readTraces`. */
export function readMetrics(body: Uint8Array, encoding: Encoding): MetricRows {
  return metricsToRows(read(body, encoding, 'MetricsRequest'));
}

/** @throws ViewerError as `readTraces`. */
export function readLogs(body: Uint8Array, encoding: Encoding): LogRows {
  return logsToRows(read(body, encoding, 'LogsRequest'));
}

function read(body: Uint8Array, encoding: Encoding, message: MessageName): Tree {
  return encoding === 'protobuf' ? readProtobuf(body, message) : readJson(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'), message);
}
