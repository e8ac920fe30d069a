/** What is async's own: the functions that make queues, and the methods by which values come and go. */
import { likeFunction, wrapMethod } from '../../hooks/wrap-method.ts';
import { asyncWorker, callbackWorker, ValueJobs, watchCalls, watchSchedulers, type Worker } from '../../scheduling/index.ts';
import { isAsync, watchedCalls } from './calls.ts';
import { libraryOf } from '../library.ts';
import type { ObserverContext } from '../observer.ts';

const NAME = 'async';

/** The part of a queue that is read: public API of async 2 and 3. */
interface Queue {
  readonly concurrency: number;
  running(): number;
  length(): number;
}

/** Replaces members of what async exports: functions inside of async go on calling its own. */
export function watchExports(context: ObserverContext, exported: unknown): void {
  const library = exported as Record<string, unknown>;
  const shared = libraryOf(NAME, context);
  const queues = watchSchedulers<Queue>({
    ...shared,
    running: (queue) => queue.running(),
    waiting: (queue) => queue.length(),
    limit: (queue) => queue.concurrency,
  });
  for (const name of ['queue', 'priorityQueue'] as const) {
    const make = library[name];
    if (typeof make !== 'function') {
      context.fault(NAME, `this async has no ${name}`);
      continue;
    }
    const factory = likeFunction(make, (...args: unknown[]) => {
      const [worker, ...rest] = args;
      if (typeof worker !== 'function' || !queues.isOwnCall(factory)) return (make as Worker)(...args);
      const inPlace = isAsync(worker) ? asyncWorker : callbackWorker;
      const watched = likeFunction(
        worker,
        inPlace(worker as Worker, () => jobs),
      );
      const queue = (make as Worker)(watched, ...rest) as Queue;
      queues.made(queue, factory);
      const jobs: ValueJobs = new ValueJobs({ worker, madeBy: factory, scheduler: () => queues.of(queue), fault: shared.fault });
      watchQueue(queue, jobs, name === 'priorityQueue');
      return queue;
    });
    replace(library, name, factory);
  }
  for (const [name, watched] of watchedCalls(library, watchCalls(shared))) replace(library, name, watched);
}

function replace(library: Record<string, unknown>, name: string, watched: unknown): void {
  const original = library[name];
  library[name] = watched;
  // A program in TypeScript gets at the same functions by it.
  const more = library['default'];
  if (typeof more === 'object' && more !== null && Reflect.get(more, name) === original) Reflect.set(more, name, watched);
}

function watchQueue(queue: Queue, jobs: ValueJobs, hasPriority: boolean): void {
  for (const name of ['push', 'pushAsync', 'unshift', 'unshiftAsync']) {
    const isFirst = name.startsWith('unshift');
    wrapMethod(queue, name, (add, self, args) => {
      const [data, second] = args;
      const priority = hasPriority && typeof second === 'number' ? second : undefined;
      return jobs.add(Array.isArray(data) ? data : [data], { isFirst, priority }, () => Reflect.apply(add, self, args));
    });
  }
  wrapMethod(queue, 'kill', (kill, self, args) => {
    jobs.clear();
    return Reflect.apply(kill, self, args);
  });
  wrapMethod(queue, 'remove', (remove, self, args) => {
    const [test, ...rest] = args;
    if (typeof test !== 'function') return Reflect.apply(remove, self, args);
    const watched = (node: { readonly data: unknown }, ...more: unknown[]): unknown => {
      const isRemoved: unknown = Reflect.apply(test, undefined, [node, ...more]);
      if (isRemoved) jobs.remove(node.data);
      return isRemoved;
    };
    return Reflect.apply(remove, self, [watched, ...rest]);
  });
}
