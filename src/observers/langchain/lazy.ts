/** Puts our callback handler where LangChain gathers its handlers, and runs what a run does within the run's span. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { likeFunction, wrapMethod } from '../../hooks/wrap-method.ts';
import type { Frame } from '../../recording/types.ts';
import type { ObserverContext } from '../observer.ts';
import { OffSwitch } from '../off-switch.ts';
import { runBelow } from '../place.ts';
import { handlerOf, HANDLER_NAME } from './handler.ts';
import { Runs, type Outcome } from './runs.ts';

const NAME = 'langchain';
/** Names of agents remembered; protects from names made of data. */
const MAX_AGENTS = 1_000;

interface Manager {
  readonly handlers: readonly { readonly name?: unknown }[];
  addHandler(handler: object, isInherited: boolean): void;
  getParentRunId?(): string | undefined;
}

/** What a runnable is handed: any app may call one with anything. */
interface Config {
  readonly callbacks?: { readonly getParentRunId?: unknown } | undefined;
}

/** What a callback is called within: the tool whose method runs, and the graph that is read. */
interface Caller {
  readonly toolName?: string | undefined;
  readonly graph?: { runId: string | undefined } | undefined;
}

/** Told of each class once it is loaded; a class of another shape switches the observer off. */
export function watch(context: ObserverContext) {
  const gate = new OffSwitch(NAME, context);
  const agentNames = new Set<string>();
  const runs = new Runs({ recorder: () => context.recorder(), agentNames });
  const callers = new AsyncLocalStorage<Caller>();
  const handler = handlerOf({ runs, gate, toolName: () => callers.getStore()?.toolName, graph: () => callers.getStore()?.graph });

  /** Where the run stands that `callbacks` were made for. */
  const frameIn = (callbacks: unknown): Frame | undefined =>
    gate.safely(() => {
      const manager = callbacks as Manager | undefined;
      return typeof manager?.getParentRunId === 'function' ? runs.frameOf(manager.getParentRunId()) : undefined;
    });
  const below = <T>(frame: Frame | undefined, fn: () => T): T => {
    const recorder = context.peek();
    return frame === undefined || recorder === undefined || gate.isOff ? fn() : runBelow(recorder, frame, fn);
  };
  const prototypeOf = (exported: unknown, ...methods: string[]): object | undefined => {
    const prototype = (exported as { prototype?: Record<string, unknown> } | undefined)?.prototype;
    const missing = methods.find((name) => typeof prototype?.[name] !== 'function');
    if (missing === undefined) return prototype;
    gate.off(`this version has no ${missing}`);
    return undefined;
  };

  return {
    /** `configure` calls it as well: each run begins there. */
    callbacks(exported: unknown): void {
      const CallbackManager = exported as (new () => Manager) & { _configureSync?: unknown };
      if (typeof CallbackManager._configureSync !== 'function') return gate.off('this version has no CallbackManager._configureSync');
      wrapMethod(CallbackManager, '_configureSync', (configure, self, args) => {
        const made = Reflect.apply(configure, self, args) as Manager | undefined;
        return gate.safely(() => withHandler(made ?? new CallbackManager())) ?? made;
      });
    },
    storage(exported: unknown): void {
      const prototype = prototypeOf(exported, 'runWithConfig');
      if (prototype === undefined) return;
      wrapMethod(prototype, 'runWithConfig', (run, self, args) => {
        const frame = frameIn((args[0] as Config | undefined)?.callbacks);
        return below(frame, () => Reflect.apply(run, self, args));
      });
    },
    /** A model in a chain is called without `runWithConfig`. */
    model(exported: unknown): void {
      const prototype = prototypeOf(exported, 'generate', '_streamIterator');
      if (prototype === undefined) return;
      wrapMethod(prototype, 'generate', (generate, self, args) => below(frameIn(args[2]), () => Reflect.apply(generate, self, args)));
      wrapMethod(prototype, '_streamIterator', (iterate, self, args) => {
        const frame = frameIn((args[1] as Config | undefined)?.callbacks);
        const made = Reflect.apply(iterate, self, args) as object;
        if (frame !== undefined)
          wrapMethod(made, 'next', (next, generator, given) => below(frame, () => Reflect.apply(next, generator, given)));
        return made;
      });
    },
    /** The body of a tool that is a class of the app's is called without `runWithConfig`. */
    tool(exported: unknown): void {
      const prototype = prototypeOf(exported, 'call');
      if (prototype === undefined) return;
      const seen = new WeakSet<object>();
      wrapMethod(prototype, 'call', (call, self, args) => {
        gate.safely(() => {
          if (typeof self !== 'object' || self === null || seen.has(self) || !Object.isExtensible(self)) return;
          seen.add(self);
          wrapMethod(self, '_call', (body, tool, given) => {
            const frame = gate.safely(() => runs.frameOf((given[1] as { runId?: unknown } | undefined)?.runId));
            return below(frame, () => Reflect.apply(body, tool, given));
          });
        });
        // A class of the app's tells its name to nobody else.
        const toolName = gate.safely(() => (self as { name?: unknown }).name);
        return callers.run({ toolName: typeof toolName === 'string' ? toolName : undefined }, () => Reflect.apply(call, self, args));
      });
    },
    /** A graph whose reader leaves, or that is aborted, may never tell its callbacks that it has ended. */
    graph(exported: unknown): void {
      const prototype = prototypeOf(exported, '_streamIterator');
      if (prototype === undefined) return;
      wrapMethod(prototype, '_streamIterator', (iterate, self, args) => {
        const made = Reflect.apply(iterate, self, args) as object;
        gate.safely(() => watchReader(made, (args[1] as { signal?: unknown } | undefined)?.signal));
        return made;
      });
    },
    /** A graph that it makes is an agent; only its name is told to callbacks. */
    agentMaker(exported: unknown): unknown {
      if (typeof exported !== 'function') return undefined;
      const make = exported as (...args: unknown[]) => unknown;
      return likeFunction(make, (...args: unknown[]) => {
        const name = gate.safely(() => (args[0] as { name?: unknown } | undefined)?.name);
        if (typeof name === 'string' && agentNames.size < MAX_AGENTS) agentNames.add(name);
        return make(...args);
      });
    },
  };

  function watchReader(generator: object, given: unknown): void {
    const graph: { runId: string | undefined } = { runId: undefined };
    // LangGraph makes one for each run: no signal of the app's gets a listener.
    const signal = given instanceof AbortSignal ? given : undefined;
    const over = (outcome: Outcome): void => {
      signal?.removeEventListener('abort', onAbort);
      gate.safely(() => graph.runId !== undefined && runs.end(graph.runId, outcome));
    };
    const onAbort = (): void => {
      const error: unknown = signal?.reason;
      over((error as { name?: unknown } | undefined)?.name === 'TimeoutError' ? { error } : { isLeft: true });
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    wrapMethod(generator, 'next', (next, self, args) => {
      const step = callers.run({ graph }, () => Reflect.apply(next, self, args)) as Promise<{ done?: boolean }>;
      // Its follower: a failure that nobody handles has to stay one.
      return step.then(
        (result) => {
          if (result.done === true) over({});
          return result;
        },
        (error: unknown) => {
          over({ error });
          throw error;
        },
      );
    });
    wrapMethod(generator, 'return', (leave, self, args) => {
      over({ isLeft: true });
      return Reflect.apply(leave, self, args);
    });
  }

  function withHandler(manager: Manager): Manager {
    if (!manager.handlers.some(({ name }) => name === HANDLER_NAME)) manager.addHandler(handler, true);
    return manager;
  }
}
