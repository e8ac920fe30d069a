/** Pools of threads that hand tasks over by messages: piscina, and tinypool, which began as a copy of it. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { basename, extname } from 'node:path';
import { likeFunction, wrapMethod } from '../hooks/wrap-method.ts';
import { placesAbove, taskName, watchSchedulers, type Job, type RunningJob, type Schedulers } from '../scheduling/index.ts';
import { runCarried, withCarrier, type Carrier } from './carried.ts';
import { libraryOf, numberOf } from './library.ts';
import type { ObserverContext } from './observer.ts';

/** The part of a pool that is read, the same in all versions of both. */
interface Pool {
  readonly taskQueue: { readonly size: number };
  readonly skipQueue: { readonly length: number };
  readonly workers: Iterable<WorkerInfo>;
  readonly options: Readonly<Record<string, unknown>>;
}

interface WorkerInfo {
  readonly taskInfos: ReadonlyMap<unknown, TaskInfo>;
  readonly port: object;
  readonly worker?: { readonly threadId?: unknown };
}

interface TaskInfo {
  readonly abortSignal?: { readonly aborted?: unknown; readonly reason?: unknown } | null;
  runInAsyncScope<T>(fn: () => T): T;
}

/** A task from its adding on; kept by the context in which the pool makes its own record of it. */
interface Added {
  readonly job: Job | undefined;
  /** Where it was added, for a pool that is looked through. */
  readonly carrier: Carrier | undefined;
  isStarted: boolean;
}

/** Watches every pool of this class from now on. A class of another shape is reported as a fault. */
export function watchThreadPools(name: string, context: ObserverContext, exported: unknown): void {
  const prototype = (exported as { prototype?: { runTask?: unknown } } | undefined)?.prototype;
  if (typeof prototype?.runTask !== 'function') {
    context.fault(name, `this ${name} has no runTask`);
    return;
  }
  const pools = watchSchedulers<Pool>({
    ...libraryOf(name, context),
    running: ({ workers }) => [...workers].reduce((sum, { taskInfos }) => sum + taskInfos.size, 0),
    waiting: waitingIn,
    limit: ({ options }) => (numberOf(options['maxThreads']) ?? Infinity) * (numberOf(options['concurrentTasksPerWorker']) ?? 1),
    capacity: ({ options }) => numberOf(options['maxQueue']),
  });
  const adding = new AsyncLocalStorage<Added | undefined>();
  const seen = new WeakSet<object>();
  const once = (target: object): boolean => !seen.has(target) && seen.add(target).has(target);

  wrapMethod(prototype, 'runTask', (runTask, self, args) => {
    const pool = self as Pool;
    const added = safely(context, name, () => addedTo(pool, args[1], { pools, context, below: prototype.runTask }));
    const waiting = waitingIn(pool);
    try {
      return adding.run(added, () => Reflect.apply(runTask, self, args));
    } finally {
      // It was refused: it neither waits nor runs.
      if (added?.isStarted === false && waitingIn(pool) <= waiting) safely(context, name, () => added.job?.cancel());
    }
  });
  wrapMethod(prototype, '_addNewWorker', (addNewWorker, self, args) => {
    const result = Reflect.apply(addNewWorker, self, args);
    safely(context, name, () => {
      const [info] = (self as Pool).workers;
      const workerClass = info === undefined ? undefined : (Object.getPrototypeOf(info) as object);
      if (workerClass !== undefined && once(workerClass)) watchWorkers(workerClass, { adding, context, name });
    });
    return result;
  });
  for (const [method, isEnd] of [
    ['destroy', () => true],
    ['close', ([options]: unknown[]) => (options as { force?: unknown } | undefined)?.force === true],
  ] as const) {
    wrapMethod(prototype, method, (end, self, args) => {
      if (isEnd(args)) pools.clear(self as Pool);
      return Reflect.apply(end, self, args);
    });
  }
}

/** In the place of the function by which a worker takes a message. undefined for what is none. */
export function watchedReceiver(context: ObserverContext, exported: unknown): unknown {
  if (typeof exported !== 'function') return undefined;
  return likeFunction(exported, function (this: unknown, ...args: unknown[]): unknown {
    return runCarried(context, args, (): unknown => Reflect.apply(exported, this, args));
  });
}

interface Adding {
  readonly pools: Schedulers<Pool>;
  readonly context: ObserverContext;
  readonly below: unknown;
}

function addedTo(pool: Pool, given: unknown, { pools, context, below }: Adding): Added {
  pools.made(pool, below);
  const scheduler = pools.of(pool);
  if (scheduler === undefined) return { job: undefined, carrier: context.peek()?.carrier(), isStarted: false };
  const { filename, name, signal } = (given ?? {}) as Readonly<Record<string, unknown>>;
  const type = taskName({ name: handlerOf(name ?? pool.options['name'], filename ?? pool.options['filename']) }, () => placesAbove(below));
  watchCancelled(pool, pools);
  return { job: scheduler.submit({ type: type ?? scheduler.name, signal }), carrier: undefined, isStarted: false };
}

/** What works on a task: the function of that name, else the file that exports one. */
function handlerOf(name: unknown, filename: unknown): unknown {
  if (name !== undefined && name !== null && name !== 'default') return name;
  const file = typeof filename === 'string' ? filename : ((filename as URL | undefined)?.pathname ?? '');
  return basename(file, extname(file));
}

const cancelled = new WeakSet<object>();

/** Of tinypool: takes all out that wait. */
function watchCancelled(pool: Pool, pools: Schedulers<Pool>): void {
  if (cancelled.has(pool.taskQueue)) return;
  cancelled.add(pool.taskQueue);
  wrapMethod(pool.taskQueue, 'cancel', (cancel, self, args) => {
    pools.clear(pool);
    return Reflect.apply(cancel, self, args);
  });
}

interface Workers {
  readonly adding: AsyncLocalStorage<Added | undefined>;
  readonly context: ObserverContext;
  readonly name: string;
}

function watchWorkers(workerClass: object, { adding, context, name }: Workers): void {
  const ports = new WeakSet<object>();
  let handed: Carrier | undefined;
  wrapMethod(workerClass, 'postTask', (postTask, self, args) => {
    const worker = self as WorkerInfo;
    handed = safely(context, name, () => {
      const task = args[0] as TaskInfo;
      const added = task.runInAsyncScope(() => adding.getStore());
      if (added === undefined || added.isStarted) return undefined;
      added.isStarted = true;
      if (!ports.has(worker.port)) watchPort(worker);
      if (added.job === undefined) return added.carrier;
      const { threadId } = worker.worker ?? {};
      const job = added.job.start(typeof threadId === 'number' ? { worker: `${name} ${threadId}` } : undefined);
      watchEnd(task, job);
      return job.within(() => context.recorder()?.carrier());
    });
    try {
      return Reflect.apply(postTask, self, args);
    } finally {
      handed = undefined;
    }
  });
  const watchPort = (worker: WorkerInfo): void => {
    ports.add(worker.port);
    // The place of a task is given to the next one before its own end is told.
    wrapMethod(worker, 'onMessage', (onMessage, self, args) => {
      const { taskId, error } = (args[0] ?? {}) as { taskId?: unknown; error?: unknown };
      endOf(worker.taskInfos.get(taskId), error);
      return Reflect.apply(onMessage, self, args);
    });
    wrapMethod(worker.port, 'postMessage', (postMessage, self, [message, ...rest]) =>
      Reflect.apply(postMessage, self, [withCarrier(message, handed), ...rest]),
    );
  };
}

const running = new WeakMap<TaskInfo, RunningJob>();

/** The pool calls it once, in every ending: answer, error, abort, a thread that ended. */
function watchEnd(task: TaskInfo, job: RunningJob): void {
  running.set(task, job);
  wrapMethod(task, 'done', (done, self, args) => {
    endOf(task, args[0]);
    return Reflect.apply(done, self, args);
  });
}

function endOf(task: TaskInfo | undefined, error: unknown): void {
  const job = task === undefined ? undefined : running.get(task);
  const { aborted, reason } = task?.abortSignal ?? {};
  if (aborted === true) job?.end({ error: reason ?? new DOMException('', 'AbortError') });
  else job?.end(error === null || error === undefined ? undefined : { error });
}

const waitingIn = ({ taskQueue, skipQueue }: Pool): number => taskQueue.size + skipQueue.length;

function safely<T>(context: ObserverContext, name: string, fn: () => T): T | undefined {
  try {
    return fn();
  } catch (error) {
    context.fault(name, error);
    return undefined;
  }
}
