/** Writes a finished span as one `ScopeSpans.spans` field, see opentelemetry-proto trace/v1/trace.proto. */
import { writeAttribute, writeAttributes } from './attributes.ts';
import { ITEM_FIELD, spanFlags } from './fields.ts';
import type { WireWriter } from './wire-writer.ts';

/** Seconds and nanoseconds since the epoch. */
type Time = readonly [seconds: number, nanoseconds: number];
type Values = Readonly<Record<string, unknown>>;

export interface SpanIds {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
  readonly isRemote?: boolean | undefined;
  readonly traceState?: { serialize(): string } | undefined;
}

/** A finished span as the encoders read it; a `ReadableSpan` of OpenTelemetry's SDK is one. */
export interface FinishedSpan {
  spanContext(): SpanIds;
  readonly parentSpanContext?: SpanIds | undefined;
  readonly name: string;
  /** As in OpenTelemetry's API, where INTERNAL is 0; on the wire it is 1. */
  readonly kind: number;
  readonly startTime: Time;
  readonly endTime: Time;
  readonly attributes: Values;
  /** The same as `attributes`, as two lists, where the span keeps them so. */
  readonly names?: readonly string[] | undefined;
  readonly values?: readonly unknown[] | undefined;
  readonly droppedAttributesCount: number;
  readonly events: readonly {
    readonly time: Time;
    readonly name: string;
    readonly attributes?: Values | undefined;
    readonly droppedAttributesCount?: number | undefined;
  }[];
  readonly droppedEventsCount: number;
  readonly links: readonly {
    readonly context: SpanIds;
    readonly attributes?: Values | undefined;
    readonly droppedAttributesCount?: number | undefined;
  }[];
  readonly droppedLinksCount: number;
  readonly status: { readonly code: number; readonly message?: string | undefined };
}

const STATUS_UNSET = 0;

export function writeSpan(writer: WireWriter, span: FinishedSpan): void {
  const context = span.spanContext();
  const mark = writer.open(ITEM_FIELD);
  writeContext(writer, context);
  const parent = span.parentSpanContext;
  if (parent !== undefined && parent.spanId !== '') writer.hex(4, parent.spanId);
  writer.string(5, span.name);
  writer.varint(6, span.kind + 1);
  writer.time(7, span.startTime[0], span.startTime[1]);
  writer.time(8, span.endTime[0], span.endTime[1]);
  const { names, values } = span;
  if (names === undefined || values === undefined) writeAttributes(writer, 9, span.attributes);
  else for (let at = 0; at < names.length; at += 1) writeAttribute(writer, 9, names[at] as string, values[at]);
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
  if (span.status.code !== STATUS_UNSET) {
    const inner = writer.open(15);
    if (span.status.message !== undefined && span.status.message !== '') writer.string(2, span.status.message);
    writer.varint(3, span.status.code);
    writer.close(inner);
  }
  writer.fixed32(16, spanFlags(context.traceFlags, parent?.isRemote));
  writer.close(mark);
}

function writeContext(writer: WireWriter, context: SpanIds): void {
  writer.hex(1, context.traceId);
  writer.hex(2, context.spanId);
  const state = context.traceState?.serialize();
  if (state !== undefined && state !== '') writer.string(3, state);
}

function writeCount(writer: WireWriter, field: number, count: number | undefined): void {
  if (count !== undefined && count > 0) writer.varint(field, count);
}
