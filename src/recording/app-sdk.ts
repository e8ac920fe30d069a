/** The app's own SDK as the place that our spans and metrics go to: filled in by `swarmscopeInstrumentations()`. */
import type { Context, Meter, Tracer } from '@opentelemetry/api';
import type { EpochMs } from '../semconv/telemetry.ts';

export interface AppSdk {
  /** Nobody preloaded us: no exporter of our own, and children gain the trace context alone. */
  isAlone: boolean;
  /** False after `disable()`. */
  isOn: boolean;
  tracerProvider: Provider<'getTracer', Tracer> | undefined;
  meterProvider: Provider<'getMeter', Meter> | undefined;
  /** Told when the meter provider is another one than before. */
  onMeter: () => void;
}

type Provider<Name extends string, Made> = Readonly<Record<Name, (name: string, version?: string) => Made>>;

/** A run that its first process opens by itself. */
export interface RunKind {
  readonly name: string;
  readonly runId: string;
  /** When its process started, in the clock of the run. */
  readonly startTime: EpochMs;
}

/** The context that the app's SDK keeps. Both answer undefined where our spans are our own. */
export interface OuterContext {
  active(): Context | undefined;
  /** How to run a function with `context` current there. */
  enter(context: Context): (<T>(fn: () => T) => T) | undefined;
}

/** Whether our spans and metrics go to the app's SDK. */
export function usesAppSdk({ isAlone, tracerProvider }: AppSdk): boolean {
  return isAlone || tracerProvider !== undefined;
}
