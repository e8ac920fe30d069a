/** Types that both halves of the observer share: objects of `@opentelemetry/api`, and what stands in for them. */

export interface ProxyTracer {
  readonly name: string;
  readonly version?: string;
  readonly options?: { readonly schemaUrl?: string };
  readonly _delegate?: object;
}

export interface ApiTracer {
  startSpan(name: string, options?: unknown, context?: ApiContext): object;
}

export interface ApiContext {
  getValue(key: symbol): unknown;
}

/** One per process, so that spans of one copy of the API are found by the others. */
export interface Bridge {
  /** A tracer like `noop`, the API's own, whose spans are ours. */
  tracerOf(proxy: ProxyTracer, noop: ApiTracer): ApiTracer;
  /** The context of the innermost library span that is open. */
  active(): ApiContext | undefined;
  /** How to run a function with `context` current; undefined where nothing of ours is concerned. */
  enter(context: ApiContext): (<T>(fn: () => T) => T) | undefined;
}

/** A meter of any version: methods that it lacks are undefined. */
export type ApiMeter = Readonly<Record<string, ((...args: unknown[]) => unknown) | undefined>>;

/** One per process. */
export interface MeterBridge {
  /** A meter like `noop`, the API's own, that `getMeter(...args)` was to answer with. */
  meterOf(noop: ApiMeter, args: readonly [name?: unknown, version?: unknown, options?: { schemaUrl?: unknown }]): ApiMeter;
}

/** Where every copy of major 1 of the API registers. */
const REGISTRY = Symbol.for('opentelemetry.js.api.1');

interface Registered {
  readonly trace?: unknown;
  readonly context?: unknown;
  readonly metrics?: object;
}

/** What the app has registered, by whichever copy of the API. */
export function registered(): Registered | undefined {
  return (globalThis as { [REGISTRY]?: Registered })[REGISTRY];
}

/** The app's own provider of meters. */
export function appMeters(): object | undefined {
  return registered()?.metrics;
}
