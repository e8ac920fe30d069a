/** Gives the no-ops of one copy of `@opentelemetry/api` a body, until the app registers an SDK. */
import { wrapMethod } from '../../hooks/wrap-method.ts';
import {
  appMeters,
  registered,
  type ApiContext,
  type ApiMeter,
  type ApiTracer,
  type Bridge,
  type MeterBridge,
  type ProxyTracer,
} from './bridge.ts';

export interface NoOps {
  /** Loads the rest: called at the first span of a library. */
  bridge(): Bridge;
  /** undefined as long as no library has made a span. */
  peek(): Bridge | undefined;
  /** The same for meters: called at the first one. */
  meters(): MeterBridge;
  fault(error: unknown): void;
  count(name: string): void;
}

/** Asked at each span: after a registration the tracer is the app's, also behind proxies of an earlier time. */
export function wrapTracer(exported: unknown, noOps: NoOps): void {
  const prototype = prototypeOf(exported);
  if (typeof prototype['_getTracer'] !== 'function')
    return noOps.fault('this copy of @opentelemetry/api has no ProxyTracer._getTracer: spans of libraries are dropped');
  wrapMethod(prototype, '_getTracer', (getTracer, self) => {
    const proxy = self as ProxyTracer;
    const noop = Reflect.apply(getTracer, proxy, []) as ApiTracer;
    if (proxy._delegate !== undefined || hasOwnSdk(noOps)) return noop;
    try {
      return noOps.bridge().tracerOf(proxy, noop);
    } catch (error) {
      noOps.fault(error);
      return noop;
    }
  });
}

/** `with` and `active` carry spans of ours; `bind` and `attach` are left alone: their results are the app's objects. */
export function wrapContextManager(exported: unknown, noOps: NoOps): void {
  const prototype = prototypeOf(exported);
  if (typeof prototype['active'] !== 'function' || typeof prototype['with'] !== 'function') return;
  wrapMethod(prototype, 'active', (active, self) => noOps.peek()?.active() ?? Reflect.apply(active, self, []));
  wrapMethod(prototype, 'with', (original, self, args) => {
    const call = (): unknown => Reflect.apply(original, self, args);
    const enter = noOps.peek()?.enter(args[0] as ApiContext);
    return enter === undefined ? call() : enter(call);
  });
}

/** Asked once a meter: what it makes asks at each value. */
export function wrapMeterProvider(exported: unknown, noOps: NoOps): void {
  wrapMethod(prototypeOf(exported), 'getMeter', (getMeter, self, args) => {
    const noop = Reflect.apply(getMeter, self, args) as ApiMeter;
    // A provider of a version that this copy does not take: what the app would have had.
    if (appMeters() !== undefined) return noop;
    try {
      return noOps.meters().meterOf(noop, args as []);
    } catch (error) {
      noOps.fault(error);
      return noop;
    }
  });
}

function hasOwnSdk(noOps: NoOps): boolean {
  const registry = registered();
  if (registry?.trace !== undefined) return true;
  if (registry?.context === undefined) return false;
  // With a context manager of the app alone, the parent of a span would be unknown.
  noOps.count('otel-api.beside-own-context');
  return true;
}

function prototypeOf(exported: unknown): Record<string, unknown> {
  return typeof exported === 'function' ? (exported.prototype as Record<string, unknown>) : {};
}
