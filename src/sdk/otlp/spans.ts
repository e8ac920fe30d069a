/** A finished span as one `ScopeSpans.spans` field, see opentelemetry-proto trace/v1/trace.proto. */
import { SpanStatusCode, type SpanContext } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { writeAttributes } from './attributes.ts';
import { ITEM_FIELD, spanFlags } from './fields.ts';
import type { WireWriter } from './wire-writer.ts';

export function writeSpan(writer: WireWriter, span: ReadableSpan): void {
  const context = span.spanContext();
  const mark = writer.open(ITEM_FIELD);
  writeContext(writer, context);
  const parent = span.parentSpanContext;
  if (parent !== undefined && parent.spanId !== '') writer.hex(4, parent.spanId);
  writer.string(5, span.name);
  writer.varint(6, span.kind + 1);
  writer.time(7, span.startTime[0], span.startTime[1]);
  writer.time(8, span.endTime[0], span.endTime[1]);
  writeAttributes(writer, 9, span.attributes);
  writeCount(writer, 10, span.droppedAttributesCount);
  for (const event of span.events) {
    const inner = writer.open(11);
    writer.time(1, event.time[0], event.time[1]);
    writer.string(2, event.name);
    if (event.attributes !== undefined) writeAttributes(writer, 3, event.attributes);
    writeCount(writer, 4, event.droppedAttributesCount);
    writer.close(inner);
  }
  writeCount(writer, 12, span.droppedEventsCount);
  for (const link of span.links) {
    const inner = writer.open(13);
    writeContext(writer, link.context);
    if (link.attributes !== undefined) writeAttributes(writer, 4, link.attributes);
    writeCount(writer, 5, link.droppedAttributesCount);
    writer.fixed32(6, spanFlags(link.context.traceFlags, link.context.isRemote));
    writer.close(inner);
  }
  writeCount(writer, 14, span.droppedLinksCount);
  if (span.status.code !== SpanStatusCode.UNSET) {
    const inner = writer.open(15);
    if (span.status.message !== undefined && span.status.message !== '') writer.string(2, span.status.message);
    writer.varint(3, span.status.code);
    writer.close(inner);
  }
  writer.fixed32(16, spanFlags(context.traceFlags, parent?.isRemote));
  writer.close(mark);
}

function writeContext(writer: WireWriter, context: SpanContext): void {
  writer.hex(1, context.traceId);
  writer.hex(2, context.spanId);
  const state = context.traceState?.serialize();
  if (state !== undefined && state !== '') writer.string(3, state);
}

function writeCount(writer: WireWriter, field: number, count: number | undefined): void {
  if (count !== undefined && count > 0) writer.varint(field, count);
}
