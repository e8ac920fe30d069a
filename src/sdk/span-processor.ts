/** Every sampled span: a start record on request, then its bytes in the queue the moment it ends. */
import type { SpanProcessor } from '@opentelemetry/sdk-trace';
import type { Attributes, LogRecord } from '../semconv/telemetry.ts';
import {
  ATTR_SWARMSCOPE_SPAN_KIND,
  ATTR_SWARMSCOPE_SPAN_NAME,
  ATTR_SWARMSCOPE_SPAN_PARENT_ID,
  EVENT_SWARMSCOPE_SPAN_STARTED,
} from '../semconv/index.ts';
import type { ExportQueue } from './export-queue.ts';
import type { Journal } from './journal/journal.ts';
import { clock, later } from '../config/originals.ts';
import { putSpan } from '../otlp/write/index.ts';
import type { ProcessedSpan } from './spans/processed-span.ts';

/** A runaway loop of spans must not double its own traffic; what hangs started slowly. */
const STARTS_PER_SECOND = 500;
/** Spans whose start has to wait for a later second: beyond this many open ones nobody reads them one by one. */
const MAX_WAITING = 10_000;
const WAIT_MS = 1_000;
const SAMPLED = 1;
const SEVERITY_INFO = 9;

export interface SpanProcessorOptions {
  readonly queue: ExportQueue;
  /** Emits the start record; absent: starts do not travel. */
  readonly emitStart?: ((record: LogRecord) => void) | undefined;
  readonly onStartSkipped?: (() => void) | undefined;
  readonly onFirstSpan?: (() => void) | undefined;
  /** Told of what is open, in a thread. */
  readonly journal?: Pick<Journal, 'opened' | 'closed'> | undefined;
}

export class QueueSpanProcessor implements SpanProcessor {
  readonly #options: SpanProcessorOptions;
  #second = 0;
  #startsThisSecond = 0;
  #hasSeenSpan = false;
  /** Started in a second that had too many, and still open. */
  readonly #waiting = new Map<string, ProcessedSpan>();
  #isScheduled = false;

  constructor(options: SpanProcessorOptions) {
    this.#options = options;
  }

  onStart(span: ProcessedSpan): void {
    if (!this.#hasSeenSpan) {
      this.#hasSeenSpan = true;
      this.#options.onFirstSpan?.();
    }
    const { emitStart, journal } = this.#options;
    if (!isSampled(span)) return;
    journal?.opened(span);
    if (emitStart === undefined) return;
    if (!this.#isTooMany()) emitStart(startRecord(span));
    else if (this.#waiting.size >= MAX_WAITING) this.#options.onStartSkipped?.();
    else {
      this.#waiting.set(span.spanContext().spanId, span);
      this.#schedule();
    }
  }

  onEnd(span: ProcessedSpan): void {
    if (!isSampled(span)) return;
    const { queue, journal } = this.#options;
    if (this.#waiting.size > 0) this.#waiting.delete(span.spanContext().spanId);
    queue.add(span.instrumentationScope, (writer) => putSpan(writer, span, queue.isJson));
    // Afterwards: ended in between, it is told twice, and the true end last.
    journal?.closed(span);
  }

  forceFlush(): Promise<void> {
    return Promise.resolve();
  }

  shutdown(): Promise<void> {
    return Promise.resolve();
  }

  /** What is over by now needs no start; what still runs is told, the oldest first. */
  #emitWaiting(): void {
    this.#isScheduled = false;
    for (const [spanId, span] of this.#waiting) {
      if (this.#isTooMany()) break;
      this.#waiting.delete(spanId);
      this.#options.emitStart?.(startRecord(span));
    }
    if (this.#waiting.size > 0) this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    later(WAIT_MS, () => this.#emitWaiting());
  }

  #isTooMany(): boolean {
    const second = Math.floor(clock.monotonic() / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#startsThisSecond = 0;
    }
    return ++this.#startsThisSecond > STARTS_PER_SECOND;
  }
}

function isSampled(span: ProcessedSpan): boolean {
  return (span.spanContext().traceFlags & SAMPLED) !== 0;
}

function startRecord(span: ProcessedSpan): LogRecord {
  const { traceId, spanId } = span.spanContext();
  return {
    eventName: EVENT_SWARMSCOPE_SPAN_STARTED,
    time: span.startTime[0] * 1000 + span.startTime[1] / 1e6,
    severityNumber: SEVERITY_INFO,
    traceId,
    spanId,
    attributes: {
      ...(span.attributes as Attributes),
      [ATTR_SWARMSCOPE_SPAN_NAME]: span.name,
      [ATTR_SWARMSCOPE_SPAN_KIND]: span.kind + 1,
      [ATTR_SWARMSCOPE_SPAN_PARENT_ID]: span.parentSpanContext?.spanId,
    },
  };
}
