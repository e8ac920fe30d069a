/** The export pipelines of a process, one per signal: queue, transport, spool, tally; they are emptied together. */
import type { Settings, Signal } from '../config/settings/index.ts';
import type { Payload } from './backlog.ts';
import { sendBlocking, type Parcel, type Sender } from './exit-sender.ts';
import { ExportQueue, type Budget, type QueueJournal, type QueueOptions } from './export-queue.ts';
import { bookSpool, type DiskTally, type LeavingItems, type LedgerPipeline } from './ledger.ts';
import { clock } from '../config/originals.ts';
import { createTransport, resolveTarget, type Transport } from '../otlp/post/index.ts';
import { createDestinationSpool, type DestinationSpool } from '../otlp/spool/index.ts';
import type { ResourceAttributes } from '../otlp/write/index.ts';
import type { Journal } from './journal/journal.ts';
import type { LeftBehind } from './left-behind.ts';
import { newTally, type SignalTally } from './tally.ts';

export const SIGNALS: readonly Signal[] = ['traces', 'metrics', 'logs'];

export interface Pipeline {
  readonly transport: Transport;
  readonly queue: ExportQueue;
  readonly tally: SignalTally;
  readonly disk: DiskTally;
  readonly spool: DestinationSpool | undefined;
}

export type Pipelines = Readonly<Record<Signal, Pipeline>>;

export interface PipelinesOptions {
  readonly settings: Settings;
  readonly version: string;
  readonly budget: Budget;
  readonly resource: ResourceAttributes;
  readonly count: (name: string, by: number) => void;
  readonly onChange: () => void;
  /** Of a thread. */
  readonly journal?: Journal | undefined;
  /** Under `swarmscope run`. */
  readonly left?: LeftBehind | undefined;
}

export function createPipelines(options: PipelinesOptions): Pipelines {
  const pipelines: Pipelines = forEach((signal) => createPipeline(signal, options, () => pipelines));
  return pipelines;
}

export function forEach<T>(make: (signal: Signal) => T): Record<Signal, T> {
  return { traces: make('traces'), metrics: make('metrics'), logs: make('logs') };
}

function createPipeline(signal: Signal, options: PipelinesOptions, all: () => Pipelines): Pipeline {
  const { settings, version, budget, resource, count, onChange, journal, left } = options;
  const transport = createTransport(resolveTarget(settings, signal, `swarmscope/${version}`));
  const tally = newTally();
  const disk: DiskTally = { sent: 0, dropped: {} };
  const countSpool = (name: string, by: number): void => {
    bookSpool(disk, name, by);
    count(name, by);
  };
  const spool = createDestinationSpool({ settings, target: transport.target, count: countSpool });
  const queue = new ExportQueue({
    signal,
    transport,
    budget,
    tally,
    resource: () => resource,
    flushDelayMs: settings.flushDelayMs,
    onChange() {
      left?.touch();
      onChange();
    },
    ...(spool === undefined ? keptInRun(signal, left) : { keep: spool.keep, onTaken: spool.onTaken }),
    onFull: () => SIGNALS.forEach((each) => all()[each].queue.spill()),
    onRecorded: left === undefined || signal === 'metrics' ? undefined : () => left.touch(),
    journal: journal === undefined || signal === 'metrics' ? undefined : journalOf(journal, signal, transport, all),
  });
  return { transport, tally, disk, queue, spool };
}

/** The run reads its folder every second: what its receiver did not take once goes there. */
function keptInRun(signal: Signal, left: LeftBehind | undefined): Pick<QueueOptions, 'keep' | 'attemptsBeforeKeep'> {
  const leave = left?.leave;
  return leave === undefined || signal === 'metrics' ? {} : { keep: (payload) => leave(signal, payload), attemptsBeforeKeep: 1 };
}

/** Metrics are kept in the journal as single values: see `SyncMeter`. */
function journalOf(journal: Journal, signal: 'traces' | 'logs', { target }: Transport, all: () => Pipelines): QueueJournal {
  const fateOf = ({ tally, disk }: Pipeline): LedgerPipeline => ({ tally, disk });
  return {
    keep: (scope, bytes) => journal.keep(signal, { scope, isJson: target.encoding === 'json', bytes }),
    settle: (items) => journal.settle(signal, items, { traces: fateOf(all().traces), logs: fateOf(all().logs) }),
  };
}

export async function flushPipelines(pipelines: Pipelines, timeoutMs: number): Promise<void> {
  await Promise.all(SIGNALS.map((signal) => pipelines[signal].queue.flush(timeoutMs)));
}

export interface BlockingSend {
  readonly timeoutMs: number;
  readonly sender: Sender | undefined;
  /** Metrics that count `leaving` as sent, posted last and only if all was taken: at `exit` no request can follow. */
  readonly finalMetrics: (leaving: LeavingItems) => Payload[];
}

/** Blocking, at an ending: sends what waits and books the answers. */
export function sendPipelinesBlocking(pipelines: Pipelines, { timeoutMs, sender, finalMetrics }: BlockingSend): void {
  const deadline = clock.monotonic() + timeoutMs;
  for (const signal of SIGNALS) pipelines[signal].queue.settleOnTheWire(Math.max(0, deadline - clock.monotonic()));
  const parcels = SIGNALS.flatMap((signal) =>
    pipelines[signal].queue.drain().map((payload) => ({ signal, ...parcelOf(pipelines[signal], payload) })),
  );
  const leftMs = deadline - clock.monotonic();
  if (parcels.length > 0 && leftMs > 0) {
    const leaving = { traces: 0, metrics: 0, logs: 0 };
    for (const { signal, payload } of parcels) leaving[signal] += payload.items;
    const final = finalMetrics(leaving);
    const last = final.map((payload) => ({ ...parcelOf(pipelines.metrics, payload), isLast: true }));
    const answers = sendBlocking([...parcels, ...last], leftMs, sender);
    parcels.forEach(({ signal, payload }, index) => pipelines[signal].queue.settle(payload, answers[index] ?? NO_ANSWER));
    for (const payload of final) pipelines.metrics.queue.forget(payload);
  } else for (const { signal, payload } of parcels) pipelines[signal].queue.settle(payload, NO_ANSWER);
}

const NO_ANSWER = { kind: 'retry', reason: 'exit_timeout' } as const;

const parcelOf = ({ transport }: Pipeline, payload: Payload): Parcel => ({ payload, target: transport.target });

/** Books what is still there at the very end: on disk if there is such a place, else lost. */
export function settlePipelines(pipelines: Pipelines, timeoutMs: number): void {
  const deadline = clock.monotonic() + timeoutMs;
  for (const signal of SIGNALS) {
    const { queue, tally } = pipelines[signal];
    for (const payload of queue.drain())
      queue.settle(payload, { kind: 'retry', reason: tally.lastAnswer?.isGood === false ? tally.lastAnswer.text : 'exit_timeout' });
  }
  for (const signal of SIGNALS) pipelines[signal].spool?.close(Math.max(0, deadline - clock.monotonic()));
}
