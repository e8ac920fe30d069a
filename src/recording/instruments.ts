/** Instruments made from the registry, once each, at first use. */
import type { Counter, Histogram, Meter, UpDownCounter } from '@opentelemetry/api';
import type { MetricSpec } from '../semconv/index.ts';
import { boundedName } from './content.ts';
import type { Attributes } from '../semconv/telemetry.ts';

type Instrument = Pick<Counter | UpDownCounter, 'add'> | Pick<Histogram, 'record'>;

export class Instruments {
  readonly meter: Meter;
  readonly #made = new Map<string, Instrument>();

  constructor(meter: Meter) {
    this.meter = meter;
  }

  /** Adds to a counter, or records into a histogram. Undefined attributes are left out, names bounded. */
  measure(spec: MetricSpec, value: number, attributes: Attributes): void {
    if (!Number.isFinite(value)) return;
    const instrument = this.#instrument(spec);
    const present = (interned.has(attributes) ? attributes : labelsOf(attributes)) as ReturnType<typeof defined>;
    if ('add' in instrument) instrument.add(value, present);
    else instrument.record(value, present);
  }

  #instrument(spec: MetricSpec): Instrument {
    let instrument = this.#made.get(spec.name);
    if (instrument === undefined) {
      instrument = make(this.meter, spec);
      this.#made.set(spec.name, instrument);
    }
    return instrument;
  }
}

function make(meter: Meter, spec: MetricSpec): Instrument {
  const options = { unit: spec.unit, description: spec.description, valueType: spec.valueType === 'int' ? 0 : 1 };
  if (spec.instrument === 'histogram') {
    const advice = spec.buckets === undefined ? {} : { advice: { explicitBucketBoundaries: [...spec.buckets] } };
    return meter.createHistogram(spec.name, { ...options, ...advice });
  }
  if (spec.instrument === 'counter') return meter.createCounter(spec.name, options);
  if (spec.instrument === 'updowncounter') return meter.createUpDownCounter(spec.name, options);
  return meter.createGauge(spec.name, options);
}

/** Sets made by `internedLabels`: a meter knows them by identity. Asking whether an object is frozen takes five times as long. */
const interned = new WeakSet<Attributes>();

/** The labels as a frozen object, to be used for many values. */
export function internedLabels(attributes: Attributes): Attributes {
  const labels = Object.freeze(labelsOf(attributes));
  interned.add(labels);
  return labels;
}

/** A metric's attributes are names and enumerations: no more than a name's length of each. */
export function labelsOf(attributes: Attributes): Record<string, string | number | boolean | string[]> {
  const labels = defined(attributes);
  for (const name in labels) {
    const value = labels[name];
    if (typeof value === 'string') labels[name] = boundedName(value);
  }
  return labels;
}

/** Drops what is undefined, so that an absent fact is an absent attribute. */
export function defined(attributes: Attributes): Record<string, string | number | boolean | string[]> {
  const result: Record<string, string | number | boolean | string[]> = {};
  for (const name in attributes) {
    const value = attributes[name];
    if (value !== undefined) result[name] = value as string | number | boolean | string[];
  }
  return result;
}
