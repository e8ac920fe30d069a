/** Functions that map items with a limit: each item of a call is a job, each call a declared batch, all calls one pool. */
import type { Failure, Job, RunningJob } from './scheduler.ts';
import { taskName } from './names.ts';
import { placesAbove } from './places.ts';
import { safelyBy } from './safely.ts';
import { watchSchedulers, type SchedulerLibrary } from './schedulers.ts';
import { lookingLike, watchedTask, type Task } from './watched-task.ts';

/** Items of one call that are known while they wait; further ones are known when their turn comes. */
const MAX_WAITING = 100_000;

export interface MapCall {
  /** What is mapped; items of anything but an array are known when their turn comes. */
  readonly items: unknown;
  readonly mapper: Task;
  /** Infinity: no limit. */
  readonly limit: number;
  /** The first failure ends the call. */
  readonly stopsOnError: boolean;
  readonly signal?: unknown;
  /** The function that the app called. */
  readonly calledBy: unknown;
  /** A result by which the mapper ends the call. */
  readonly isStop?: (result: unknown) => boolean;
}

export interface Calls {
  /** Calls `fn` with the mapper to use. Calls from packages are left as they are. */
  run<T>(call: MapCall, fn: (mapper: Task) => T): T;
  /** For mappers that tell their end otherwise than by what they return. undefined for a call that is not watched. */
  open(call: MapCall): OpenCall | undefined;
}

/** A call whose items take their turns in their order. */
export interface OpenCall {
  run<T>(item: unknown, fn: (running: RunningJob | undefined) => T): T;
}

/** What all calls of one library have in common: it has the gauges. */
class Pool {
  readonly calls = new Set<OneCall>();

  sum(of: (call: OneCall) => number): number {
    return [...this.calls].reduce((sum, call) => sum + of(call), 0);
  }
}

interface OneCall {
  readonly limit: number;
  running: number;
  readonly waiting: Map<number, Job>;
}

export function watchCalls(library: Pick<SchedulerLibrary<Pool>, 'name' | 'recorder' | 'peek' | 'fault'>): Calls {
  const pool = new Pool();
  const schedulers = watchSchedulers<Pool>({
    ...library,
    running: () => pool.sum(({ running }) => running),
    waiting: () => pool.sum(({ waiting }) => waiting.size),
    limit: () => (pool.calls.size === 0 ? undefined : pool.sum(({ limit }) => limit)),
  });

  const safely = safelyBy((error) => library.fault(error));

  function opened(
    given: MapCall,
  ): { take: (index: number | undefined) => Job; ended: (result: unknown, isFailed: boolean) => void } | undefined {
    const { items, mapper, limit, signal, calledBy } = given;
    if (!schedulers.isOwnCall(calledBy) || (signal instanceof AbortSignal && signal.aborted)) return undefined;
    schedulers.made(pool, calledBy);
    const scheduler = schedulers.of(pool);
    if (scheduler === undefined) return undefined;
    const type = taskName(mapper, () => placesAbove(calledBy)) ?? scheduler.name;
    const call: OneCall = { limit, running: 0, waiting: new Map() };
    const submit = (): Job => scheduler.submit({ type, signal });
    const leave = (): void => {
      if (call.running === 0 && call.waiting.size === 0) pool.calls.delete(call);
    };
    const stop = (): void => {
      for (const job of call.waiting.values()) job.cancel();
      call.waiting.clear();
      leave();
    };
    pool.calls.add(call);
    const known = Array.isArray(items) ? Math.min(items.length, MAX_WAITING) : 0;
    schedulers.batch(pool, known, () => {
      for (let index = 0; index < known; index++) call.waiting.set(index, submit());
    });
    leave();
    if (signal instanceof AbortSignal) signal.addEventListener('abort', stop, { once: true });
    return {
      take(index) {
        const at = index ?? call.waiting.keys().next().value;
        const job = (at === undefined ? undefined : call.waiting.get(at)) ?? submit();
        if (at !== undefined) call.waiting.delete(at);
        call.running += 1;
        pool.calls.add(call);
        return job;
      },
      ended(result, isFailed) {
        call.running -= 1;
        if ((isFailed && given.stopsOnError) || given.isStop?.(result) === true) stop();
        leave();
      },
    };
  }

  function watched(given: MapCall): Task | undefined {
    const { mapper } = given;
    const call = opened(given);
    if (call === undefined) return undefined;
    return lookingLike(mapper, function (...args) {
      const job = call.take(Number(args[1]));
      const run: Task = lookingLike(mapper, function (...inner) {
        return follow(() => Reflect.apply(mapper, this, inner), call.ended);
      });
      return Reflect.apply(watchedTask({ task: run, job, attempt: 1 }, {}), this, args);
    });
  }

  return {
    run(call, fn) {
      return fn(safely(() => watched(call)) ?? call.mapper);
    },
    open(given) {
      const call = safely(() => opened(given));
      if (call === undefined) return undefined;
      return {
        run(_, fn) {
          const running = safely(() => call.take(undefined).start());
          if (running === undefined) return fn(undefined);
          const end = (failure?: Failure): void => {
            running.end(failure);
            call.ended(undefined, failure !== undefined);
          };
          return running.within(() => fn({ ...running, end: once(end) }));
        },
      };
    },
  };
}

function once(end: RunningJob['end']): RunningJob['end'] {
  let isEnded = false;
  return (failure) => {
    if (isEnded) return;
    isEnded = true;
    end(failure);
  };
}

/** Tells how `fn` ended; its promise is the one that is passed on. */
function follow(fn: () => unknown, ended: (result: unknown, isFailed: boolean) => void): unknown {
  let result: unknown;
  try {
    result = fn();
  } catch (error) {
    ended(undefined, true);
    throw error;
  }
  if (!(result instanceof Promise)) {
    ended(result, false);
    return result;
  }
  // What is passed on is awaited by the library: this branch of it hides no rejection.
  void result.then(
    (value: unknown) => ended(value, false),
    () => ended(undefined, true),
  );
  return result;
}
