/** The meters of one process: ours, and one for each library that measures through the API; all are read together. */
import type { MetricScope, SnapshotMetric } from '../../semconv/telemetry.ts';
import { SyncMeter, type MeterOptions } from './meter.ts';
import type { Places } from './storage.ts';

/** Scopes with a meter of their own. Protects from scopes named by data. */
const MAX_SCOPES = 256;
/** Instruments of all of them. Protects from instruments named by data, and the root from their sum. */
const MAX_INSTRUMENTS = 300;
/** Series of all of them: about 10 MB as text, which is what a process may hand to its root. */
const MAX_SERIES = 20_000;

/** Tells scopes apart. */
export const scopeKey = ({ name, version, schemaUrl }: MetricScope): string => JSON.stringify([name, version, schemaUrl]);

export class Meters {
  readonly own: SyncMeter;
  readonly #options: MeterOptions;
  readonly #byScope = new Map<string, SyncMeter>();
  readonly #places: Places = { left: MAX_SERIES };

  constructor(options: MeterOptions) {
    this.#options = options;
    this.own = new SyncMeter(options);
  }

  /** To make one more instrument on; undefined: there are too many. */
  of(scope: MetricScope): SyncMeter | undefined {
    if (this.#sum((meter) => meter.size) - this.own.size >= MAX_INSTRUMENTS) return undefined;
    const key = scopeKey(scope);
    const known = this.#byScope.get(key);
    if (known !== undefined || this.#byScope.size >= MAX_SCOPES) return known;
    const made = new SyncMeter({ ...this.#options, scope, places: this.#places });
    this.#byScope.set(key, made);
    return made;
  }

  /** How many values synchronous instruments took: tells whether a snapshot is still the last word. */
  get records(): number {
    return this.#sum((meter) => meter.records);
  }

  get series(): number {
    return this.#sum((meter) => meter.series);
  }

  collect(): SnapshotMetric[] {
    return [...this.#all()].flatMap((meter) => meter.collect());
  }

  *#all(): Iterable<SyncMeter> {
    yield this.own;
    yield* this.#byScope.values();
  }

  #sum(of: (meter: SyncMeter) => number): number {
    let sum = 0;
    for (const meter of this.#all()) sum += of(meter);
    return sum;
  }
}
