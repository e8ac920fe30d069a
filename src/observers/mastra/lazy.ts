/** Registers our exporter with each instance that Mastra selects, asks its context which of its spans we are in, and stands in where it has none. */
import { likeFunction, wrapMethod } from '../../hooks/wrap-method.ts';
import type { ObserverContext } from '../observer.ts';
import { OffSwitch } from '../off-switch.ts';
import { followOnce } from '../span-reader.ts';
import { exporterOf } from './exporter.ts';
import { isBefore1, OwnSpan, type SpanOptions } from './own-span.ts';
import { Spans } from './spans.ts';

const NAME = 'mastra';

type SpanFactory = (options: SpanOptions) => unknown;

interface Instance {
  registerExporter(exporter: object): void;
}

export function watch(context: ObserverContext) {
  const gate = new OffSwitch(NAME, context);
  const spans = new Spans(() => context.recorder());
  const exporter = exporterOf(spans, gate);
  const known = new WeakSet<object>();
  /** Of each copy of the library. */
  const readers = new Set<() => { readonly id?: unknown } | undefined>();
  const follow = followOnce({ context, gate, isEmpty: () => spans.isEmpty, frameOf: (span) => spans.frameOf(span?.id), readers });

  function join(instance: unknown): void {
    if (typeof instance !== 'object' || instance === null || known.has(instance)) return;
    known.add(instance);
    if (typeof (instance as Partial<Instance>).registerExporter !== 'function') return gate.off('this version has no registerExporter');
    (instance as Instance).registerExporter(exporter);
    follow();
  }

  return {
    observability(exported: unknown): void {
      const prototype = (exported as { prototype?: { getSelectedInstance?: unknown } } | undefined)?.prototype;
      if (typeof prototype?.getSelectedInstance !== 'function') return gate.off('this version has no getSelectedInstance');
      wrapMethod(prototype, 'getSelectedInstance', (select, self, args) => {
        const instance: unknown = Reflect.apply(select, self, args);
        gate.safely(() => join(instance));
        return instance;
      });
    },
    /** It gives nothing where the app has set up no observability: then Mastra gets a span of ours. */
    spanFactory(exported: unknown): unknown {
      if (typeof exported !== 'function') return undefined;
      const original = exported as SpanFactory;
      return likeFunction(original, (options: SpanOptions) => {
        const span = original(options);
        if (span !== undefined || context.recorder() === undefined) return span;
        return gate.safely(() => (isBefore1(options) ? undefined : new OwnSpan({ context, gate, spans }, options)));
      });
    },
    currentSpan(exported: unknown): void {
      if (typeof exported === 'function') readers.add(exported as () => { readonly id?: unknown } | undefined);
    },
  };
}
