/** Adds our trace processor to the provider of OpenAI Agents, and asks its context which of its spans we are in. */
import { wrapMethod } from '../../hooks/wrap-method.ts';
import type { ObserverContext } from '../observer.ts';
import { OffSwitch } from '../off-switch.ts';
import { followOnce } from '../span-reader.ts';
import { processorOf } from './processor.ts';
import { Spans, type AgentsSpan } from './spans.ts';

const NAME = 'openai-agents';

interface Provider {
  registerProcessor(processor: object): void;
  setProcessors(processors: object[]): void;
}

export function watch(context: ObserverContext) {
  const gate = new OffSwitch(NAME, context);
  const spans = new Spans(() => context.recorder());
  const processor = processorOf(spans, gate);
  /** Of each copy of the library: they share one context. */
  const readers = new Set<() => AgentsSpan | null>();
  const follow = followOnce({ context, gate, isEmpty: () => spans.isEmpty, frameOf: (span) => spans.frameOf(span), readers });

  return {
    /** Ours is the first of its processors: it is told of a span before the work in it begins. */
    provider(exported: unknown): void {
      const prototype = (exported as { prototype?: Partial<Provider> }).prototype;
      if (typeof prototype?.registerProcessor !== 'function' || typeof prototype.setProcessors !== 'function')
        return gate.off('this version has no registerProcessor');
      const known = new WeakSet<object>();
      wrapMethod(prototype, 'registerProcessor', (register, self, args) => {
        gate.safely(() => {
          if (known.has(self as object)) return;
          known.add(self as object);
          Reflect.apply(register, self, [processor]);
          follow();
        });
        return Reflect.apply(register, self, args);
      });
      // They take the place of all others.
      wrapMethod(prototype, 'setProcessors', (set, self, args) => {
        const [given, ...rest] = args;
        known.add(self as object);
        gate.safely(follow);
        return Reflect.apply(set, self, [!gate.isOff && Array.isArray(given) ? [processor, ...(given as unknown[])] : given, ...rest]);
      });
    },
    currentSpan(exported: unknown): void {
      if (typeof exported === 'function') readers.add(exported as () => AgentsSpan | null);
    },
  };
}
