/** Callbacks of observable instruments of one meter: each is there once, and can be taken away. */
import type { LibraryInstrument, LibraryMeter } from '../../recording/library-meter-types.ts';
import { appMeters } from './bridge.ts';

/** By what the app holds in its hands. Asked for at the first callback: an instrument without one loads nothing. */
export type Observables = ReadonlyMap<object, () => LibraryInstrument | undefined>;

interface Registration {
  readonly observables: Observables;
  readonly callback: (result: object) => unknown;
  readonly isBatch: boolean;
  readonly stop: () => void;
}

/** Callbacks of one meter; protects from a program that adds one with each request and takes none away. */
const MAX_CALLBACKS = 1_000;

export class Callbacks {
  readonly #meter: () => LibraryMeter | undefined;
  readonly #all = new Set<Registration>();

  constructor(meter: () => LibraryMeter | undefined) {
    this.#meter = meter;
  }

  /** A callback that is there already is not asked twice. */
  add(observables: Observables, callback: unknown, isBatch: boolean): void {
    if (typeof callback !== 'function' || observables.size === 0 || this.#all.size >= MAX_CALLBACKS) return;
    if (this.#find(observables, callback, isBatch) !== undefined) return;
    const asked = { observables, callback: callback as Registration['callback'], isBatch };
    this.#all.add({ ...asked, stop: this.#ask(asked) });
  }

  remove(observables: Observables, callback: unknown, isBatch: boolean): void {
    const found = this.#find(observables, callback, isBatch);
    if (found === undefined) return;
    this.#all.delete(found);
    found.stop();
  }

  #find(observables: Observables, callback: unknown, isBatch: boolean): Registration | undefined {
    for (const each of this.#all) {
      if (each.callback !== callback || each.isBatch !== isBatch || each.observables.size !== observables.size) continue;
      if ([...observables.keys()].every((instrument) => each.observables.has(instrument))) return each;
    }
    return undefined;
  }

  #ask({ observables, callback, isBatch }: Omit<Registration, 'stop'>): () => void {
    const ours = new Map<object, LibraryInstrument>();
    for (const [instrument, own] of observables) {
      const made = own();
      if (made !== undefined) ours.set(instrument, made);
    }
    const [single] = ours.values();
    const meter = this.#meter();
    if (meter === undefined || single === undefined) return () => undefined;
    return meter.observe([...ours.values()], (observe) => {
      if (appMeters() !== undefined) return undefined;
      if (!isBatch) return callback({ observe: (value: unknown, attributes?: unknown) => observe(single, value, attributes) });
      return callback({
        observe(instrument: object, value: unknown, attributes?: unknown) {
          const own = ours.get(instrument);
          if (own !== undefined) observe(own, value, attributes);
        },
      });
    });
  }
}
