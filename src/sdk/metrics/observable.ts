/** Observable instruments: their callbacks are asked at each collection, and no promise of theirs is waited for. */
import type { MetricAttributes, Observable, ObservableCallback } from '@opentelemetry/api';
import type { Attributes, EpochMs, MetricDescription, MetricKind, SnapshotMetric } from '../../semconv/telemetry.ts';
import { MAX_POINTS, Storage, type Places } from './storage.ts';

export interface NumberState {
  value: number;
  toldAt?: EpochMs | undefined;
}

/** What a callback says at once is taken at once. */
type Say = (observation: () => void) => void;

/** One callback. Its promise is not waited for: what it says after an `await` is told at the next collection. */
export class Asked {
  #late: (() => void)[] = [];

  /** `ask` calls the callback: once more also where it has not ended since the last time, as `exit` comes when it comes. */
  ask(ask: (say: Say) => unknown, onFault: (error: unknown) => void): void {
    for (const observation of this.#late.splice(0)) observation();
    let isLate = false;
    try {
      const pending = ask((observation) => {
        if (!isLate) observation();
        else if (this.#late.length < MAX_POINTS) this.#late.push(observation);
      });
      if (isThenable(pending)) pending.then(undefined, onFault);
    } catch (error) {
      onFault(error);
    }
    isLate = true;
  }
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';

export interface ObservableOptions {
  readonly description: MetricDescription;
  readonly kind: Exclude<MetricKind, 'histogram'>;
  readonly onOverflow: () => void;
  readonly places?: Places | undefined;
}

export class ObservableInstrument implements Observable {
  readonly storage: Storage<NumberState>;
  readonly callbacks = new Map<ObservableCallback, Asked>();
  readonly #description: MetricDescription;
  readonly #kind: ObservableOptions['kind'];

  constructor({ description, kind, onOverflow, places }: ObservableOptions) {
    this.#description = { ...description, isObserved: true };
    this.#kind = kind;
    this.storage = new Storage<NumberState>({ create: () => ({ value: 0 }), onOverflow, places });
  }

  addCallback(callback: ObservableCallback): void {
    if (!this.callbacks.has(callback)) this.callbacks.set(callback, new Asked());
  }

  removeCallback(callback: ObservableCallback): void {
    this.callbacks.delete(callback);
  }

  /** Forgets what was observed, before the next observation. */
  clear(): void {
    this.storage.clear(this.#kind === 'counter');
  }

  askAll(onFault: (error: unknown) => void): void {
    for (const [callback, asked] of this.callbacks)
      asked.ask((say) => callback({ observe: (value, attributes) => say(() => this.observe(value, attributes)) }), onFault);
  }

  observe(value: number, attributes: MetricAttributes = {}, toldAt?: EpochMs): void {
    if (!Number.isFinite(value)) return;
    const state = this.storage.at(attributes as Attributes);
    // Many observations meet there: amounts add up, of levels the highest is shown.
    if (!this.storage.isOverflow(state)) Object.assign(state, { value, toldAt });
    else state.value = this.#kind === 'gauge' ? Math.max(state.value, value) : state.value + value;
  }

  collect(): SnapshotMetric {
    return { ...this.#description, kind: this.#kind, points: this.storage.map((attributes, state) => ({ attributes, ...state })) };
  }
}
