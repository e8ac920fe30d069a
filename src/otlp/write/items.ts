/** One item of each signal, in the encoding of the request that it goes into. */
import type { LogRecord, SnapshotMetric } from '../../semconv/telemetry.ts';
import { jsonLog, jsonMetric, jsonSpan } from './json.ts';
import { writeLog } from './logs.ts';
import { writeMetric, type Window } from './metrics.ts';
import { writeSpan, type FinishedSpan } from './spans.ts';
import type { WireWriter } from './wire-writer.ts';

export function putSpan(writer: WireWriter, span: FinishedSpan, isJson: boolean): void {
  if (isJson) putJson(writer, jsonSpan(span));
  else writeSpan(writer, span);
}

export function putLog(writer: WireWriter, record: LogRecord, isJson: boolean): void {
  if (isJson) putJson(writer, jsonLog(record));
  else writeLog(writer, record);
}

export function putMetric(writer: WireWriter, { metric, window }: { metric: SnapshotMetric; window: Window }, isJson: boolean): void {
  if (isJson) putJson(writer, jsonMetric(metric, window));
  else writeMetric(writer, metric, window);
}

/** Behind a comma, since others may stand before it: the request begins after the first. */
function putJson(writer: WireWriter, json: string): void {
  writer.raw(Buffer.from(`,${json}`));
}
