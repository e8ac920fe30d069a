/** The two no-ops of one copy of `@opentelemetry/api`, with a body: seen through for as long as the app has registered nothing. */
import type { Bridge } from './lazy.ts';

export interface NoOps {
  /** Loads the rest: called at the first span of a library. */
  bridge(): Bridge;
  /** undefined as long as no library has made a span. */
  peek(): Bridge | undefined;
  fault(error: unknown): void;
  count(name: string): void;
}

/** What the API's own tracer is, as far as we look into it. */
export interface ProxyTracer {
  readonly name: string;
  readonly version?: string;
  readonly options?: { readonly schemaUrl?: string };
  /** The app's tracer, once there is one. */
  readonly _delegate?: object;
}

export interface ApiTracer {
  startSpan(name: string, options?: unknown, context?: ApiContext): object;
}

/** A context of any copy. */
export interface ApiContext {
  getValue(key: symbol): unknown;
}

type GetTracer = (this: ProxyTracer) => ApiTracer;
type Active = (this: unknown) => ApiContext;
type With = (this: unknown, context: ApiContext, fn: (...args: unknown[]) => unknown, thisArg?: unknown, ...args: unknown[]) => unknown;

/** The tracer behind a proxy: asked anew for each span, so that the app's takes over with its registration, also in tracers handed out before. */
export function shadowTracer(exported: unknown, noOps: NoOps): void {
  const prototype = prototypeOf(exported);
  const original = prototype['_getTracer'] as GetTracer | undefined;
  if (typeof original !== 'function')
    return noOps.fault('this copy of @opentelemetry/api has no ProxyTracer._getTracer: spans of libraries are dropped');
  replace(prototype, '_getTracer', function (this: ProxyTracer): ApiTracer {
    const noop = Reflect.apply(original, this, []);
    if (this._delegate !== undefined || hasOwnSdk(noOps)) return noop;
    try {
      return noOps.bridge().tracerOf(this, noop);
    } catch (error) {
      noOps.fault(error);
      return noop;
    }
  });
}

/** `with` and `active` carry spans of ours; `bind` and `attach` stay as they are, since their results are the app's own objects. */
export function shadowContextManager(exported: unknown, noOps: NoOps): void {
  const prototype = prototypeOf(exported);
  const active = prototype['active'] as Active | undefined;
  const run = prototype['with'] as With | undefined;
  if (typeof active !== 'function' || typeof run !== 'function') return;
  replace(prototype, 'active', function (this: unknown): ApiContext {
    return noOps.peek()?.active() ?? Reflect.apply(active, this, []);
  });
  replace(prototype, 'with', function (this: unknown, ...args: Parameters<With>): unknown {
    const call = (): unknown => Reflect.apply(run, this, args);
    const enter = noOps.peek()?.enter(args[0]);
    return enter === undefined ? call() : enter(call);
  });
}

/** What every copy of major 1 registers in; a copy that is too new for it sees nothing there, and is left alone nevertheless. */
const REGISTRY = Symbol.for('opentelemetry.js.api.1');

function hasOwnSdk(noOps: NoOps): boolean {
  const registry = (globalThis as { [REGISTRY]?: { trace?: unknown; context?: unknown } })[REGISTRY];
  if (registry?.trace !== undefined) return true;
  if (registry?.context === undefined) return false;
  // A context manager alone: whose child a span is could not be told.
  noOps.count('otel-api.beside-own-context');
  return true;
}

function prototypeOf(exported: unknown): Record<string, unknown> {
  return typeof exported === 'function' ? (exported.prototype as Record<string, unknown>) : {};
}

function replace(prototype: object, name: string, value: (...args: never[]) => unknown): void {
  const before = Object.getOwnPropertyDescriptor(prototype, name);
  Object.defineProperty(value, 'name', { value: name, configurable: true });
  Object.defineProperty(prototype, name, { configurable: true, writable: true, enumerable: before?.enumerable ?? false, value });
}
