/** What is fastq's own: two functions that make queues, and the methods by which values come and go. */
import { likeFunction, wrapMethod } from '../../hooks/wrap-method.ts';
import { callbackWorker, ValueJobs, watchSchedulers, type Worker } from '../../scheduling/index.ts';
import { libraryOf } from '../library.ts';
import type { ObserverContext } from '../observer.ts';

const NAME = 'fastq';

/** The part of a queue that is read: public API of fastq 1. */
interface Queue {
  readonly concurrency: number;
  running(): number;
  length(): number;
}

/** In the place of fastq's function. undefined for what is none. */
export function watchedFactory(context: ObserverContext, given: unknown): unknown {
  if (typeof given !== 'function') return undefined;
  const exported = given as Worker & { promise?: Worker };
  const shared = libraryOf(NAME, context);
  const queues = watchSchedulers<Queue>({
    ...shared,
    running: (queue) => queue.running(),
    waiting: (queue) => queue.length(),
    limit: (queue) => queue.concurrency,
  });
  /** Of a queue of promises: fastq puts its worker into another one. */
  let promised: Worker | undefined;

  const factory = likeFunction(exported, (...args: unknown[]) => {
    const at = typeof args[0] === 'function' ? 0 : 1;
    const worker = args[at];
    // Packages that walk folders make many: they stay as they are.
    if (typeof worker !== 'function' || !queues.isOwnCall(factory)) return exported(...args);
    const watched = likeFunction(
      worker,
      callbackWorker(worker as Worker, () => jobs),
    );
    const queue = exported(...args.with(at, watched)) as Queue;
    queues.made(queue, factory);
    const jobs: ValueJobs = new ValueJobs({
      worker: promised ?? worker,
      madeBy: factory,
      scheduler: () => queues.of(queue),
      fault: shared.fault,
    });
    watchQueue(queue, jobs);
    return queue;
  });
  const { promise } = exported;
  if (typeof promise === 'function') {
    const watched = likeFunction(promise, (...args: unknown[]) => {
      promised = args.find((each): each is Worker => typeof each === 'function');
      try {
        return promise(...args);
      } finally {
        promised = undefined;
      }
    });
    Object.assign(factory, exported, { promise: watched });
  }
  return factory;
}

function watchQueue(queue: Queue, jobs: ValueJobs): void {
  for (const name of ['push', 'unshift']) {
    wrapMethod(queue, name, (add, self, args) =>
      jobs.add([args[0]], { isFirst: name === 'unshift' }, () => Reflect.apply(add, self, args)),
    );
  }
  for (const name of ['kill', 'killAndDrain', 'abort']) {
    wrapMethod(queue, name, (clear, self, args) => {
      jobs.clear();
      return Reflect.apply(clear, self, args);
    });
  }
}
