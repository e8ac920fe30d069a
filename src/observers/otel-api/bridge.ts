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
