/** What an observer is given to record what a program measures through `@opentelemetry/api`. */
import type { MetricKind, MetricScope } from '../semconv/telemetry.ts';

export interface LibraryInstrumentStart {
  readonly kind: MetricKind;
  /** Its callbacks are asked at each collection. */
  readonly isObserved: boolean;
  /** As the metrics specification allows it. */
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  /** Fractions are cut off. */
  readonly isInt: boolean;
  /** Of a histogram, rising; default: the specification's. */
  readonly bounds?: readonly number[] | undefined;
}

/** No member of it ever throws. */
export interface LibraryInstrument {
  /** Of one that is not observed. Programs in plain JavaScript hand over anything: what is no number counts nothing. */
  record(value: unknown, attributes: unknown): void;
}

/** Tells a value of one of the instruments that a callback is for. */
export type Observe = (instrument: LibraryInstrument, value: unknown, attributes: unknown) => void;

/** The meter of one scope. No member of it ever throws. */
export interface LibraryMeter {
  /** undefined: metrics go nowhere, or there are too many instruments. The same for the same identity. */
  instrument(start: LibraryInstrumentStart): LibraryInstrument | undefined;
  /** Asks `callback` at each collection; its promise is not waited for. Returns what takes it away. */
  observe(instruments: readonly LibraryInstrument[], callback: (observe: Observe) => unknown): () => void;
}

export type LibraryScope = MetricScope;
