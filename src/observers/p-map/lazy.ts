/** What is p-map's own: the names of its options, and the symbol by which a mapper ends a call. */
import { likeFunction } from '../../hooks/wrap-method.ts';
import { watchCalls, type Task } from '../../scheduling/index.ts';
import { libraryOf } from '../library.ts';
import type { ObserverContext } from '../observer.ts';

const NAME = 'p-map';

/** The options of any version; an app in JavaScript may pass anything. */
interface Options {
  readonly concurrency?: unknown;
  readonly stopOnError?: unknown;
  readonly signal?: unknown;
}

/** In the place of p-map's function. undefined for what is none. */
export function watchedFunction(context: ObserverContext, given: unknown): unknown {
  if (typeof given !== 'function') return undefined;
  const original = given as Task;
  const calls = watchCalls(libraryOf(NAME, context));
  const watched = likeFunction(original, (...args: unknown[]) => {
    const [items, mapper, options, ...rest] = args;
    const { concurrency = Infinity, stopOnError = true, signal } = (options ?? {}) as Options;
    const isLimit = concurrency === Infinity || (Number.isSafeInteger(concurrency) && Number(concurrency) >= 1);
    // p-map refuses it.
    if (typeof mapper !== 'function' || !isLimit || options === null) return original(...args);
    return calls.run(
      {
        items,
        mapper: mapper as Task,
        limit: Number(concurrency),
        stopsOnError: stopOnError !== false,
        signal,
        calledBy: watched,
        isStop: (result) => typeof result === 'symbol' && result.description === 'stop',
      },
      (instead) => original(...(args.length < 3 ? [items, instead] : [items, instead, options, ...rest])),
    );
  });
  return watched;
}
