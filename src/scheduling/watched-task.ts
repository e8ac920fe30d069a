/** Runs in the place of a task, and tells when it ended: by its result, or earlier, when the queue gave up on it. */
import { cancel, later } from '../config/originals.ts';
import { noteAttempt } from './attempts.ts';
import type { Recorder } from '../recording/types.ts';
import type { Failure, Job } from './scheduler.ts';

export type Task = (this: unknown, ...args: unknown[]) => unknown;

/** When the queue frees the place of a task that still runs. */
export interface TaskLimits {
  /** Milliseconds after its start. */
  readonly timeoutMs?: number | undefined;
  /** The `AbortSignal` by which the queue gives up on it, among the arguments that the queue passes; else ignored. */
  readonly abortedBy?: ((args: readonly unknown[]) => unknown) | undefined;
}

/** `attempt` is the number that `job` was submitted with. */
export function watchedTask(added: { task: Task; job: Job; attempt: number }, limits: TaskLimits): Task {
  const { task, job, attempt } = added;
  const watched: Task = function (...args) {
    const running = job.start();
    let isEnded = false;
    const end = (failure?: Failure): void => {
      if (isEnded) return;
      isEnded = true;
      stop();
      noteAttempt(task, attempt, failure !== undefined);
      running.end(failure);
    };
    const stop = onGivenUp(limits, args, end);
    return settled(() => running.within(() => Reflect.apply(task, this, args)), end);
  };
  return lookingLike(task, watched);
}

/** For a queue that is looked through: what `task` records belongs to its adder, whoever makes the queue start it. */
export function resumedTask(task: Task, peek: () => Recorder | undefined): Task {
  const frame = peek()?.current();
  return lookingLike(task, function (...args) {
    const run = (): unknown => Reflect.apply(task, this, args);
    const recorder = peek();
    return recorder === undefined ? run() : recorder.resume(frame, run);
  });
}

/** `watched`, with the name and the length of `task`. */
export function lookingLike(task: Task, watched: Task): Task {
  Object.defineProperty(watched, 'name', { value: task.name, configurable: true });
  Object.defineProperty(watched, 'length', { value: task.length, configurable: true });
  return watched;
}

/** Calls `end` when the queue gives up on a running task. Returns what stops the watching. */
function onGivenUp({ timeoutMs, abortedBy }: TaskLimits, args: readonly unknown[], end: (failure: Failure) => void): () => void {
  const given = abortedBy?.(args);
  const signal = given instanceof AbortSignal ? given : undefined;
  const timer = timeoutMs === undefined ? undefined : later(timeoutMs, () => end({ error: new DOMException('', 'TimeoutError') }));
  const onAbort = (): void => end({ error: signal?.reason });
  signal?.addEventListener('abort', onAbort, { once: true });
  return () => {
    cancel(timer);
    signal?.removeEventListener('abort', onAbort);
  };
}

/** Calls `ended` when `fn` returned or its promise settled. A queue only awaits that promise: it gets its follower. */
export function settled(fn: () => unknown, ended: (failure?: Failure) => void): unknown {
  let result: unknown;
  try {
    result = fn();
  } catch (error) {
    ended({ error });
    throw error;
  }
  if (!isThenable(result)) {
    ended();
    return result;
  }
  return Promise.resolve(result).then(
    (value) => {
      ended();
      return value;
    },
    (error: unknown) => {
      ended({ error });
      throw error;
    },
  );
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
  try {
    return isObject && typeof (value as { then?: unknown }).then === 'function';
  } catch {
    // A getter of the app that throws: the queue meets the same when it awaits.
    return true;
  }
}
