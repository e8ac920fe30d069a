/** What the entries of a thread's journal are: the words that its writer and its reader share. */
import type { FinishedSpan, Scope } from '../../otlp/write/index.ts';
import type { Attributes } from '../../semconv/telemetry.ts';
import type { LedgerPipeline } from '../ledger.ts';
import type { OnValue } from '../metrics/meter.ts';

/** The logs of a journal, by number. */
export const LOGS = { traces: 1, logs: 2, open: 3, metrics: 4 } as const;
/** Signals whose items are kept as they are encoded. */
export type ItemSignal = 'traces' | 'logs';

/** In front of the bytes of an item, as JSON, with its length in two bytes before it. */
export interface ItemHead {
  readonly scope: Scope;
  readonly isJson: boolean;
}

/** A span that has started, as it is now. Its end is not known. */
export interface OpenSpan extends Omit<FinishedSpan, 'spanContext' | 'endTime' | 'events' | 'parentSpanContext' | 'links'> {
  readonly scope: Scope;
  readonly context: Ids;
  readonly parentSpanContext: Ids | undefined;
  readonly links: readonly { readonly context: Ids; readonly attributes?: Attributes | undefined }[];
}

export interface Ids {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
  readonly isRemote?: boolean | undefined;
}

/** A synchronous instrument. */
export type Instrument = Parameters<OnValue>[0];

/** What became of the items that are no longer in the journal. */
export type Settled = Readonly<Record<ItemSignal, LedgerPipeline>>;

/** First characters of the entries of the two logs that are text. */
export const MARKS = { open: '+', closed: '-', base: 'B', instrument: 'I', record: 'R', settled: 'S' } as const;
