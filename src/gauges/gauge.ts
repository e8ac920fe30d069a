/** The shape of a gauge, and how its observable instruments are made from the registry. */
import type { Meter, Observable } from '@opentelemetry/api';
import type { Settings } from '../config/settings/index.ts';
import type * as Gpus from '../machine/gpu/index.ts';
import type { Spawn } from '../machine/gpu/reading.ts';
import type { Attributes, EpochMs } from '../semconv/telemetry.ts';
import type { MetricSpec } from '../semconv/index.ts';
import type { GaugeState } from './state.ts';

export interface GaugeContext {
  readonly meter: Meter;
  readonly settings: Pick<Settings, 'gpu' | 'gpuIntervalMs' | 'modelServers'>;
  readonly runId: string;
  readonly state: GaugeState;
  readonly now: () => EpochMs;
  readonly spawn: Spawn;
  /** A bundle of its own, where this machine has a driver for GPUs. */
  readonly loadGpus: () => typeof Gpus;
  /** A number for the status file. */
  readonly count: (name: string) => void;
}

export interface Gauge {
  readonly name: string;
  readonly where: 'every-process' | 'root';
  /** Returns what stops it. */
  start(context: GaugeContext): () => void;
}

/**
 * Reports one value of one metric; what is no number is absent, never 0. `toldAt`: when somebody else told it, so that of
 * several processes the newest is shown.
 */
export type Report = (spec: MetricSpec, value: number | undefined, attributes: Attributes, toldAt?: EpochMs) => void;

/** The meter of ours takes a time besides; any other one leaves it out. */
interface TimedResult {
  observe(instrument: Observable, value: number, attributes?: Record<string, string | number | boolean>, toldAt?: EpochMs): void;
}

/** Calls `read` at each collection, for all of `specs` at once: numbers of one reading belong together. */
export function observe(meter: Meter, specs: readonly MetricSpec[], read: (report: Report) => void): () => void {
  const instruments = new Map(specs.map((spec) => [spec.name, make(meter, spec)]));
  const callback = (result: TimedResult): void =>
    read((spec, value, attributes, toldAt) => {
      const instrument = instruments.get(spec.name);
      if (instrument === undefined || value === undefined || !Number.isFinite(value)) return;
      result.observe(instrument, value, present(attributes), toldAt);
    });
  const observables = [...instruments.values()];
  meter.addBatchObservableCallback(callback, observables);
  return () => meter.removeBatchObservableCallback(callback, observables);
}

function make(meter: Meter, { name, unit, description, valueType, instrument }: MetricSpec): Observable {
  const options = { unit, description, valueType: valueType === 'int' ? 0 : 1 };
  if (instrument === 'counter') return meter.createObservableCounter(name, options);
  if (instrument === 'updowncounter') return meter.createObservableUpDownCounter(name, options);
  return meter.createObservableGauge(name, options);
}

function present(attributes: Attributes): Record<string, string | number | boolean> {
  return Object.fromEntries(Object.entries(attributes).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
