/**
 * Gives what the API's no-op meters make a body, as long as the app has no provider of meters. From its registration on
 * what was made before is the no-op that it would have been without us: the app's own SDK gets what it would have got.
 */
import type { LibraryInstrument, LibraryInstrumentStart, LibraryMeter } from '../../recording/library-meter-types.ts';
import type { ObserverContext } from '../observer.ts';
import { appMeters, type ApiMeter, type MeterBridge } from './bridge.ts';
import { Callbacks, type Observables } from './callbacks.ts';
import { CREATES, startOf, type Create } from './instruments.ts';

/** Meters that are kept by their scope; what comes after is the API's no-op. Protects from scopes named by data. */
const MAX_METERS = 256;

export function openMeters(observer: ObserverContext): MeterBridge {
  const meters = new Map<string, ApiMeter>();
  return {
    meterOf(noop, [name, version, options]) {
      const scope = { name: textOf(name) ?? '', version: textOf(version), schemaUrl: textOf(options?.schemaUrl) };
      // Another copy of the API has another no-op, which has what its version has.
      const key = JSON.stringify([scope.name, scope.version, scope.schemaUrl, 'createGauge' in noop]);
      const known = meters.get(key);
      if (known !== undefined) return known;
      if (meters.size >= MAX_METERS) {
        observer.count('otel-api.meters-refused');
        return noop;
      }
      const made = meterLike(observer, noop, () => observer.recorder()?.libraryMeter(scope));
      meters.set(key, made);
      return made;
    },
  };
}

function meterLike(observer: ObserverContext, noop: ApiMeter, open: () => LibraryMeter | undefined): ApiMeter {
  let own: LibraryMeter | undefined;
  const ours = (): LibraryMeter | undefined => (own ??= open());
  const callbacks = new Callbacks(ours);
  const observables = new WeakMap<object, () => LibraryInstrument | undefined>();
  const meter = Object.create(noop) as ApiMeter;

  function make(create: Create, args: readonly unknown[]): object {
    const base = noop[create]?.(...args) as object;
    const start = startOf(create, args);
    if (start === undefined) {
      observer.count('otel-api.bad-names');
      return base;
    }
    const instrument = Object.create(base) as object;
    const ourOwn = (): LibraryInstrument | undefined => ours()?.instrument(start);
    if (!start.isObserved) {
      define(instrument, base, { [verbOf(start)]: recording(ourOwn) });
      return instrument;
    }
    observables.set(instrument, ourOwn);
    const its: Observables = new Map([[instrument, ourOwn]]);
    define(instrument, base, {
      addCallback: (callback: unknown) => callbacks.add(its, callback, false),
      removeCallback: (callback: unknown) => callbacks.remove(its, callback, false),
    });
    return instrument;
  }

  const known = (all: unknown): Observables => {
    const given = Array.isArray(all) ? (all as object[]).filter((each) => typeof each === 'object' && observables.has(each)) : [];
    return new Map(given.map((each) => [each, observables.get(each) as () => LibraryInstrument | undefined]));
  };
  define(meter, noop, {
    ...Object.fromEntries(CREATES.map((create) => [create, (...args: unknown[]) => make(create, args)])),
    addBatchObservableCallback: (callback: unknown, all: unknown) => callbacks.add(known(all), callback, true),
    removeBatchObservableCallback: (callback: unknown, all: unknown) => callbacks.remove(known(all), callback, true),
  });
  return meter;
}

/** Told each value. Whether the app has an SDK by now is asked anew each time, which costs some ten nanoseconds. */
function recording(open: () => LibraryInstrument | undefined): (value: unknown, attributes?: unknown) => void {
  let own: LibraryInstrument | undefined;
  let isAsked = false;
  return (value, attributes) => {
    if (appMeters() !== undefined) return;
    if (!isAsked) own = open();
    isAsked = true;
    own?.record(value, attributes);
  };
}

const verbOf = ({ kind }: LibraryInstrumentStart): 'add' | 'record' => (kind === 'histogram' || kind === 'gauge' ? 'record' : 'add');

/** Only methods that this version of the API has, and as its own: none is enumerable. */
function define(target: object, noop: object, methods: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(methods))
    if (typeof (noop as Record<string, unknown>)[name] === 'function')
      Object.defineProperty(target, name, { value, writable: true, configurable: true });
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
