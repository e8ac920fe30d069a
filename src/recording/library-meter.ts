/** What libraries and the program itself measure through `@opentelemetry/api` in an app without an SDK for metrics. */
import type { Meter, MetricOptions, Observable } from '@opentelemetry/api';
import { exportTarget } from '../config/settings/export-target.ts';
import { isOnSpans } from '../config/settings/capture.ts';
import { cutText } from '../semconv/cut-text.ts';
import { scrubStart } from '../semconv/credentials/index.ts';
import type { Attributes } from '../semconv/telemetry.ts';
import { boundedName, createMask } from './content.ts';
import type { Core } from './core.ts';
import { createLabels } from './library-labels.ts';
import { createLibraryMask, type LibraryMask } from './library-mask.ts';
import type { LibraryInstrument, LibraryInstrumentStart, LibraryMeter, LibraryScope } from './library-meter-types.ts';

const MAX_UNIT_CHARACTERS = 63;
const MAX_DESCRIPTION_CHARACTERS = 1_024;
const MAX_VERSION_CHARACTERS = 64;
const MAX_URL_CHARACTERS = 255;

export class LibraryMeters {
  readonly #core: Core;
  readonly #mask: LibraryMask;
  readonly #labels: (given: unknown) => Attributes;

  constructor(core: Core) {
    const isCaptured = isOnSpans(core.settings.captureContent);
    this.#core = core;
    this.#mask = createLibraryMask(isCaptured, core.cleaner);
    this.#labels = createLabels({ known: createMask(isCaptured, core.cleaner), text: (given) => boundedName(this.#mask.name(given)) });
  }

  of({ name, version, schemaUrl }: LibraryScope): LibraryMeter {
    const scope = {
      // A line break would be the end of an entry in a thread's journal.
      name: this.#mask.scope(name).replaceAll(/\p{Cc}/gu, ' '),
      ...(version === undefined ? {} : { version: cutText(version, MAX_VERSION_CHARACTERS).replaceAll(/\p{Cc}/gu, ' ') }),
      ...(schemaUrl === undefined ? {} : { schemaUrl: scrubStart(schemaUrl, MAX_URL_CHARACTERS).replaceAll(/\p{Cc}/gu, ' ') }),
    };
    return new ScopedMeter({ core: this.#core, scope, labels: this.#labels });
  }
}

interface ScopedOptions {
  readonly core: Core;
  readonly scope: LibraryScope;
  readonly labels: (given: unknown) => Attributes;
}

type Made = LibraryInstrument & { readonly start: LibraryInstrumentStart; readonly observable: Observable | undefined };

class ScopedMeter implements LibraryMeter {
  readonly #options: ScopedOptions;
  readonly #made = new Map<string, Made>();
  /** That its instruments are on. */
  #meter: Meter | undefined;

  constructor(options: ScopedOptions) {
    this.#options = options;
  }

  instrument(start: LibraryInstrumentStart): LibraryInstrument | undefined {
    const { core } = this.#options;
    const key = `${start.name.toLowerCase()}\0${start.kind}\0${start.isObserved}\0${start.unit}`;
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    try {
      const made = this.#make(start);
      if (made === undefined) core.count('otel-api.instruments-refused');
      else this.#made.set(key, made);
      return made;
    } catch (error) {
      core.onFault('libraryMeter.instrument', error);
      return undefined;
    }
  }

  observe(instruments: readonly LibraryInstrument[], callback: Parameters<LibraryMeter['observe']>[1]): () => void {
    const { labels } = this.#options;
    const meter = this.#meter;
    const observables = instruments.flatMap((instrument) => (instrument as Made).observable ?? []);
    if (meter === undefined || observables.length === 0) return () => undefined;
    const asked = (result: { observe: (observable: Observable, value: number, attributes: never) => void }): unknown =>
      this.#goesToAppSdk()
        ? undefined
        : callback((instrument, given, attributes) => {
            const { start, observable } = instrument as Made;
            const value = this.#number(given, start);
            if (value !== undefined && observable !== undefined) result.observe(observable, value, labels(attributes) as never);
          });
    meter.addBatchObservableCallback(asked as never, observables);
    return () => meter.removeBatchObservableCallback(asked as never, observables);
  }

  #make(start: LibraryInstrumentStart): Made | undefined {
    const { core, scope } = this.#options;
    if (exportTarget(core.settings, 'metrics').isOff) return undefined;
    const meter = core.assembly().meterFor?.(scope);
    if (meter === undefined) return undefined;
    this.#meter = meter;
    const { name, kind, isObserved, unit, description, isInt, bounds } = start;
    const options: MetricOptions = {
      unit: cutText(unit, MAX_UNIT_CHARACTERS),
      description: scrubStart(description, MAX_DESCRIPTION_CHARACTERS),
      valueType: isInt ? 0 : 1,
      ...(bounds === undefined ? {} : { advice: { explicitBucketBoundaries: [...bounds] } }),
    };
    if (isObserved) {
      const create = {
        counter: 'createObservableCounter',
        gauge: 'createObservableGauge',
        updowncounter: 'createObservableUpDownCounter',
      } as const;
      return { start, observable: meter[create[kind as keyof typeof create]](name, options), record: () => undefined };
    }
    if (kind === 'histogram') {
      const histogram = meter.createHistogram(name, options);
      return this.#recorder(start, (value, attributes) => histogram.record(value, attributes));
    }
    if (kind === 'gauge') {
      const gauge = meter.createGauge(name, options);
      return this.#recorder(start, (value, attributes) => gauge.record(value, attributes));
    }
    const counter = kind === 'counter' ? meter.createCounter(name, options) : meter.createUpDownCounter(name, options);
    return this.#recorder(start, (value, attributes) => counter.add(value, attributes));
  }

  #recorder(start: LibraryInstrumentStart, take: (value: number, attributes: never) => void): Made {
    const { core, labels } = this.#options;
    return {
      start,
      observable: undefined,
      record: (given, attributes) => {
        try {
          if (this.#goesToAppSdk()) return;
          const value = this.#number(given, start);
          if (value !== undefined) take(value, labels(attributes) as never);
        } catch {
          // A getter or a proxy among the attributes threw: this value is lost, the program is not.
          core.count('otel-api.bad-values');
        }
      },
    };
  }

  /** There a library's metrics go as its spans do. */
  #goesToAppSdk(): boolean {
    return this.#options.core.assembly().usesAppSdk?.() === true;
  }

  /** undefined, and counted: no number, or one that only falls where the kind only grows. */
  #number(given: unknown, { kind, isInt }: LibraryInstrumentStart): number | undefined {
    const isGood = typeof given === 'number' && Number.isFinite(given) && (given >= 0 || kind === 'gauge' || kind === 'updowncounter');
    if (isGood) return isInt ? Math.trunc(given) : given;
    this.#options.core.count('otel-api.bad-values');
    return undefined;
  }
}
