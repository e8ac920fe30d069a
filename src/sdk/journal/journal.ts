/**
 * What a thread has recorded and not sent, in memory that it shares with the main thread: `worker.terminate()` ends a
 * thread without notice, and then the main thread sends it. Keeping an entry takes about a microsecond and never waits.
 */
import { metricKey, packSnapshot, type MetricSnapshot } from '../../root/index.ts';
import type { FinishedSpan, Scope } from '../../otlp/write/index.ts';
import type { Attributes } from '../../semconv/telemetry.ts';
import type { ProcessedSpan } from '../spans/processed-span.ts';
import { LOGS, MARKS, type Ids, type Instrument, type ItemSignal, type OpenSpan, type Settled } from './entries.ts';
import { SharedLog } from './shared-log.ts';

type SpanIds = ReturnType<FinishedSpan['spanContext']>;

/** Entries after which a log of texts is written anew from what it amounts to. */
const MAX_TEXTS = 4_000;

export interface JournalOptions {
  /** Hands memory to the main thread. */
  readonly share: (memory: SharedArrayBuffer) => void;
  /** All metrics up to now, for when too many single values have gathered. */
  readonly snapshot: () => MetricSnapshot;
}

export class Journal {
  readonly #options: JournalOptions;
  readonly #items: Readonly<Record<ItemSignal, SharedLog>>;
  readonly #spans: SharedLog;
  readonly #metrics: SharedLog;
  readonly #heads = { json: new WeakMap<Scope, Buffer>(), protobuf: new WeakMap<Scope, Buffer>() };
  readonly #open = new Map<string, ProcessedSpan>();
  /** Instruments that were told since the last base. */
  readonly #told = new Set<Instrument>();
  readonly #texts = new WeakMap<Attributes, string>();
  #settled: Settled | undefined;
  #isExporter = false;

  constructor(options: JournalOptions) {
    this.#options = options;
    const log = (number: number): SharedLog => new SharedLog(number, options.share);
    this.#items = { traces: log(LOGS.traces), logs: log(LOGS.logs) };
    this.#spans = log(LOGS.open);
    this.#metrics = log(LOGS.metrics);
  }

  /** An encoded item that waits to be sent. */
  keep(signal: ItemSignal, { scope, isJson, bytes }: { scope: Scope; isJson: boolean; bytes: Uint8Array }): void {
    this.#items[signal].append(this.#headOf(scope, isJson), bytes);
  }

  /** The oldest `items` were sent, dropped or put on disk. */
  settle(signal: ItemSignal, items: number, settled: Settled): void {
    this.#items[signal].forget(items);
    this.#settled = settled;
    if (!this.#isExporter) this.#metrics.appendText(MARKS.settled + JSON.stringify(settled));
  }

  opened(span: ProcessedSpan): void {
    this.#open.set(span.spanContext().spanId, span);
    this.#write(span);
  }

  /** More is known of a span; one that did not come by `opened` is somebody else's. */
  changed(span: ProcessedSpan): void {
    if (this.#open.has(span.spanContext().spanId)) this.#write(span);
  }

  closed(span: ProcessedSpan): void {
    const { spanId } = span.spanContext();
    if (!this.#open.delete(spanId)) return;
    if (this.#open.size === 0) this.#spans.forget(this.#spans.count);
    else this.#spans.appendText(MARKS.closed + spanId);
  }

  /** One value of a synchronous instrument. */
  measured(instrument: Instrument, value: number, attributes: Attributes): void {
    if (this.#isExporter) return;
    // It has the value already.
    if (this.#metrics.count >= MAX_TEXTS) return this.base(this.#options.snapshot());
    if (!this.#told.has(instrument)) {
      this.#told.add(instrument);
      this.#metrics.appendText(MARKS.instrument + JSON.stringify(instrument));
    }
    this.#metrics.appendText(MARKS.record + `${value}\n${metricKey(instrument)}\n${this.#textOf(attributes)}`);
  }

  /** All metrics up to now: what was measured before is in it. Undefined: from now on the thread exports its own. */
  base(snapshot: MetricSnapshot | undefined): void {
    const { count } = this.#metrics;
    if (snapshot === undefined) this.#isExporter = true;
    if (this.#isExporter || snapshot === undefined) return this.#metrics.forget(count);
    this.#metrics.appendText(MARKS.base + JSON.stringify(packSnapshot(snapshot)));
    if (this.#settled !== undefined) this.#metrics.appendText(MARKS.settled + JSON.stringify(this.#settled));
    this.#metrics.forget(count);
    this.#told.clear();
  }

  /** The thread has ended in order: nothing is left to anybody. */
  end(): void {
    for (const log of [this.#spans, this.#metrics, ...Object.values(this.#items)]) log.forget(log.count);
  }

  #write(span: ProcessedSpan): void {
    if (this.#spans.count >= MAX_TEXTS + 2 * this.#open.size) {
      const { count } = this.#spans;
      for (const open of this.#open.values()) this.#spans.appendText(openText(open));
      this.#spans.forget(count);
    } else this.#spans.appendText(openText(span));
  }

  #headOf(scope: Scope, isJson: boolean): Buffer {
    const heads = isJson ? this.#heads.json : this.#heads.protobuf;
    let head = heads.get(scope);
    if (head === undefined) {
      const { name, version, schemaUrl } = scope;
      const json = Buffer.from(JSON.stringify({ scope: { name, version, schemaUrl }, isJson }));
      head = Buffer.concat([Buffer.from([json.length >> 8, json.length & 255]), json]);
      heads.set(scope, head);
    }
    return head;
  }

  /** Attribute sets that cannot change are written once. */
  #textOf(attributes: Attributes): string {
    const known = this.#texts.get(attributes);
    if (known !== undefined) return known;
    const text = JSON.stringify(attributes);
    if (Object.isFrozen(attributes)) this.#texts.set(attributes, text);
    return text;
  }
}

function openText(span: ProcessedSpan): string {
  const { name, version, schemaUrl } = span.instrumentationScope;
  const open: OpenSpan = [
    idsOf(span.spanContext()),
    span.parentSpanContext && idsOf(span.parentSpanContext),
    [name, version, schemaUrl],
    span.name,
    span.kind,
    span.startTime,
    span.attributes as Attributes,
    span.droppedAttributesCount,
    span.links.map(({ context, attributes }) => [idsOf(context), attributes as Attributes | undefined]),
  ];
  return MARKS.open + JSON.stringify(open);
}

const idsOf = ({ traceId, spanId, traceFlags, isRemote }: SpanIds): Ids => [traceId, spanId, traceFlags, isRemote];
