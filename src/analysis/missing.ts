/** Spans that were recorded and are not in the run: what its processes say of themselves, less what was stored. */
import {
  ATTR_SWARMSCOPE_DROP_REASON,
  ATTR_SWARMSCOPE_TELEMETRY_SIGNAL,
  METRIC_SWARMSCOPE_TELEMETRY_DROPPED,
  SWARMSCOPE_DROP_REASON_VALUE_REJECTED,
  SWARMSCOPE_TELEMETRY_SIGNAL_VALUE_SPAN,
} from '../semconv/index.ts';
import type { RunData, SenderLedger, SignalLedger } from './model.ts';
import { groupBy } from './group-by.ts';
import { findSampled } from './sampled.ts';

export interface Missing {
  /** Recorded by processes of the run, and not stored. */
  readonly spans: number;
  /** By why they are missing: a reason of the registry, `process_killed` or `unknown`. */
  readonly byReason: Readonly<Record<string, number>>;
  /** The same of records of span starts, by reason. */
  readonly spanStarts: Readonly<Record<string, number>>;
  /** Processes whose spans these are. Undefined where only their sum is known. */
  readonly processes: number | undefined;
  /** A killed process may have recorded more since it last told. */
  readonly isAtLeast: boolean;
  /** Spans are missing, for this or another reason: every count, sum and time of the run is of what is left. */
  readonly isIncomplete: boolean;
}

/** Its receiver counts what it rejects by itself. */
const TOLD_ELSEWHERE: ReadonlySet<string> = new Set([SWARMSCOPE_DROP_REASON_VALUE_REJECTED]);
/** Losses of other programs and of the store after which spans are missing. */
const LOST_SPANS = /^(?:span|line|message|file)\.|^request\.traces\.(?:400|413)$/;

export function findMissing(data: RunData): Missing {
  const byReason = new Map<string, number>();
  const spanStarts = new Map<string, number>();
  let processes = 0;
  let isAtLeast = false;
  for (const ledgers of byProcess(data.ledgers ?? [])) {
    const isKilled = ledgers.some(({ isEnded }) => !isEnded);
    const there = (ledger: SenderLedger): number => Math.max(ledger.storedSpans, ledger.traces.sent);
    const lost = lostOf(ledgers, 'traces', there);
    if (lost > 0) {
      processes++;
      isAtLeast ||= isKilled;
      share(byReason, lost, ledgers, 'traces', isKilled ? 'process_killed' : 'unknown');
    }
    // Of a start it is not known whether it came: its span has replaced it.
    const dropped = ledgers.reduce((sum, { logs }) => sum + total(logs.dropped), 0);
    if (lost > 0) share(spanStarts, dropped, ledgers, 'logs', 'unknown');
  }
  const beside = droppedBeside(data);
  for (const [reason, count] of beside) add(byReason, reason, count);
  const spans = [...byReason.values()].reduce((sum, count) => sum + count, 0);
  return {
    spans,
    byReason: Object.fromEntries(byReason),
    spanStarts: Object.fromEntries(spanStarts),
    processes: beside.size > 0 ? undefined : processes,
    isAtLeast: isAtLeast || beside.size > 0,
    isIncomplete:
      spans > 0 ||
      isAnyUnread(data) ||
      findSampled(data) !== undefined ||
      Object.entries(data.losses).some(([what, count]) => count > 0 && LOST_SPANS.test(what)),
  };
}

const isAnyUnread = ({ unread = [] }: RunData): boolean => unread.some(({ what }) => what === 'span');

/** Threads of one process count together: one may have taken over what another recorded. */
function byProcess(ledgers: readonly SenderLedger[]): Iterable<readonly SenderLedger[]> {
  return groupBy(ledgers, ({ process }) => process).values();
}

function lostOf(ledgers: readonly SenderLedger[], signal: 'traces' | 'logs', there: (ledger: SenderLedger) => number): number {
  let lost = 0;
  for (const ledger of ledgers) {
    const { recorded, takenOver, dropped } = ledger[signal];
    lost += recorded - takenOver - there(ledger);
    for (const reason of TOLD_ELSEWHERE) lost -= dropped[reason] ?? 0;
  }
  return Math.max(0, lost);
}

/** What was given up for a reason, as far as it did not arrive all the same; the rest is `otherwise`. */
function share(
  into: Map<string, number>,
  lost: number,
  ledgers: readonly SenderLedger[],
  signal: 'traces' | 'logs',
  otherwise: string,
): void {
  let left = lost;
  for (const [reason, count] of sum(ledgers.map((ledger) => ledger[signal].dropped))) {
    const ofIt = Math.min(count, left);
    add(into, reason, ofIt);
    left -= ofIt;
  }
  add(into, otherwise, left);
}

/** Dropped by processes that could not leave a ledger, as their metrics tell. */
function droppedBeside({ series, ledgers = [] }: RunData): Map<string, number> {
  const told = sum(ledgers.map(({ traces }) => traces.dropped));
  const measured = sum(
    series
      .filter(
        ({ name, attributes }) =>
          name === METRIC_SWARMSCOPE_TELEMETRY_DROPPED.name &&
          attributes[ATTR_SWARMSCOPE_TELEMETRY_SIGNAL] === SWARMSCOPE_TELEMETRY_SIGNAL_VALUE_SPAN,
      )
      .map(({ attributes, points }) => ({ [String(attributes[ATTR_SWARMSCOPE_DROP_REASON])]: points.at(-1)?.value ?? 0 })),
  );
  return new Map(
    [...measured].map(([reason, count]) => [reason, count - (told.get(reason) ?? 0)] as const).filter(([, count]) => count > 0),
  );
}

function sum(all: readonly SignalLedger['dropped'][]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const dropped of all)
    for (const [reason, count] of Object.entries(dropped)) if (!TOLD_ELSEWHERE.has(reason)) add(sums, reason, count);
  return sums;
}

const total = (dropped: SignalLedger['dropped']): number => [...sum([dropped]).values()].reduce((all, count) => all + count, 0);

function add(into: Map<string, number>, reason: string, count: number): void {
  if (count > 0) into.set(reason, (into.get(reason) ?? 0) + count);
}
