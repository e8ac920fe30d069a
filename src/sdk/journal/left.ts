/** Reads what a thread that was ended without notice has left in its journal. */
import { ValueType, type MetricAttributes } from '@opentelemetry/api';
import { metricKey, MetricsMerge, readSnapshot, type MetricSnapshot } from '../../root/index.ts';
import type { FinishedSpan, Scope } from '../../otlp/write/index.ts';
import {
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_SWARMSCOPE_INFERENCE_ENDING,
  ERROR_TYPE_VALUE_PROCESS_EXIT,
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
  GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
  GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT,
  GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION,
  SWARMSCOPE_INFERENCE_ENDING_VALUE_PROCESS_EXIT,
} from '../../semconv/index.ts';
import type { Attributes, EpochMs } from '../../semconv/telemetry.ts';
import { isLedger, tellLedger, type LedgerPipeline, type LedgerPipelines } from '../ledger.ts';
import { Meters } from '../metrics/meters.ts';
import type { SyncMeter } from '../metrics/meter.ts';
import { newTally } from '../tally.ts';
import { LOGS, MARKS, type Ids, type Instrument, type ItemHead, type ItemSignal, type OpenSpan, type Settled } from './entries.ts';
import { readLog } from './shared-log.ts';

type Memories = readonly SharedArrayBuffer[];

export interface LeftItem extends ItemHead {
  readonly bytes: Buffer;
}

/** Encoded items that were not sent, the oldest first. */
export function itemsLeft(signal: ItemSignal, memories: Memories): LeftItem[] {
  return readLog(LOGS[signal], memories).map((entry) => {
    const start = 2 + entry.readUInt16BE(0);
    return { ...(JSON.parse(entry.toString('utf8', 2, start)) as ItemHead), bytes: entry.subarray(start) };
  });
}

/** Spans that were open, ended at `endTime`, as an ending of the process ends what is open. */
export function spansLeft(memories: Memories, endTime: EpochMs): { scope: Scope; span: FinishedSpan }[] {
  const open = new Map<string, OpenSpan>();
  for (const entry of readLog(LOGS.open, memories)) {
    const text = entry.toString('utf8');
    if (text.startsWith(MARKS.closed)) open.delete(text.slice(1));
    else {
      const span = JSON.parse(text.slice(1)) as OpenSpan;
      open.set(span[0][1], span);
    }
  }
  // Innermost first, as where a process ends what is open.
  return [...open.values()].reverse().map((span) => ended(span, endTime));
}

function ended(open: OpenSpan, endTime: EpochMs): { scope: Scope; span: FinishedSpan } {
  const [context, parent, [scope, version, schemaUrl], name, kind, startTime, attributes, droppedAttributesCount, links] = open;
  const startMs = startTime[0] * 1000 + startTime[1] / 1e6;
  const span: FinishedSpan = {
    spanContext: () => idsOf(context),
    parentSpanContext: parent === undefined || parent === null ? undefined : idsOf(parent),
    name,
    kind,
    startTime,
    endTime: endTime < startMs ? startTime : timeOf(endTime),
    attributes: { ...attributes, ...endOf(attributes), [ATTR_ERROR_TYPE]: ERROR_TYPE_VALUE_PROCESS_EXIT },
    droppedAttributesCount,
    links: links.map(([linked, more]) => ({ context: idsOf(linked), attributes: more ?? {} })),
    status: { code: STATUS_ERROR },
    events: [],
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
  return { scope: { name: scope, version: version ?? undefined, schemaUrl: schemaUrl ?? undefined }, span };
}

const idsOf = ([traceId, spanId, traceFlags, isRemote]: Ids) => ({ traceId, spanId, traceFlags, isRemote: isRemote ?? undefined });

/** Of an LLM call its ending is told as well; its own reader is gone with the thread. */
function endOf({ [ATTR_GEN_AI_OPERATION_NAME]: operation }: Attributes): Attributes {
  return CALLS.has(operation) ? { [ATTR_SWARMSCOPE_INFERENCE_ENDING]: SWARMSCOPE_INFERENCE_ENDING_VALUE_PROCESS_EXIT } : {};
}

const CALLS: ReadonlySet<unknown> = new Set([
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
  GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
  GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT,
  GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION,
]);
const STATUS_ERROR = 2;

function timeOf(ms: EpochMs): [seconds: number, nanoseconds: number] {
  const seconds = Math.floor(ms / 1000);
  return [seconds, Math.floor((ms - seconds * 1000) * 1e6)];
}

/** Sequences that a thread cannot have reached since: its state that is left is the newest, whatever is on its way. */
const NEWER = 1_000_000;

/** The last state of the thread's metrics; undefined where it has told them itself. */
export function metricsLeft(memories: Memories): MetricSnapshot | undefined {
  let base: MetricSnapshot | undefined;
  let settled: Settled | undefined;
  const meters = new Meters({ onFault: () => undefined });
  const instruments = new Map<string, Take>();
  for (const entry of readLog(LOGS.metrics, memories)) {
    const text = entry.toString('utf8');
    const rest = text.slice(1);
    if (text.startsWith(MARKS.base)) base = readSnapshot(JSON.parse(rest));
    else if (text.startsWith(MARKS.settled)) settled = JSON.parse(rest) as Settled;
    else if (text.startsWith(MARKS.instrument)) {
      const instrument = JSON.parse(rest) as Instrument;
      const meter = instrument.scope === undefined ? meters.own : meters.of(instrument.scope);
      if (meter !== undefined) instruments.set(metricKey(instrument), takeInto(meter, instrument));
    } else {
      const [value = '', key = '', attributes = '{}'] = rest.split('\n', 3);
      instruments.get(key)?.(Number(value), JSON.parse(attributes) as MetricAttributes);
    }
  }
  if (base === undefined) return undefined;
  if (settled !== undefined) tellLedger(meters.own, { pipelines: ledgerOf(settled), faults: () => [], hops: () => [] });
  const merge = new MetricsMerge(base.startTime);
  merge.update({ ...base, metrics: base.metrics.filter((metric) => !isLedger(metric)) });
  merge.update({ ...base, processKey: `${base.processKey} since`, metrics: meters.collect() });
  return { ...base, sequence: base.sequence + NEWER, metrics: merge.collect(base.time).metrics };
}

type Take = (value: number, attributes: MetricAttributes) => void;

function takeInto(meter: SyncMeter, { name, kind, unit, description, isInt, bounds }: Instrument): Take {
  const options = { unit, description, valueType: isInt ? ValueType.INT : ValueType.DOUBLE };
  if (kind === 'histogram') {
    const histogram = meter.createHistogram(name, { ...options, advice: { explicitBucketBoundaries: [...(bounds ?? [])] } });
    return (value, attributes) => histogram.record(value, attributes);
  }
  if (kind === 'gauge') {
    const gauge = meter.createGauge(name, options);
    return (value, attributes) => gauge.record(value, attributes);
  }
  const counter = kind === 'counter' ? meter.createCounter(name, options) : meter.createUpDownCounter(name, options);
  return (value, attributes) => counter.add(value, attributes);
}

/** Of the items that the thread still had, whoever sends them gives account. */
function ledgerOf(settled: Settled): LedgerPipelines {
  const own = (signal: ItemSignal): LedgerPipeline => {
    const { tally, disk } = settled[signal];
    const dropped = Object.values(tally.dropped).reduce((sum, count) => sum + count, 0);
    return { tally: { ...tally, recorded: tally.sent + dropped + (tally.spooled ?? 0) }, disk };
  };
  return { traces: own('traces'), logs: own('logs'), metrics: { tally: newTally(), disk: newTally() } };
}
