/** OTLP bytes to rows. */
import { KEEP_CONTENT, type Reading } from './content.ts';
import { logsToRows } from './logs.ts';
import { metricsToRows } from './metrics.ts';
import { readJson } from './read-json.ts';
import { readProtobuf } from './read-protobuf.ts';
import type { LogRows, MetricRows, TraceRows } from './rows.ts';
import type { MessageName } from './schema.ts';
import { tracesToRows } from './traces.ts';
import type { Tree } from './tree.ts';

export type { Reading } from './content.ts';
export { rejectedIn } from './rows.ts';
export type { Losses, LogRows, MetricPointRow, MetricRows, TraceRows } from './rows.ts';
export type Encoding = 'protobuf' | 'json';

/** @throws ViewerError `malformed`, `truncated`, `too_deep`, `too_many`. */
export function readTraces(body: Uint8Array, encoding: Encoding, reading: Reading = KEEP_CONTENT): TraceRows {
  return tracesToRows(read(body, encoding, 'TracesRequest'), reading);
}

/** @throws ViewerError as `readTraces`. */
export function readMetrics(body: Uint8Array, encoding: Encoding, reading: Reading = KEEP_CONTENT): MetricRows {
  return metricsToRows(read(body, encoding, 'MetricsRequest'), reading);
}

/** @throws ViewerError as `readTraces`. */
export function readLogs(body: Uint8Array, encoding: Encoding, reading: Reading = KEEP_CONTENT): LogRows {
  return logsToRows(read(body, encoding, 'LogsRequest'), reading);
}

function read(body: Uint8Array, encoding: Encoding, message: MessageName): Tree {
  return encoding === 'protobuf'
    ? readProtobuf(body, message)
    : readJson(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'), message);
}
