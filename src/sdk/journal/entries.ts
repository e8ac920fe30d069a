/** What the entries of a thread's journal are: the words that its writer and its reader share. */
import type { Scope } from '../../otlp/write/index.ts';
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

/** A span that has started, as it is now, as a JSON array: half the time of an object. A link is one of its context. */
export type OpenSpan = readonly [
  context: Ids,
  parent: Ids | undefined,
  scope: readonly [name: string, version: string | undefined, schemaUrl: string | undefined],
  name: string,
  kind: number,
  startTime: readonly [seconds: number, nanoseconds: number],
  attributes: Attributes,
  droppedAttributesCount: number,
  links: readonly (readonly [context: Ids, attributes: Attributes | undefined])[],
];

export type Ids = readonly [traceId: string, spanId: string, traceFlags: number, isRemote: boolean | undefined];

/** A synchronous instrument. */
export type Instrument = Parameters<OnValue>[0];

/** What became of the items that are no longer in the journal. */
export type Settled = Readonly<Record<ItemSignal, LedgerPipeline>>;

/** First characters of the entries of the two logs that are text. */
export const MARKS = { open: '+', closed: '-', base: 'B', instrument: 'I', record: 'R', settled: 'S' } as const;
