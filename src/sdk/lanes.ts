/** The three ways out of a process, one per signal, and how they are emptied together. */
import type { Settings, Signal } from '../config/settings.ts';
import { createDestinationSpool, type DestinationSpool } from './destination-spool.ts';
import { sendBlocking, type Parcel } from './exit-sender.ts';
import { ExportQueue, type Batch, type Budget } from './export-queue.ts';
import { bookSpool, type DiskTally } from './ledger.ts';
import { clock } from './originals.ts';
import type { ResourceAttributes } from './otlp/envelope.ts';
import { newTally, type SignalTally } from './tally.ts';
import { createTransport, resolveTarget, type Transport } from './transport.ts';

export const SIGNALS: readonly Signal[] = ['traces', 'metrics', 'logs'];

export interface Lane {
  readonly transport: Transport;
  readonly queue: ExportQueue;
  readonly tally: SignalTally;
  readonly disk: DiskTally;
  readonly spool: DestinationSpool | undefined;
}

export type Lanes = Readonly<Record<Signal, Lane>>;

export interface LanesOptions {
  readonly settings: Settings;
  /** Of swarmscope. */
  readonly version: string;
  readonly budget: Budget;
  readonly resource: ResourceAttributes;
  readonly count: (name: string, by: number) => void;
  /** Something that the status file shows has changed. */
  readonly onChange: () => void;
}

export function createLanes(options: LanesOptions): Lanes {
  return forEach((signal) => createLane(signal, options));
}

/** A record with one value per signal. */
export function forEach<T>(make: (signal: Signal) => T): Record<Signal, T> {
  return { traces: make('traces'), metrics: make('metrics'), logs: make('logs') };
}

function createLane(signal: Signal, { settings, version, budget, resource, count, onChange }: LanesOptions): Lane {
  const transport = createTransport(resolveTarget(settings, signal, `swarmscope/${version}`));
  const tally = newTally();
  const disk: DiskTally = { sent: 0, dropped: {} };
  const countSpool = (name: string, by: number): void => {
    bookSpool(disk, name, by);
    count(name, by);
  };
  const spool = createDestinationSpool({ settings, signal, target: transport.target, count: countSpool });
  const queue = new ExportQueue({
    signal,
    transport,
    budget,
    tally,
    resource: () => resource,
    flushDelayMs: settings.flushDelayMs,
    onChange,
    keep: spool?.keep,
    onTaken: spool?.onTaken,
  });
  return { transport, tally, disk, queue, spool };
}

export async function flushLanes(lanes: Lanes, timeoutMs: number): Promise<void> {
  await Promise.all(SIGNALS.map((signal) => lanes[signal].queue.flush(timeoutMs)));
}

export interface BlockingSend {
  readonly timeoutMs: number;
  readonly environment: Readonly<Record<string, string>>;
  /**
   * Asked, while the tally says that everything here was taken, for metrics that tell just that: they are sent after all the rest, and only if it was taken.
   * In an `exit` handler nobody could tell it afterwards.
   */
  readonly lastWord: () => Batch[];
}

/** Blocking, at an ending: sends what waits and books the answers. */
export function sendLanesBlocking(lanes: Lanes, { timeoutMs, environment, lastWord }: BlockingSend): void {
  const deadline = clock.monotonic() + timeoutMs;
  for (const signal of SIGNALS) lanes[signal].queue.settleOnTheWire(Math.max(0, deadline - clock.monotonic()));
  const parcels = SIGNALS.flatMap((signal) => lanes[signal].queue.drain().map((batch) => ({ signal, ...parcelOf(lanes[signal], batch) })));
  const leftMs = deadline - clock.monotonic();
  if (parcels.length > 0 && leftMs > 0) {
    for (const { signal, batch } of parcels) if (signal !== 'metrics') lanes[signal].tally.sent += batch.items;
    const words = lastWord();
    for (const { signal, batch } of parcels) if (signal !== 'metrics') lanes[signal].tally.sent -= batch.items;
    const last = words.map((batch) => ({ ...parcelOf(lanes.metrics, batch), isLast: true }));
    const answers = sendBlocking([...parcels, ...last], leftMs, environment);
    parcels.forEach(({ signal, batch }, index) => lanes[signal].queue.settle(batch, answers[index] ?? NO_ANSWER));
    for (const batch of words) lanes.metrics.queue.forget(batch);
  } else for (const { signal, batch } of parcels) lanes[signal].queue.settle(batch, NO_ANSWER);
}

const NO_ANSWER = { kind: 'retry', reason: 'exit_timeout' } as const;

const parcelOf = ({ transport }: Lane, batch: Batch): Parcel => ({ batch, target: transport.target });

/** Books what is still there at the very end: on disk if there is such a place, else lost. */
export function settleLanes(lanes: Lanes): void {
  for (const signal of SIGNALS) {
    const { queue, tally } = lanes[signal];
    for (const batch of queue.drain())
      queue.settle(batch, { kind: 'retry', reason: tally.lastAnswer?.isGood === false ? tally.lastAnswer.text : 'exit_timeout' });
  }
  for (const signal of SIGNALS) lanes[signal].spool?.close();
}
