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
  ObservableCallback,
  ObservableResult,
  UpDownCounter,
} from '@opentelemetry/api';
import { ValueType } from '@opentelemetry/api';
import type { Attributes, EpochMs, MetricKind, SnapshotMetric } from '../../semconv/telemetry.ts';
import { Storage } from './storage.ts';

/** The metrics specification's buckets for an instrument without advice. */
const DEFAULT_BOUNDS = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10_000];

interface NumberState {
  value: number;
  toldAt?: EpochMs | undefined;
}

interface HistogramState {
  count: number;
  sum: number;
  min: number;
  max: number;
  counts: number[];
}

interface Descriptor {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  readonly isInt: boolean;
}

interface Instrument {
  readonly storage: { readonly size: number };
  collect(): SnapshotMetric;
}

/** Told of each value of a synchronous instrument; `bounds` are those of a histogram. */
export type OnValue = (
  instrument: Descriptor & { readonly kind: MetricKind; readonly bounds?: readonly number[] },
  value: number,
  attributes: Attributes,
) => void;

/** Counters of the status file, by the name of a metric that has reached its limit of attribute sets. */
export const OVERFLOW_COUNTER = 'metrics.overflow.';

class ObservableInstrument implements Observable, Instrument {
  readonly storage: Storage<NumberState>;
  readonly callbacks = new Set<ObservableCallback>();
  readonly #descriptor: Descriptor;
  readonly #kind: Exclude<MetricKind, 'histogram'>;

  constructor(descriptor: Descriptor, kind: Exclude<MetricKind, 'histogram'>, onOverflow: () => void) {
    this.#descriptor = descriptor;
    this.#kind = kind;
    this.storage = new Storage<NumberState>(() => ({ value: 0 }), onOverflow);
  }

  clear(): void {
    this.storage.clear(this.#kind === 'counter');
  }

  addCallback(callback: ObservableCallback): void {
    this.callbacks.add(callback);
  }

  removeCallback(callback: ObservableCallback): void {
    this.callbacks.delete(callback);
  }

  observe(value: number, attributes: MetricAttributes = {}, toldAt?: EpochMs): void {
    if (!Number.isFinite(value)) return;
    const state = this.storage.at(attributes as Attributes);
    // Many observations meet there: amounts add up, of levels the highest is shown.
    if (!this.storage.isOverflow(state)) Object.assign(state, { value, toldAt });
    else state.value = this.#kind === 'gauge' ? Math.max(state.value, value) : state.value + value;
  }

  collect(): SnapshotMetric {
    return { ...this.#descriptor, kind: this.#kind, points: this.storage.map((attributes, state) => ({ attributes, ...state })) };
  }
}

/** Instruments of one process; asking twice for a name gives the same one. */
export class SyncMeter implements Meter {
  readonly #instruments = new Map<string, Instrument>();
  readonly #batchCallbacks = new Map<BatchObservableCallback, Set<ObservableInstrument>>();
  readonly #onFault: (error: unknown) => void;
  readonly #onOverflow: (name: string) => void;
  readonly #onValue: OnValue | undefined;
  #records = 0;

  /** How many values synchronous instruments took: tells whether a snapshot is still the last word. */
  get records(): number {
    return this.#records;
  }

  get series(): number {
    return [...this.#instruments.values()].reduce((sum, instrument) => sum + instrument.storage.size, 0);
  }

  /**
   * `onFault`: a callback threw, the others still run. `onOverflow`: once per metric with too many attribute sets.
   * `onValue`: each value that a synchronous instrument took.
   */
  constructor(onFault: (error: unknown) => void, onOverflow: (name: string) => void = () => undefined, onValue?: OnValue) {
    this.#onFault = onFault;
    this.#onOverflow = onOverflow;
    this.#onValue = onValue;
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
    return this.#intern(name, () => {
      const descriptor = describe(name, options);
      const bounds = [...(options?.advice?.explicitBucketBoundaries ?? DEFAULT_BOUNDS)].sort((a, b) => a - b);
      const told = { ...descriptor, kind: 'histogram', bounds } as const;
      const storage = new Storage<HistogramState>(
        () => ({ count: 0, sum: 0, min: Infinity, max: -Infinity, counts: new Array<number>(bounds.length + 1).fill(0) }),
        () => this.#onOverflow(name),
      );
      return {
        record: (value: number, attributes: MetricAttributes = {}) => {
          if (!Number.isFinite(value)) return;
          this.#records++;
          recordValue(storage.at(attributes as Attributes), value, bounds);
          this.#onValue?.(told, value, attributes as Attributes);
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
    this.#batchCallbacks.set(callback, new Set(observables.filter((observable) => observable instanceof ObservableInstrument)));
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
    for (const instrument of this.#instruments.values()) {
      if (!(instrument instanceof ObservableInstrument)) continue;
      instrument.clear();
      const result: ObservableResult = { observe: (value, attributes) => instrument.observe(value, attributes) };
      for (const callback of instrument.callbacks) this.#guard(() => callback(result));
    }
    for (const [callback, instruments] of this.#batchCallbacks) {
      const result: BatchObservableResult = {
        observe: (observable, value, attributes, toldAt?: EpochMs) => {
          if (observable instanceof ObservableInstrument && instruments.has(observable)) observable.observe(value, attributes, toldAt);
        },
      };
      this.#guard(() => callback(result));
    }
  }

  #guard(run: () => void | Promise<void>): void {
    try {
      const pending = run();
      if (pending instanceof Promise) pending.catch(this.#onFault);
    } catch (error) {
      this.#onFault(error);
    }
  }

  #number(
    name: string,
    kind: 'counter' | 'updowncounter' | 'gauge',
    options: MetricOptions | undefined,
    apply: (state: NumberState, value: number) => void,
  ): Counter {
    return this.#intern(name, () => {
      const descriptor = describe(name, options);
      const told = { ...descriptor, kind };
      const storage = new Storage<NumberState>(
        () => ({ value: 0 }),
        () => this.#onOverflow(name),
      );
      return {
        add: (value: number, attributes: MetricAttributes = {}) => {
          if (!Number.isFinite(value)) return;
          this.#records++;
          apply(storage.at(attributes as Attributes), value);
          this.#onValue?.(told, value, attributes as Attributes);
        },
        storage,
        collect: () => ({ ...descriptor, kind, points: storage.map((attributes, { value }) => ({ attributes, value })) }),
      };
    });
  }

  #observable(name: string, kind: 'counter' | 'updowncounter' | 'gauge', options: MetricOptions | undefined): Observable {
    return this.#intern(name, () => new ObservableInstrument(describe(name, options), kind, () => this.#onOverflow(name)));
  }

  #intern<T extends Instrument>(name: string, create: () => T): T {
    const known = this.#instruments.get(name);
    // A name asked for as two kinds of instrument is a fault of ours that types cannot show; the first one wins.
    if (known !== undefined) return known as T;
    const made = create();
    this.#instruments.set(name, made);
    return made;
  }
}

function describe(name: string, options: MetricOptions = {}): Descriptor {
  return { name, unit: options.unit ?? '', description: options.description ?? '', isInt: options.valueType === ValueType.INT };
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
