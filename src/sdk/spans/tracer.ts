/** Starts the spans of our own scope, as OpenTelemetry's SDK does: by parent and sampler. Libraries' spans are the SDK's. */
import {
  INVALID_SPANID,
  isSpanContextValid,
  ROOT_CONTEXT,
  SpanKind,
  trace,
  TraceFlags,
  type Context,
  type Span,
  type SpanContext,
  type SpanOptions,
} from '@opentelemetry/api';
import { SamplingDecision, type Sampler } from '@opentelemetry/sdk-trace';
import { PLANNED_IDS, type PlannedIds } from '../../recording/planned-ids.ts';
import type { SpanStarter } from '../../recording/types.ts';
import type { Scope } from '../../otlp/write/index.ts';
import { newId } from './ids.ts';
import { OpenSpan } from './open-span.ts';

export interface OwnTracerOptions {
  readonly scope: Scope;
  readonly sampler: Sampler;
  /** Told of each span that is recorded, at its start and at its end. */
  readonly processor: { onStart(span: OpenSpan): void; onEnd(span: OpenSpan): void };
}

const SPAN_ID_CHARACTERS = INVALID_SPANID.length;
const TRACE_ID_CHARACTERS = 2 * SPAN_ID_CHARACTERS;

export class OwnTracer implements SpanStarter {
  readonly #options: OwnTracerOptions;
  readonly #onEnd: (span: OpenSpan) => void;

  constructor(options: OwnTracerOptions) {
    this.#options = options;
    this.#onEnd = (span) => options.processor.onEnd(span);
  }

  /** `options` as the recorder gives them: attributes that may leave, a start time in milliseconds since the epoch. */
  startSpan(name: string, options: SpanOptions = {}, context: Context = ROOT_CONTEXT): Span {
    const { sampler, processor, scope } = this.#options;
    const { kind = SpanKind.INTERNAL, attributes = {}, links = [] } = options;
    const above = trace.getSpan(context)?.spanContext();
    const parent = above !== undefined && isSpanContextValid(above) ? above : undefined;
    const planned = parent === undefined ? (context.getValue(PLANNED_IDS) as PlannedIds | undefined) : undefined;
    const traceId = (parent ?? planned)?.traceId ?? newId(TRACE_ID_CHARACTERS);
    const sampled = sampler.shouldSample(context, traceId, name, kind, attributes, links);
    const traceFlags = sampled.decision === SamplingDecision.RECORD_AND_SAMPLED ? TraceFlags.SAMPLED : TraceFlags.NONE;
    const traceState = sampled.traceState ?? parent?.traceState;
    const ids = { traceId, spanId: planned?.spanId ?? newId(SPAN_ID_CHARACTERS), traceFlags };
    const spanContext: SpanContext = traceState === undefined ? ids : { ...ids, traceState };
    if (sampled.decision === SamplingDecision.NOT_RECORD) return trace.wrapSpanContext(spanContext);
    const startTime = typeof options.startTime === 'number' ? options.startTime : Date.now();
    const span = new OpenSpan({ context: spanContext, parent, scope, name, kind, startTime, links, onEnd: this.#onEnd });
    span.setAttributes(attributes);
    if (sampled.attributes !== undefined) span.setAttributes(sampled.attributes);
    processor.onStart(span);
    return span;
  }
}
