/** One call of a declared function: recorded from its start to its end, in every form that a function may have. */
import { valueOf, type DeclaredFunction } from '../../config/declared-functions.ts';
import type { Activity, Recorder } from '../../recording/types.ts';
import { taskName } from '../../scheduling/index.ts';
import { errorTypeOf } from '../../semconv/error-type.ts';
import type { ObserverContext } from '../observer.ts';
import { untilSettled } from '../until-settled.ts';

type Original = (this: unknown, ...args: unknown[]) => unknown;
type Call = (original: Original, self: unknown, args: unknown[]) => unknown;

interface Recorded {
  within<T>(fn: () => T): T;
  readonly end: (failure?: { readonly error: unknown }) => void;
}

/** A stand-in that looks like `original` to whoever looks; `new` and calls of what was watched already pass through. */
export function watchedFunction(original: object, call: Call): unknown {
  const before = known.get(original);
  if (before !== undefined) return before;
  const instead = new Proxy(original, { apply: (target, self, args: unknown[]) => call(target as Original, self, args) });
  known.set(original, instead);
  known.set(instead, instead);
  return instead;
}
const known = new WeakMap<object, object>();

export function declaredCall(context: ObserverContext, declared: DeclaredFunction): Call {
  return (original, self, args) => {
    const start = (): Recorded | undefined => {
      try {
        const recorder = context.recorder();
        return recorder === undefined ? undefined : begin(recorder, declared, { original, self, args });
      } catch (error) {
        context.fault('functions', error);
        return undefined;
      }
    };
    // Its body runs when it is asked for a value.
    if (isGeneratorFunction(original)) return watchGenerator(Reflect.apply(original, self, args) as object, start);
    const recorded = start();
    const run = (): unknown => Reflect.apply(original, self, args);
    return recorded === undefined ? run() : untilSettled(() => recorded.within(run), recorded.end);
  };
}

function begin(recorder: Recorder, declared: DeclaredFunction, call: { original: Original; self: unknown; args: unknown[] }): Recorded {
  const { self, args } = call;
  const [id, type, agent] = [declared.id, declared.type, declared.agent].map((each) => valueOf(each, self, args));
  const name = type ?? exportName(declared) ?? taskName(call.original, () => []) ?? declared.module;
  const activities: Activity[] = [];
  const within = <T>(fn: () => T): T => {
    const frame = activities.at(-1)?.frame;
    return frame === undefined ? fn() : recorder.within(frame, fn);
  };
  const open = (start: () => Activity): void => void activities.push(within(start));
  if (declared.as === 'task') open(() => recorder.startTask({ type: name, id, mayBeBatch: true }, name));
  else if (declared.as === 'batch') open(() => recorder.startBatch({ scheduler: name }));
  else if (declared.as === 'tool') open(() => recorder.startTool({ name, callId: id }));
  else if (declared.as === 'run') open(() => recorder.startRun(name));
  if (declared.as === 'agent' || agent !== undefined) open(() => recorder.startAgent(agent ?? name));
  return {
    within,
    end(failure) {
      const errorType = failure === undefined ? undefined : errorTypeOf(failure.error);
      for (const activity of activities.reverse()) activity.end({ errorType });
    },
  };
}

/** As the program calls it from outside; what is exported by default has a name of its own at most. */
function exportName({ export: name }: DeclaredFunction): string | undefined {
  return name === 'default' ? undefined : name.split('.').at(-1);
}

function isGeneratorFunction(original: object): boolean {
  return /^(?:Async)?GeneratorFunction$/.test(String(Reflect.get(original, Symbol.toStringTag)));
}

/** From the first value that is asked for to the last, each within the activity. */
function watchGenerator(generator: object, start: () => Recorded | undefined): object {
  let recorded: { readonly is: Recorded | undefined } | undefined;
  let isEnded = false;
  const end = (failure?: { readonly error: unknown }): void => {
    if (!isEnded) recorded?.is?.end(failure);
    isEnded = true;
  };
  const done = (result: unknown): unknown => {
    if ((result as { done?: unknown } | undefined)?.done === true) end();
    return result;
  };
  const failed = (error: unknown): never => {
    end({ error });
    throw error;
  };
  for (const name of ['next', 'return', 'throw'] as const) {
    const original = Reflect.get(generator, name) as Original;
    const step = (...args: unknown[]): unknown => {
      // One that is left before it began has done nothing.
      if (name === 'next') recorded ??= { is: start() };
      const run = (): unknown => Reflect.apply(original, generator, args);
      let result: unknown;
      try {
        result = recorded?.is === undefined || isEnded ? run() : recorded.is.within(run);
      } catch (error) {
        return failed(error);
      }
      return result instanceof Promise ? result.then(done, failed) : done(result);
    };
    Object.defineProperty(generator, name, { value: step, configurable: true, enumerable: false, writable: true });
  }
  return generator;
}
