/** A `Meter` that is read synchronously: `@opentelemetry/sdk-metrics` needs promises, and none settles at `exit`. */
import type {
  BatchObservableCallback,
  BatchObservableResult,
  Counter,
  Gauge,
  Histogram,
  Meter,
  MetricAttributes,
  MetricOptions,
  Observable,
  UpDownCounter,
} from '@opentelemetry/api';
import { ValueType } from '@opentelemetry/api';
import { metricKey } from '../../root/index.ts';
import type { Attributes, EpochMs, MetricDescription, MetricKind, MetricScope, SnapshotMetric } from '../../semconv/telemetry.ts';
import { Asked, ObservableInstrument, type NumberState } from './observable.ts';
import { Storage, type Places } from './storage.ts';

/** The metrics specification's buckets for an instrument without advice. */
const DEFAULT_BOUNDS = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10_000];

interface HistogramState {
  count: number;
  sum: number;
  min: number;
  max: number;
  counts: number[];
}

interface Instrument {
  readonly storage: { readonly size: number };
  collect(): SnapshotMetric;
}

/** Told of each value of a synchronous instrument; `bounds` are those of a histogram. */
export type OnValue = (
  instrument: MetricDescription & { readonly kind: MetricKind; readonly bounds?: readonly number[] },
  value: number,
  attributes: Attributes,
) => void;

/** Counters of the status file, by the name of a metric that has reached its limit of attribute sets. */
export const OVERFLOW_COUNTER = 'metrics.overflow.';

export interface MeterOptions {
  /** A callback threw, or did not end; the others still run. */
  readonly onFault: (error: unknown) => void;
  /** Called once per metric with too many attribute sets. */
  readonly onOverflow?: ((name: string) => void) | undefined;
  /** Told of each value that a synchronous instrument took. */
  readonly onValue?: OnValue | undefined;
  /** Of a library; default: ours. */
  readonly scope?: MetricScope | undefined;
  readonly places?: Places | undefined;
}

/** Instruments of one scope; asking twice for a name gives the same one. */
export class SyncMeter implements Meter {
  readonly #instruments = new Map<string, Instrument>();
  readonly #batchCallbacks = new Map<BatchObservableCallback, { instruments: Set<ObservableInstrument>; asked: Asked }>();
  readonly #options: MeterOptions;
  #records = 0;

  /** How many values synchronous instruments took: tells whether a snapshot is still the last word. */
  get records(): number {
    return this.#records;
  }

  /** Instruments. */
  get size(): number {
    return this.#instruments.size;
  }

  get series(): number {
    return [...this.#instruments.values()].reduce((sum, instrument) => sum + instrument.storage.size, 0);
  }

  constructor(options: MeterOptions) {
    this.#options = options;
  }

  createCounter(name: string, options?: MetricOptions): Counter {
    const counter = this.#number(name, 'counter', options, (state, value) => {
      state.value += value;
    });
    // A counter only grows; the specification leaves a negative amount to be ignored.
    return { add: (value, attributes) => (value >= 0 ? counter.add(value, attributes) : undefined) };
  }

  createUpDownCounter(name: string, options?: MetricOptions): UpDownCounter {
    return this.#number(name, 'updowncounter', options, (state, value) => {
      state.value += value;
    });
  }

  createGauge(name: string, options?: MetricOptions): Gauge {
    const gauge = this.#number(name, 'gauge', options, (state, value) => {
      state.value = value;
    });
    return { record: (value, attributes) => gauge.add(value, attributes) };
  }

  createHistogram(name: string, options?: MetricOptions): Histogram {
    const descriptor = this.#describe(name, options);
    return this.#intern(descriptor, 'histogram', () => {
      const bounds = [...(options?.advice?.explicitBucketBoundaries ?? DEFAULT_BOUNDS)].sort((a, b) => a - b);
      const told = { ...descriptor, kind: 'histogram', bounds } as const;
      const storage = new Storage<HistogramState>({
        create: () => ({ count: 0, sum: 0, min: Infinity, max: -Infinity, counts: new Array<number>(bounds.length + 1).fill(0) }),
        ...this.#limits(name),
      });
      return {
        record: (value: number, attributes: MetricAttributes = {}) => {
          if (!Number.isFinite(value)) return;
          this.#records++;
          recordValue(storage.at(attributes as Attributes), value, bounds);
          this.#options.onValue?.(told, value, attributes as Attributes);
        },
        storage,
        collect: () => ({
          ...descriptor,
          kind: 'histogram',
          points: storage.map((attributes, state) => ({ attributes, ...state, counts: [...state.counts], bounds })),
        }),
      };
    });
  }

  createObservableGauge(name: string, options?: MetricOptions): Observable {
    return this.#observable(name, 'gauge', options);
  }

  createObservableCounter(name: string, options?: MetricOptions): Observable {
    return this.#observable(name, 'counter', options);
  }

  createObservableUpDownCounter(name: string, options?: MetricOptions): Observable {
    return this.#observable(name, 'updowncounter', options);
  }

  addBatchObservableCallback(callback: BatchObservableCallback, observables: Observable[]): void {
    const instruments = new Set(observables.filter((observable) => observable instanceof ObservableInstrument));
    this.#batchCallbacks.set(callback, { instruments, asked: new Asked() });
  }

  removeBatchObservableCallback(callback: BatchObservableCallback): void {
    this.#batchCallbacks.delete(callback);
  }

  /** Runs the callbacks and reads every instrument that has points. No promise of a callback is waited for. */
  collect(): SnapshotMetric[] {
    this.#observe();
    const metrics: SnapshotMetric[] = [];
    for (const instrument of this.#instruments.values()) {
      const metric = instrument.collect();
      if (metric.points.length > 0) metrics.push(metric);
    }
    return metrics;
  }

  #observe(): void {
    const { onFault } = this.#options;
    const observables = [...this.#instruments.values()].filter((instrument) => instrument instanceof ObservableInstrument);
    for (const instrument of observables) instrument.clear();
    for (const instrument of observables) instrument.askAll(onFault);
    for (const [callback, { instruments, asked }] of this.#batchCallbacks) {
      asked.ask((say) => {
        const result: BatchObservableResult = {
          observe: (observable, value, attributes, toldAt?: EpochMs) => {
            if (observable instanceof ObservableInstrument && instruments.has(observable))
              say(() => observable.observe(value, attributes, toldAt));
          },
        };
        return callback(result);
      }, onFault);
    }
  }

  #number(
    name: string,
    kind: 'counter' | 'updowncounter' | 'gauge',
    options: MetricOptions | undefined,
    apply: (state: NumberState, value: number) => void,
  ): Counter {
    const descriptor = this.#describe(name, options);
    return this.#intern(descriptor, kind, () => {
      const told = { ...descriptor, kind };
      const storage = new Storage<NumberState>({ create: () => ({ value: 0 }), ...this.#limits(name) });
      return {
        add: (value: number, attributes: MetricAttributes = {}) => {
          if (!Number.isFinite(value)) return;
          this.#records++;
          apply(storage.at(attributes as Attributes), value);
          this.#options.onValue?.(told, value, attributes as Attributes);
        },
        storage,
        collect: () => ({ ...descriptor, kind, points: storage.map((attributes, { value }) => ({ attributes, value })) }),
      };
    });
  }

  #observable(name: string, kind: 'counter' | 'updowncounter' | 'gauge', options: MetricOptions | undefined): Observable {
    const description = this.#describe(name, options);
    return this.#intern(description, kind, () => new ObservableInstrument({ description, kind, ...this.#limits(name) }));
  }

  #intern<T extends Instrument>(descriptor: MetricDescription, kind: MetricKind, create: () => T): T {
    const key = metricKey({ ...descriptor, kind });
    const known = this.#instruments.get(key);
    // A name of ours asked for as two kinds of instrument is a fault that types cannot show; the first one wins.
    if (known !== undefined) return known as T;
    const made = create();
    this.#instruments.set(key, made);
    return made;
  }

  #limits(name: string): { onOverflow: () => void; places: Places | undefined } {
    return { onOverflow: () => this.#options.onOverflow?.(name), places: this.#options.places };
  }

  #describe(name: string, options: MetricOptions = {}): MetricDescription {
    const { scope } = this.#options;
    const { unit = '', description = '', valueType } = options;
    return { name, unit, description, isInt: valueType === ValueType.INT, ...(scope === undefined ? {} : { scope }) };
  }
}

function recordValue(state: HistogramState, value: number, bounds: readonly number[]): void {
  state.count++;
  state.sum += value;
  if (value < state.min) state.min = value;
  if (value > state.max) state.max = value;
  let low = 0;
  let high = bounds.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (value <= (bounds[middle] as number)) high = middle;
    else low = middle + 1;
  }
  state.counts[low] = (state.counts[low] ?? 0) + 1;
}
