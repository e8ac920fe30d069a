/** What stands in for our tracer, meter and context while the app's own SDK takes our spans. */
import { createNoopMeter, ProxyTracerProvider, type Context, type ContextAPI, type Meter, type Tracer } from '@opentelemetry/api';
import { isHosted, type Host, type OuterContext } from '../recording/host.ts';
import type { Assembly } from '../recording/types.ts';

type Parts = Pick<Assembly, 'tracer' | 'meter' | 'tracerFor' | 'emitLog' | 'outer' | 'isHosted'>;
type Registry = Readonly<Record<'context', ContextAPI | undefined>>;

/** Where every copy of major 1 of the API registers. */
const REGISTRY = Symbol.for('opentelemetry.js.api.1');
const SCOPE = 'swarmscope';

/** Asked at each span: the app may start its SDK, or take us out, at any time. */
export function hostedParts(host: Host, own: Parts, version: string): Parts {
  const noTracer = new ProxyTracerProvider().getTracer(SCOPE);
  const noMeter = createNoopMeter();
  const tracerOf = remembered((provider: NonNullable<Host['tracerProvider']>): Tracer => provider.getTracer(SCOPE, version));
  const meterOf = remembered((provider: NonNullable<Host['meterProvider']>): Meter => provider.getMeter(SCOPE, version));
  return {
    get tracer() {
      if (!isHosted(host)) return own.tracer;
      return host.tracerProvider === undefined || !host.isOn ? noTracer : tracerOf(host.tracerProvider);
    },
    get meter() {
      if (!isHosted(host)) return own.meter;
      return host.meterProvider === undefined || !host.isOn ? noMeter : meterOf(host.meterProvider);
    },
    tracerFor: (name, scopeVersion, schemaUrl) => own.tracerFor(name, scopeVersion, schemaUrl),
    emitLog(record) {
      if (!isHosted(host)) own.emitLog(record);
    },
    outer: outerOf(host),
    isHosted: () => isHosted(host),
  };
}

function outerOf(host: Host): OuterContext {
  const theirs = (): Registry['context'] => (isHosted(host) ? (globalThis as { [REGISTRY]?: Registry })[REGISTRY]?.context : undefined);
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
