/** What became of the telemetry of this process, as metrics: recorded = exported + dropped + what is on its way. */
import type { Meter } from '@opentelemetry/api';
import type { Signal } from '../config/settings/index.ts';
import { observe } from '../gauges/index.ts';
import type { NumberPoint, SnapshotMetric } from '../semconv/telemetry.ts';
import {
  ATTR_SWARMSCOPE_DROP_REASON,
  ATTR_SWARMSCOPE_OBSERVER_NAME,
  ATTR_SWARMSCOPE_TELEMETRY_SIGNAL,
  METRIC_SWARMSCOPE_FORWARD_DROPPED,
  METRIC_SWARMSCOPE_FORWARD_RECEIVED,
  METRIC_SWARMSCOPE_FORWARD_SENT,
  METRIC_SWARMSCOPE_OBSERVER_FAULTS,
  METRIC_SWARMSCOPE_TELEMETRY_DROPPED,
  METRIC_SWARMSCOPE_TELEMETRY_EXPORTED,
  METRIC_SWARMSCOPE_TELEMETRY_RECORDED,
  SWARMSCOPE_DROP_REASON_VALUE_EXIT,
  SWARMSCOPE_DROP_REASON_VALUE_EXPIRED,
  SWARMSCOPE_DROP_REASON_VALUE_INVALID,
  SWARMSCOPE_DROP_REASON_VALUE_QUEUE_FULL,
  SWARMSCOPE_DROP_REASON_VALUE_REFUSED,
  SWARMSCOPE_DROP_REASON_VALUE_REJECTED,
  SWARMSCOPE_DROP_REASON_VALUE_TIMEOUT,
  SWARMSCOPE_DROP_REASON_VALUE_TOO_LARGE,
  SWARMSCOPE_TELEMETRY_SIGNAL_VALUE_LOG,
  SWARMSCOPE_TELEMETRY_SIGNAL_VALUE_METRIC,
  SWARMSCOPE_TELEMETRY_SIGNAL_VALUE_SPAN,
  SWARMSCOPE_TELEMETRY_SIGNAL_VALUE_SPAN_START,
} from '../semconv/index.ts';
import { drop, type SignalTally } from './tally.ts';

/** The only log records of ours are span starts. */
const SIGNAL: Readonly<Record<Signal, string>> = {
  traces: SWARMSCOPE_TELEMETRY_SIGNAL_VALUE_SPAN,
  logs: SWARMSCOPE_TELEMETRY_SIGNAL_VALUE_SPAN_START,
  metrics: SWARMSCOPE_TELEMETRY_SIGNAL_VALUE_METRIC,
};

/** What passes through is of anybody. */
const HOP_SIGNAL: Readonly<Record<Hop['signal'], string>> = {
  traces: SWARMSCOPE_TELEMETRY_SIGNAL_VALUE_SPAN,
  logs: SWARMSCOPE_TELEMETRY_SIGNAL_VALUE_LOG,
};

/** By the words of the tally, the spool and the forwarder; HTTP answers and codes of the system follow a pattern. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/^queue[_-]full$|^spool\.dropped$/, SWARMSCOPE_DROP_REASON_VALUE_QUEUE_FULL],
  [/^encoding$|^spool\.damaged$/, SWARMSCOPE_DROP_REASON_VALUE_INVALID],
  [/(?:^|[_-])413$/, SWARMSCOPE_DROP_REASON_VALUE_TOO_LARGE],
  [/^rejected$|^spool\.refused$|^http_(?!429|50[234])\d+$|^refused-/, SWARMSCOPE_DROP_REASON_VALUE_REJECTED],
  [/^exit_timeout$|_at_exit$|^drain-timeout$|^closed$/, SWARMSCOPE_DROP_REASON_VALUE_EXIT],
  [/(?:^|-)timeout$/, SWARMSCOPE_DROP_REASON_VALUE_TIMEOUT],
  [/^spool\.expired$/, SWARMSCOPE_DROP_REASON_VALUE_EXPIRED],
];

/** One of the registry's reasons. */
export function dropReason(word: string): string {
  return REASONS.find(([pattern]) => pattern.test(word))?.[1] ?? SWARMSCOPE_DROP_REASON_VALUE_REFUSED;
}

/** Requests that an earlier outage put on disk, in items: what became of them counts where it happens. */
export type DiskTally = Pick<SignalTally, 'sent' | 'dropped'>;

/** Books what the spool counts (`spool.sent`, ...); `spool.failed` counts requests that the queue itself then drops. */
export function bookSpool(tally: DiskTally, name: string, items: number): void {
  if (name === 'spool.sent') tally.sent += items;
  else if (name !== 'spool.failed') drop(tally, name, items);
}

export interface LedgerPipeline {
  readonly tally: SignalTally;
  readonly disk: DiskTally;
}

export type LedgerPipelines = Readonly<Record<Signal, LedgerPipeline>>;

/** What a receiver passed on, in items; metrics are left out, since the next points make lost ones good. */
export interface Hop {
  readonly signal: 'traces' | 'logs';
  readonly received: number;
  readonly sent: number;
  readonly dropped: Readonly<Record<string, number>>;
}

/** Spans and log records that are about to be posted, and count as sent in the metrics that are posted after them. */
export type LeavingItems = Readonly<Record<'traces' | 'logs', number>>;
export const NOTHING_LEAVES: LeavingItems = { traces: 0, logs: 0 };

export interface LedgerOptions {
  readonly pipelines: LedgerPipelines;
  readonly faults: () => Iterable<string>;
  /** Of a process that passes on what others send; empty: it does not. */
  readonly hops: () => Iterable<Hop>;
}

const LEDGER_METRICS: ReadonlySet<string> = new Set([
  METRIC_SWARMSCOPE_TELEMETRY_RECORDED.name,
  METRIC_SWARMSCOPE_TELEMETRY_EXPORTED.name,
  METRIC_SWARMSCOPE_TELEMETRY_DROPPED.name,
  METRIC_SWARMSCOPE_FORWARD_RECEIVED.name,
  METRIC_SWARMSCOPE_FORWARD_SENT.name,
  METRIC_SWARMSCOPE_FORWARD_DROPPED.name,
]);

/** One of those that tell the fate of spans and logs. */
export const isLedger = ({ name, scope }: SnapshotMetric): boolean => scope === undefined && LEDGER_METRICS.has(name);

const total = (dropped: Readonly<Record<string, number>>): number => Object.values(dropped).reduce((sum, count) => sum + count, 0);

/** Grows with each thing that the ledger of spans and their starts tells. */
export function ledgerChanges({ traces, logs }: LedgerPipelines, hops: Iterable<Hop>, leaving: LeavingItems): number {
  let changes = leaving.traces + leaving.logs;
  for (const { tally, disk } of [traces, logs])
    changes += tally.recorded + tally.sent + total(tally.dropped) + disk.sent + total(disk.dropped);
  for (const hop of hops) changes += hop.received + hop.sent + total(hop.dropped);
  return changes;
}

/** Makes the instruments; they are read at each collection. */
export function tellLedger(meter: Meter, { pipelines, faults, hops }: LedgerOptions): void {
  const own = [METRIC_SWARMSCOPE_TELEMETRY_RECORDED, METRIC_SWARMSCOPE_TELEMETRY_EXPORTED, METRIC_SWARMSCOPE_TELEMETRY_DROPPED];
  observe(meter, own, (report) => {
    for (const [signal, { tally, disk }] of Object.entries(pipelines) as [Signal, LedgerPipeline][]) {
      const { recorded, sent, dropped } = tally;
      if (recorded + disk.sent + total(disk.dropped) === 0) continue;
      const attributes = { [ATTR_SWARMSCOPE_TELEMETRY_SIGNAL]: SIGNAL[signal] };
      // Metrics that wait may be replaced by newer ones: then nothing was lost, and nothing recorded.
      report(METRIC_SWARMSCOPE_TELEMETRY_RECORDED, signal === 'metrics' ? sent + total(dropped) : recorded, attributes);
      report(METRIC_SWARMSCOPE_TELEMETRY_EXPORTED, sent + disk.sent, attributes);
      for (const [reason, count] of byReason([dropped, disk.dropped]))
        report(METRIC_SWARMSCOPE_TELEMETRY_DROPPED, count, { ...attributes, [ATTR_SWARMSCOPE_DROP_REASON]: reason });
    }
  });
  observe(meter, [METRIC_SWARMSCOPE_OBSERVER_FAULTS], (report) => {
    for (const name of faults()) report(METRIC_SWARMSCOPE_OBSERVER_FAULTS, 1, { [ATTR_SWARMSCOPE_OBSERVER_NAME]: name });
  });
  observe(meter, [METRIC_SWARMSCOPE_FORWARD_RECEIVED, METRIC_SWARMSCOPE_FORWARD_SENT, METRIC_SWARMSCOPE_FORWARD_DROPPED], (report) => {
    for (const { signal, received, sent, dropped } of hops()) {
      if (received + sent + total(dropped) === 0) continue;
      const attributes = { [ATTR_SWARMSCOPE_TELEMETRY_SIGNAL]: HOP_SIGNAL[signal] };
      report(METRIC_SWARMSCOPE_FORWARD_RECEIVED, received, attributes);
      report(METRIC_SWARMSCOPE_FORWARD_SENT, sent, attributes);
      for (const [reason, count] of byReason([dropped]))
        report(METRIC_SWARMSCOPE_FORWARD_DROPPED, count, { ...attributes, [ATTR_SWARMSCOPE_DROP_REASON]: reason });
    }
  });
}

/** The same metrics after `leaving` was posted. */
export function afterLeaving(metrics: readonly SnapshotMetric[], leaving: LeavingItems): SnapshotMetric[] {
  const more = new Map<unknown, number>([
    [SIGNAL.traces, leaving.traces],
    [SIGNAL.logs, leaving.logs],
  ]);
  const later = (point: NumberPoint): NumberPoint => ({
    ...point,
    value: point.value + (more.get(point.attributes[ATTR_SWARMSCOPE_TELEMETRY_SIGNAL]) ?? 0),
  });
  return metrics.map((metric) =>
    metric.name === METRIC_SWARMSCOPE_TELEMETRY_EXPORTED.name && metric.scope === undefined && metric.kind === 'counter'
      ? { ...metric, points: metric.points.map(later) }
      : metric,
  );
}

function byReason(all: readonly Readonly<Record<string, number>>[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const dropped of all)
    for (const [word, count] of Object.entries(dropped)) sums.set(dropReason(word), (sums.get(dropReason(word)) ?? 0) + count);
  return sums;
}
