/** Writes one log record as a `ScopeLogs.log_records` field, see opentelemetry-proto logs/v1/logs.proto. */
import type { LogRecord } from '../../semconv/telemetry.ts';
import { writeAttributes } from './attributes.ts';
import { ITEM_FIELD, splitEpochMs } from './fields.ts';
import type { WireWriter } from './wire-writer.ts';

export function writeLog(writer: WireWriter, record: LogRecord): void {
  const mark = writer.open(ITEM_FIELD);
  const [seconds, nanoseconds] = splitEpochMs(record.time);
  writer.time(1, seconds, nanoseconds);
  writer.varint(2, record.severityNumber);
  writeAttributes(writer, 6, record.attributes);
  if (record.traceId !== undefined) {
    writer.fixed32(8, 1);
    writer.hex(9, record.traceId);
  }
  if (record.spanId !== undefined) writer.hex(10, record.spanId);
  writer.time(11, seconds, nanoseconds);
  writer.string(12, record.eventName);
  writer.close(mark);
}
