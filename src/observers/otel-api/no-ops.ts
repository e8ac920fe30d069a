/** Gives the no-ops of one copy of `@opentelemetry/api` a body, until the app registers an SDK. */
import { wrapMethod } from '../../hooks/wrap-method.ts';
import type { ApiContext, Bridge, ProxyTracer, ApiTracer } from './bridge.ts';

export interface NoOps {
  /** Loads the rest: called at the first span of a library. */
  bridge(): Bridge;
  /** undefined as long as no library has made a span. */
  peek(): Bridge | undefined;
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

/** Where every copy of major 1 of the API registers. */
const REGISTRY = Symbol.for('opentelemetry.js.api.1');

function hasOwnSdk(noOps: NoOps): boolean {
  const registry = (globalThis as { [REGISTRY]?: { trace?: unknown; context?: unknown } })[REGISTRY];
  if (registry?.trace !== undefined) return true;
  if (registry?.context === undefined) return false;
  // With a context manager of the app alone, the parent of a span would be unknown.
  noOps.count('otel-api.beside-own-context');
  return true;
}

function prototypeOf(exported: unknown): Record<string, unknown> {
  return typeof exported === 'function' ? (exported.prototype as Record<string, unknown>) : {};
}
