/**
 * Gives OpenTelemetry's instruments the registry's names, units and attributes. Points that differ only in an
 * attribute that the registry leaves out become one point: their sum or their mean.
 */
import type {
  BatchObservableCallback,
  BatchObservableResult,
  Histogram,
  Meter,
  MeterProvider,
  Observable,
  ObservableCallback,
  MetricAttributes,
} from '@opentelemetry/api';
import { createNoopMeter, ValueType } from '@opentelemetry/api';
import type { MetricSpec } from '../../semconv/index.ts';

export interface View {
  readonly spec: MetricSpec;
  /** Values that meet there; default: the last one stands. */
  readonly reduce?: 'sum' | 'mean';
  /** The source counts from the start of the machine: told is what came since the first look. */
  readonly isSinceFirst?: boolean;
  /** Taken from each value; never below 0. */
  readonly less?: number;
}

/** Instruments by the views, on `meter`; a name without a view is dropped. `isFrozen`: nothing new is recorded. */
export function viewed(meter: Meter, views: readonly View[], isFrozen: () => boolean): MeterProvider {
  const byName = new Map(views.map((view) => [view.spec.name, view]));
  const none = createNoopMeter();
  const observables = new Map<string, ViewedObservable>();

  function observable(name: string): Observable {
    const view = byName.get(name);
    if (view === undefined) return none.createObservableGauge(name);
    const known = observables.get(name) ?? new ViewedObservable(view, makeObservable(meter, view.spec));
    observables.set(name, known);
    return known;
  }

  const facade: Meter = {
    createCounter: (name) => none.createCounter(name),
    createUpDownCounter: (name) => none.createUpDownCounter(name),
    createGauge: (name) => none.createGauge(name),
    createHistogram(name): Histogram {
      const view = byName.get(name);
      if (view === undefined) return none.createHistogram(name);
      const real = meter.createHistogram(name, {
        ...optionsOf(view.spec),
        advice: { explicitBucketBoundaries: [...(view.spec.buckets ?? [])] },
      });
      return { record: (value, attributes = {}) => (isFrozen() ? undefined : real.record(value, told(view, attributes))) };
    },
    createObservableCounter: observable,
    createObservableGauge: observable,
    createObservableUpDownCounter: observable,
    addBatchObservableCallback(callback, given) {
      const ours = given.filter((one) => one instanceof ViewedObservable);
      const read = batch(callback, ours);
      // The first look is where counting begins.
      if (ours.some(({ view }) => view.isSinceFirst === true)) void read({ observe: () => undefined });
      meter.addBatchObservableCallback(
        read,
        ours.map(({ real }) => real),
      );
    },
    removeBatchObservableCallback: () => undefined,
  };
  return { getMeter: () => facade };
}

/** Our own readings go through the same views. */
export function batch(callback: BatchObservableCallback, observables: readonly ViewedObservable[]): BatchObservableCallback {
  return (result: BatchObservableResult) => {
    const pending = callback({
      observe(metric, value, attributes = {}) {
        if (metric instanceof ViewedObservable && observables.includes(metric)) metric.take(value, attributes);
      },
    });
    // All that is observed is observed before the first `await` of the callback.
    for (const each of observables) each.tell((value, attributes) => result.observe(each.real, value, attributes));
    return pending;
  };
}

export class ViewedObservable implements Observable {
  readonly view: View;
  readonly real: Observable;
  readonly #taken = new Map<string, { attributes: MetricAttributes; value: number; count: number }>();
  readonly #first = new Map<string, number>();

  constructor(view: View, real: Observable) {
    this.view = view;
    this.real = real;
  }

  addCallback(callback: ObservableCallback): void {
    this.real.addCallback((result) => {
      const pending = callback({ observe: (value, attributes = {}) => this.take(value, attributes) });
      this.tell((value, attributes) => result.observe(value, attributes));
      return pending;
    });
  }

  removeCallback(): void {
    // The instrumentations take none away before they are stopped as a whole.
  }

  take(value: number, given: MetricAttributes): void {
    const attributes = told(this.view, given);
    const key = JSON.stringify(attributes);
    const before = this.#taken.get(key);
    if (before === undefined || this.view.reduce === undefined) this.#taken.set(key, { attributes, value, count: 1 });
    else {
      before.value += value;
      before.count++;
    }
  }

  tell(observe: (value: number, attributes: MetricAttributes) => void): void {
    for (const [key, { attributes, value, count }] of this.#taken)
      observe(this.#shown(key, this.view.reduce === 'mean' ? value / count : value), attributes);
    this.#taken.clear();
  }

  #shown(key: string, value: number): number {
    if (this.view.isSinceFirst !== true) return Math.max(0, value - (this.view.less ?? 0));
    const first = this.#first.get(key) ?? value;
    this.#first.set(key, first);
    return Math.max(0, value - first);
  }
}

export function makeObservable(meter: Meter, spec: MetricSpec): Observable {
  const options = optionsOf(spec);
  if (spec.instrument === 'counter') return meter.createObservableCounter(spec.name, options);
  if (spec.instrument === 'updowncounter') return meter.createObservableUpDownCounter(spec.name, options);
  return meter.createObservableGauge(spec.name, options);
}

const optionsOf = ({ unit, description, valueType }: MetricSpec): { unit: string; description: string; valueType: ValueType } => ({
  unit,
  description,
  valueType: valueType === 'int' ? ValueType.INT : ValueType.DOUBLE,
});

/** The very object where nothing is left out. */
function told({ spec }: View, given: MetricAttributes): MetricAttributes {
  const isTold = (name: string): boolean => spec.attributes.includes(name);
  return Object.keys(given).every(isTold) ? given : Object.fromEntries(Object.entries(given).filter(([name]) => isTold(name)));
}
