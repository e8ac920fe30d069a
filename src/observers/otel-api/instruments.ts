/** The instruments of the metrics API: what each method of a meter makes, and what an app says of it. */
import type { LibraryInstrumentStart } from '../../recording/library-meter-types.ts';

const INSTRUMENTS = {
  createCounter: { kind: 'counter', isObserved: false },
  createUpDownCounter: { kind: 'updowncounter', isObserved: false },
  createGauge: { kind: 'gauge', isObserved: false },
  createHistogram: { kind: 'histogram', isObserved: false },
  createObservableCounter: { kind: 'counter', isObserved: true },
  createObservableUpDownCounter: { kind: 'updowncounter', isObserved: true },
  createObservableGauge: { kind: 'gauge', isObserved: true },
} as const satisfies Record<string, Pick<LibraryInstrumentStart, 'kind' | 'isObserved'>>;

export type Create = keyof typeof INSTRUMENTS;
export const CREATES = Object.keys(INSTRUMENTS) as Create[];

/** Of the metrics specification. */
const NAME = /^[a-z][\w.\-/]{0,254}$/i;
/** More are no buckets; protects from an endless list. */
const MAX_BOUNDS = 512;
/** `ValueType.INT`. */
const INT = 0;

/** undefined: an SDK would not take the name either. What else is wrong is as if it had not been said. */
export function startOf(create: Create, [name, given]: readonly unknown[]): LibraryInstrumentStart | undefined {
  if (typeof name !== 'string' || !NAME.test(name)) return undefined;
  const options = (typeof given === 'object' && given !== null ? given : {}) as Record<string, unknown>;
  const { unit, description, valueType, advice } = options;
  return {
    ...INSTRUMENTS[create],
    name,
    unit: typeof unit === 'string' ? unit : '',
    description: typeof description === 'string' ? description : '',
    isInt: valueType === INT,
    bounds: boundsOf((advice as { explicitBucketBoundaries?: unknown } | undefined)?.explicitBucketBoundaries),
  };
}

function boundsOf(given: unknown): readonly number[] | undefined {
  if (!Array.isArray(given)) return undefined;
  const numbers = given.slice(0, MAX_BOUNDS).filter((bound): bound is number => typeof bound === 'number' && Number.isFinite(bound));
  return [...new Set(numbers)].sort((a, b) => a - b);
}
