/** What is p-limit's own: a function that makes limiters, which are functions with members. */
import { likeFunction } from '../../hooks/wrap-method.ts';
import { watchSchedulers, type Schedulers, type Task } from '../../scheduling/index.ts';
import { libraryOf } from '../library.ts';
import type { ObserverContext } from '../observer.ts';

const NAME = 'p-limit';

/** The public members of all versions; `concurrency` and `map` come with p-limit 6 and 7. */
interface Limiter {
  (...args: unknown[]): unknown;
  readonly activeCount: number;
  readonly pendingCount: number;
  readonly concurrency?: number;
}

/** In the place of p-limit's function: makes limiters that are watched. undefined for what is none. */
export function watchedFactory(context: ObserverContext, given: unknown): unknown {
  if (typeof given !== 'function') return undefined;
  const exported = given as Task;
  /** Before p-limit 6 a limiter does not tell it. */
  const limits = new WeakMap<Limiter, unknown>();
  const queues = watchSchedulers<Limiter>({
    ...libraryOf(NAME, context),
    running: (limiter) => limiter.activeCount,
    waiting: (limiter) => limiter.pendingCount,
    limit: (limiter) => limiter.concurrency ?? (limits.get(limiter) as number | undefined),
  });
  const factory = likeFunction(exported, (...args: unknown[]) => {
    const limiter = exported(...args) as Limiter;
    limits.set(limiter, typeof args[0] === 'number' ? args[0] : undefined);
    queues.made(limiter, factory);
    return watchedLimiter(limiter, queues);
  });
  return factory;
}

function watchedLimiter(limiter: Limiter, queues: Schedulers<Limiter>): unknown {
  const watched = likeFunction(limiter, (...args: unknown[]) => {
    const [task, ...rest] = args;
    return queues.add({ queue: limiter, task: task as Task, addedBy: watched, hand: (instead) => limiter(instead, ...rest) });
  });
  const members = Object.getOwnPropertyDescriptors(limiter) as Record<string, PropertyDescriptor>;
  const { clearQueue, map } = members;
  if (typeof clearQueue?.value === 'function') {
    const clear = clearQueue.value as Task;
    clearQueue.value = likeFunction(clear, () => {
      queues.clear(limiter);
      return clear.call(limiter);
    });
  }
  if (typeof map?.value === 'function') {
    const all = map.value as Task;
    map.value = likeFunction(all, (...args: unknown[]) => {
      const [items, task] = args;
      if (typeof task !== 'function') return all.call(limiter, ...args);
      const handed = new Handed(queues, limiter, task as Task, map.value);
      const size = Array.isArray(items) ? items.length : 2;
      return queues.batch(limiter, size, () => all.call(limiter, handed.items(items), handed.task));
    });
  }
  for (const name of ['name', 'length']) Reflect.deleteProperty(members, name);
  return Object.defineProperties(watched, members);
}

/** The items of one `map`: each is a job from the moment that p-limit takes it. */
class Handed {
  readonly #watched: Task[] = [];
  readonly #add: () => Task;

  constructor(queues: Schedulers<Limiter>, queue: Limiter, task: Task, addedBy: unknown) {
    this.#add = () => queues.add({ queue, task, addedBy, hand: (watched) => watched });
  }

  /** p-limit reads them by `Array.from`; what it refuses is handed on as it is. */
  items(given: unknown): unknown {
    const isIterable = typeof (given as { [Symbol.iterator]?: unknown } | undefined | null)?.[Symbol.iterator] === 'function';
    return isIterable ? this.#each(given as Iterable<unknown>) : given;
  }

  *#each(items: Iterable<unknown>): Generator {
    for (const item of items) {
      this.#watched.push(this.#add());
      yield item;
    }
  }

  readonly task: Task = (...args) => (this.#watched[Number(args[1])] ?? this.#add()).call(undefined, ...args);
}
