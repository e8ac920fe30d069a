/** What is workerpool's own: the queue of a pool, the promises that settle its tasks, and how a worker is sent one. */
import { wrapMethod } from '../../hooks/wrap-method.ts';
import { placesAbove, taskName, watchSchedulers, type Job, type RunningJob } from '../../scheduling/index.ts';
import { withCarrier, type Carrier } from '../carried.ts';
import { libraryOf, numberOf } from '../library.ts';
import type { ObserverContext } from '../observer.ts';

export { runCarried } from '../carried.ts';

const NAME = 'workerpool';

/** The part of a pool that is read; its queue is an array before workerpool 10. */
interface Pool {
  readonly tasks?: { readonly length: number };
  readonly taskQueue?: { size(): number };
  readonly maxWorkers: number;
  readonly maxQueueSize?: number;
  stats(): { readonly activeTasks: number };
}

interface Resolver {
  readonly promise: PromiseLike<unknown>;
}

/** A task from its adding to its end. */
interface Added {
  readonly job: Job | undefined;
  readonly carrier: Carrier | undefined;
  running?: RunningJob | undefined;
}

/** By what the library settles it with: it is handed from the pool to a worker. */
const byResolver = new WeakMap<Resolver, Added>();

export function watchPools(context: ObserverContext, exported: unknown): void {
  const prototype = (exported as { prototype?: { exec?: unknown } } | undefined)?.prototype;
  if (typeof prototype?.exec !== 'function') {
    context.fault(NAME, 'this workerpool has no prototype.exec');
    return;
  }
  const shared = libraryOf(NAME, context);
  const pools = watchSchedulers<Pool>({
    ...shared,
    running: (pool) => pool.stats().activeTasks,
    waiting: ({ tasks, taskQueue }) => tasks?.length ?? taskQueue?.size() ?? 0,
    limit: ({ maxWorkers }) => maxWorkers,
    capacity: ({ maxQueueSize }) => numberOf(maxQueueSize),
  });
  const queues = new WeakSet<object>();
  let adding: Added | undefined;

  function addedTo(pool: Pool, method: unknown): Added {
    pools.made(pool, prototype?.exec);
    const scheduler = pools.of(pool);
    const queue = pool.tasks ?? pool.taskQueue;
    if (queue !== undefined && !queues.has(queue)) {
      queues.add(queue);
      wrapMethod(queue, 'push', (push, self, args) => {
        const { resolver } = (args[0] ?? {}) as { resolver?: Resolver };
        if (adding !== undefined && resolver !== undefined) watch(resolver, adding);
        return Reflect.apply(push, self, args);
      });
    }
    if (scheduler === undefined) return { job: undefined, carrier: context.peek()?.carrier() };
    const type = taskName({ name: typeof method === 'function' ? method.name : method }, () => placesAbove(prototype?.exec));
    return { job: scheduler.submit({ type: type ?? scheduler.name }), carrier: undefined };
  }

  function watch(resolver: Resolver, added: Added): void {
    byResolver.set(resolver, added);
    const ended = (error?: { readonly error: unknown }): void => {
      if (added.running === undefined) added.job?.cancel();
      else added.running.end(error);
    };
    // The library's promises know nothing of unhandled rejections: one more listener hides none.
    resolver.promise.then(
      () => ended(),
      (error: unknown) => ended({ error }),
    );
  }

  wrapMethod(prototype, 'exec', (exec, self, args) => {
    const [method] = args;
    // `proxy` asks for the names of the methods; a function is executed by way of a method.
    if (adding !== undefined || method === 'methods') return Reflect.apply(exec, self, args);
    try {
      adding = addedTo(self as Pool, method);
    } catch (error) {
      shared.fault(error);
    }
    const added = adding;
    try {
      return Reflect.apply(exec, self, args);
    } catch (error) {
      // The queue is full, or the arguments are wrong.
      added?.job?.cancel();
      throw error;
    } finally {
      adding = undefined;
    }
  });
}

export function watchHandlers(context: ObserverContext, exported: unknown): void {
  const prototype = (exported as { prototype?: object } | undefined)?.prototype;
  const workers = new WeakSet<object>();
  let handed: Carrier | undefined;
  if (prototype === undefined) return;
  wrapMethod(prototype, 'exec', (exec, self, args) => {
    try {
      const { worker, requestQueue } = self as { worker?: object & { threadId?: unknown; pid?: unknown }; requestQueue?: object };
      for (const [target, method] of [[worker, 'send'] as const, [requestQueue, 'push'] as const]) {
        if (target === undefined || target === null || workers.has(target)) continue;
        workers.add(target);
        wrapMethod(target, method, (send, owner, [first, ...rest]) =>
          Reflect.apply(send, owner, [handed === undefined ? first : told(method, first, handed), ...rest]),
        );
      }
      handed = start(args[2] as Resolver | undefined, worker);
    } catch (error) {
      context.fault(NAME, error);
    }
    try {
      return Reflect.apply(exec, self, args);
    } finally {
      handed = undefined;
    }
  });

  function start(resolver: Resolver | undefined, worker: { threadId?: unknown; pid?: unknown } | undefined): Carrier | undefined {
    const added = resolver === undefined ? undefined : byResolver.get(resolver);
    if (added?.job === undefined || added.running !== undefined) return added?.carrier;
    const id = worker?.threadId ?? worker?.pid;
    added.running = added.job.start(typeof id === 'number' ? { worker: `${NAME} ${id}` } : undefined);
    return added.running.within(() => context.recorder()?.carrier());
  }
}

/** A request waits until its worker is ready, with the message in a member. */
function told(method: 'send' | 'push', given: unknown, carrier: Carrier): unknown {
  if (method === 'send' || typeof given !== 'object' || given === null) return withCarrier(given, carrier);
  return { ...given, message: withCarrier((given as { message?: unknown }).message, carrier) };
}
