/** What is p-all's own: it calls the functions of a list, by way of p-map. */
import { likeFunction } from '../../hooks/wrap-method.ts';
import { oneNamed, watchCalls, type Task } from '../../scheduling/index.ts';
import { libraryOf } from '../library.ts';
import type { ObserverContext } from '../observer.ts';

const NAME = 'p-all';

/** The options of any version; an app in JavaScript may pass anything. */
interface Options {
  readonly concurrency?: unknown;
  readonly stopOnError?: unknown;
  readonly signal?: unknown;
}

/** In the place of p-all's function. undefined for what is none. */
export function watchedFunction(context: ObserverContext, given: unknown): unknown {
  if (typeof given !== 'function') return undefined;
  const original = given as Task;
  const calls = watchCalls(libraryOf(NAME, context));
  const watched = likeFunction(original, (...args: unknown[]) => {
    const [tasks, options, ...rest] = args;
    const { concurrency = Infinity, stopOnError = true, signal } = (options ?? {}) as Options;
    const named = Array.isArray(tasks) ? oneNamed(tasks) : undefined;
    // What it refuses, and lists that are not known before they are read.
    if (!Array.isArray(tasks) || named === undefined || typeof concurrency !== 'number' || !(concurrency >= 1)) return original(...args);
    const mapper: Task = likeFunction(named, (task: unknown): unknown => (task as Task)());
    return calls.run(
      { items: tasks, mapper, limit: concurrency, stopsOnError: stopOnError !== false, signal, calledBy: watched },
      (instead) => {
        const functions = tasks.map((task: unknown, index) => (typeof task === 'function' ? () => instead(task, index) : task));
        return original(...(args.length < 2 ? [functions] : [functions, options, ...rest]));
      },
    );
  });
  return watched;
}
