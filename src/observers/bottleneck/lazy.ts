/** What is bottleneck's own: how a limiter is asked, the order of its arguments, and jobs that it drops or tries again. */
import { wrapMethod } from '../../hooks/wrap-method.ts';
import { watchSchedulers, type Task } from '../../scheduling/index.ts';
import { libraryOf, numberOf } from '../library.ts';
import type { ObserverContext } from '../observer.ts';

const NAME = 'bottleneck';

/** The part of a limiter that is read. Its limit is told by nothing public. */
interface Limiter {
  counts(): Readonly<Record<'RECEIVED' | 'QUEUED' | 'RUNNING' | 'EXECUTING', number>>;
  readonly _store?: { readonly storeOptions?: { readonly maxConcurrent?: unknown } };
}

/** The functions that wait in a limiter: what tells that one was dropped. */
const dropped = new WeakMap<object, AbortController>();

/** Watches every limiter of this class from now on. */
export function watchClass(context: ObserverContext, exported: unknown): void {
  const prototype = (exported as { prototype?: { schedule?: unknown } } | undefined)?.prototype;
  if (typeof prototype?.schedule !== 'function') {
    context.fault(NAME, 'this bottleneck has no prototype.schedule');
    return;
  }
  const queues = watchSchedulers<Limiter>({
    ...libraryOf(NAME, context),
    running(limiter) {
      const { RUNNING, EXECUTING } = limiter.counts();
      return RUNNING + EXECUTING;
    },
    waiting(limiter) {
      const { RECEIVED, QUEUED } = limiter.counts();
      return RECEIVED + QUEUED;
    },
    limit: (limiter) => numberOf(limiter._store?.storeOptions?.maxConcurrent),
  });
  /** A limiter that stops schedules a function of its own. */
  let isStopping = false;

  wrapMethod(prototype, 'schedule', (schedule, self, args) => {
    const at = typeof args[0] === 'function' ? 0 : 1;
    const task = args[at];
    if (isStopping || typeof task !== 'function') return Reflect.apply(schedule, self, args);
    const controller = new AbortController();
    const options = at === 0 ? undefined : (args[0] as { readonly priority?: unknown } | null | undefined);
    return queues.add({
      queue: self as Limiter,
      task: task as Task,
      addedBy: prototype.schedule,
      options: () => ({ priority: numberOf(options?.priority), signal: controller.signal }),
      hand(watched) {
        dropped.set(watched, controller);
        return Reflect.apply(schedule, self, args.with(at, watched));
      },
    });
  });
  wrapMethod(prototype, 'stop', (stop, self, args) => {
    isStopping = true;
    try {
      return Reflect.apply(stop, self, args);
    } finally {
      isStopping = false;
    }
  });
}

/** A job that a limiter gives up, for a full queue or its own end, never starts. */
export function watchJobs(exported: unknown): void {
  const prototype = (exported as { prototype?: object } | undefined)?.prototype;
  if (prototype === undefined) return;
  wrapMethod(prototype, 'doDrop', (drop, self, args) => {
    const { task } = self as { readonly task?: unknown };
    const isDropped = Reflect.apply(drop, self, args);
    if (isDropped === true && typeof task === 'function') dropped.get(task)?.abort();
    return isDropped;
  });
}
