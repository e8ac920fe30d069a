/** Our assembly, in front of which the app's own SDK steps when it takes our spans and metrics. */
import { createNoopMeter, ProxyTracerProvider, type Context, type ContextAPI, type Meter, type Tracer } from '@opentelemetry/api';
import { usesAppSdk, type AppSdk, type OuterContext } from '../recording/app-sdk.ts';
import type { Assembly } from '../recording/types.ts';

type Registry = Readonly<Record<'context', ContextAPI | undefined>>;

/** Where every copy of major 1 of the API registers. */
const REGISTRY = Symbol.for('opentelemetry.js.api.1');
const SCOPE = 'swarmscope';

/** Asked at each span: the app may start its SDK, or take us out, at any time. */
export function behindAppSdk(appSdk: AppSdk, own: Assembly, version: string): Assembly {
  const noTracer = new ProxyTracerProvider().getTracer(SCOPE);
  const noMeter = createNoopMeter();
  const tracerOf = remembered((provider: NonNullable<AppSdk['tracerProvider']>): Tracer => provider.getTracer(SCOPE, version));
  const meterOf = remembered((provider: NonNullable<AppSdk['meterProvider']>): Meter => provider.getMeter(SCOPE, version));
  return {
    get tracer() {
      if (!usesAppSdk(appSdk)) return own.tracer;
      return appSdk.tracerProvider === undefined || !appSdk.isOn ? noTracer : tracerOf(appSdk.tracerProvider);
    },
    get meter() {
      if (!usesAppSdk(appSdk)) return own.meter;
      return appSdk.meterProvider === undefined || !appSdk.isOn ? noMeter : meterOf(appSdk.meterProvider);
    },
    tracerFor: (name, scopeVersion, schemaUrl) => own.tracerFor(name, scopeVersion, schemaUrl),
    meterFor: (scope) => own.meterFor?.(scope),
    environment: () => own.environment(),
    hashKey: () => own.hashKey?.(),
    get emitLog() {
      return usesAppSdk(appSdk) ? undefined : own.emitLog;
    },
    leave: () => own.leave?.(),
    askPolicies: own.askPolicies,
    changed: own.changed,
    threads: own.threads,
    leads: own.leads,
    outer: outerOf(appSdk),
    usesAppSdk: () => usesAppSdk(appSdk),
  };
}

function outerOf(appSdk: AppSdk): OuterContext {
  const theirs = (): Registry['context'] => (usesAppSdk(appSdk) ? (globalThis as { [REGISTRY]?: Registry })[REGISTRY]?.context : undefined);
  return {
    active: () => theirs()?.active(),
    enter(entered: Context) {
      const manager = theirs();
      return manager === undefined ? undefined : (fn) => manager.with(entered, fn);
    },
  };
}

/** The last answer, for as long as the question is the same. */
function remembered<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
  let last: { key: Key; value: Value } | undefined;
  return (key) => (last?.key === key ? last : (last = { key, value: make(key) })).value;
}
