/** What is p-queue's own: the methods by which tasks come and go, and the names of its options. */
import { wrapMethod, wrapSetter } from '../../hooks/wrap-method.ts';
import { watchSchedulers, type Task } from '../../scheduling/index.ts';
import { libraryOf, numberOf } from '../library.ts';
import type { ObserverContext } from '../observer.ts';

const NAME = 'p-queue';

/** The part of a queue that is read: public API of p-queue 6 to 10. */
interface Queue {
  readonly size: number;
  readonly pending: number;
  readonly concurrency: number;
  readonly timeout?: number | undefined;
}

/** The options of `add`, of any version; an app in JavaScript may pass anything. */
interface Options {
  readonly priority?: unknown;
  readonly signal?: unknown;
  readonly timeout?: unknown;
}

/** Watches every queue of this class from now on. A class of another shape is reported as a fault. */
export function watchClass(context: ObserverContext, exported: unknown): void {
  const prototype = (exported as { prototype?: { add?: unknown } } | undefined)?.prototype;
  if (typeof prototype?.add !== 'function') {
    context.fault(NAME, 'this p-queue has no prototype.add');
    return;
  }
  const queues = watchSchedulers<Queue>({
    ...libraryOf(NAME, context),
    running: (queue) => queue.pending,
    waiting: (queue) => queue.size,
    limit: (queue) => queue.concurrency,
    // A timeout or a signal that it does not understand.
    mayRefuse: true,
  });

  // The constructors of all versions set it.
  wrapSetter(prototype, 'concurrency', (queue, setter) => queues.made(queue as Queue, setter));
  wrapMethod(prototype, 'add', (add, self, args) => {
    const queue = self as Queue;
    const [task, given] = args as [Task, unknown];
    return queues.add({
      queue,
      task,
      addedBy: prototype.add,
      options: () => optionsOf(queue, typeof given === 'object' && given !== null ? given : {}),
      hand: (watched) => Reflect.apply(add, self, [watched, ...args.slice(1)]),
    });
  });
  wrapMethod(prototype, 'addAll', (addAll, self, args) => {
    const [tasks] = args;
    return queues.batch(self as Queue, Array.isArray(tasks) ? tasks.length : 0, () => Reflect.apply(addAll, self, args));
  });
  wrapMethod(prototype, 'clear', (clear, self, args) => {
    queues.clear(self as Queue);
    return Reflect.apply(clear, self, args);
  });
}

function optionsOf(queue: Queue, { priority, signal, timeout }: Options) {
  return {
    priority: numberOf(priority),
    signal,
    timeoutMs: numberOf(timeout) ?? numberOf(queue.timeout),
    // Since p-queue 7 a task is called with the signal of its options.
    abortedBy: ([argument]: readonly unknown[]) => (argument as Options | undefined)?.signal,
  };
}
