/** One queue instance: its tasks from added to settled, its gauges, and the bursts that turn out to be batches. */
import type { BatchState, EpochMs, Frame, Recorder, SubmittedTask } from '../../recording/types.ts';
import { SWARMSCOPE_TASK_RESULT_VALUE_CANCELLATION, SWARMSCOPE_TASK_RESULT_VALUE_TIMEOUT, ATTR_SWARMSCOPE_TASK_RESULT } from '../../semconv/index.ts';

/** The part of a queue that is read; all of it is public API of p-queue 6 to 10. */
export interface Queue {
  readonly size: number;
  readonly pending: number;
  readonly concurrency: number;
}

type Task = (...args: unknown[]) => unknown;

/** Queues that get a name of their own; later ones share one, so that names stay few. */
const MAX_NAMED_QUEUES = 32;
/** Waiting tasks remembered per queue, to be cancelled by `clear`. */
const MAX_WAITING = 100_000;

let queues = 0;
const attempts = new WeakMap<Task, number>();

/** Tasks added before the first of them ended, on a queue that then ran dry: a superstep, whoever waited for it. */
interface Burst {
  readonly batch: BatchState;
  readonly startTime: EpochMs;
  readonly frame: Frame | undefined;
  readonly isDeclared: boolean;
  /** Added after a first member had already ended: a stream of work, no batch. */
  isStream: boolean;
  outstanding: number;
  ended: number;
}

export class QueueWatch {
  readonly #recorder: Recorder;
  readonly #name: string;
  readonly #waiting = new Set<SubmittedTask>();
  #burst: Burst | undefined;
  #declaring: Burst | undefined;
  #batches = 0;

  constructor(recorder: Recorder, queue: Queue) {
    this.#recorder = recorder;
    queues += 1;
    this.#name = queues === 1 || queues > MAX_NAMED_QUEUES ? 'p-queue' : `p-queue-${queues}`;
    track(recorder, this.#name, queue);
  }

  /** The function to hand to the queue instead of `task`: same arguments, same result, same error. */
  wrap(task: Task, options: unknown, callerName: () => string | undefined): Task {
    if (typeof task !== 'function') return task;
    const recorder = this.#recorder;
    const type = task.name !== '' ? task.name.slice(0, 64) : (callerName() ?? this.#name);
    const burst = this.#declaring ?? this.#openBurst();
    burst.outstanding += 1;
    if (burst.ended > 0) burst.isStream = true;
    const submitted = recorder.within(recorder.joinBatch(undefined, burst.batch), () => recorder.submitTask(type, this.#name));
    if (this.#waiting.size < MAX_WAITING) this.#waiting.add(submitted);
    const watch = this;
    const wrapped: Task = function (this: unknown, ...args) {
      watch.#waiting.delete(submitted);
      const attempt = attempts.get(task) ?? 1;
      const activity = recorder.startTask({ submitted, pool: watch.#name, queue: watch.#name, attempt, priority: priorityOf(options) }, type);
      const end = (errorType?: string): void => {
        if (errorType !== undefined) attempts.set(task, attempt + 1);
        activity.end({ errorType, attributes: { [ATTR_SWARMSCOPE_TASK_RESULT]: resultOf(errorType) } });
        watch.#settled(burst);
      };
      return runTask(() => recorder.within(activity.frame, () => Reflect.apply(task, this, args)), end);
    };
    Object.defineProperty(wrapped, 'name', { value: task.name, configurable: true });
    Object.defineProperty(wrapped, 'length', { value: task.length, configurable: true });
    return wrapped;
  }

  /** Runs `addAll` with its tasks in one declared batch. */
  inBatch<T>(size: number, fn: () => T): T {
    if (size < 2) return fn();
    this.#declaring = this.#newBurst(true);
    try {
      return fn();
    } finally {
      this.#declaring = undefined;
    }
  }

  cleared(): void {
    for (const submitted of this.#waiting) submitted.cancel();
    if (this.#burst !== undefined) this.#burst.outstanding -= this.#waiting.size;
    this.#waiting.clear();
  }

  #openBurst(): Burst {
    this.#burst ??= this.#newBurst(false);
    return this.#burst;
  }

  #newBurst(isDeclared: boolean): Burst {
    const recorder = this.#recorder;
    return { batch: recorder.newBatch(this.#name), startTime: recorder.now(), frame: recorder.current(), isDeclared, isStream: false, outstanding: 0, ended: 0 };
  }

  #settled(burst: Burst): void {
    burst.outstanding -= 1;
    burst.ended += 1;
    if (burst.outstanding > 0) return;
    if (this.#burst === burst) this.#burst = undefined;
    if (burst.isStream && !burst.isDeclared) return;
    if (burst.ended < 2) return;
    this.#recorder.recordBatch(
      burst.batch,
      { scheduler: this.#name, index: this.#batches, size: burst.ended, isInferred: !burst.isDeclared },
      burst.startTime,
      burst.frame,
    );
    this.#batches += 1;
  }
}

/** Gauges read through a weak reference: a queue that nobody holds any more disappears from them. */
function track(recorder: Recorder, name: string, queue: Queue): void {
  const weak = new WeakRef(queue);
  const read = (get: (queue: Queue) => number): number => {
    const target = weak.deref();
    if (target === undefined) {
      pool.stop();
      waiting.stop();
      return 0;
    }
    return get(target);
  };
  const pool = recorder.trackPool({
    name,
    active: () => read((target) => target.pending),
    limit: () => {
      const limit = read((target) => target.concurrency);
      return Number.isFinite(limit) ? limit : undefined;
    },
  });
  const waiting = recorder.trackQueue({ name, size: () => read((target) => target.size) });
}

/** Runs the task; a promise is answered by one that follows it, as p-queue only awaits it. */
function runTask(run: () => unknown, end: (errorType?: string) => void): unknown {
  let result: unknown;
  try {
    result = run();
  } catch (error) {
    end(errorTypeOf(error));
    throw error;
  }
  if (typeof result !== 'object' || result === null || typeof (result as { then?: unknown }).then !== 'function') {
    end();
    return result;
  }
  return (result as PromiseLike<unknown>).then(
    (value) => {
      end();
      return value;
    },
    (error: unknown) => {
      end(errorTypeOf(error));
      throw error;
    },
  );
}

function errorTypeOf(error: unknown): string {
  return error instanceof Error ? (error.constructor.name || error.name).slice(0, 64) : '_OTHER';
}

function resultOf(errorType: string | undefined): string | undefined {
  if (errorType === 'TimeoutError') return SWARMSCOPE_TASK_RESULT_VALUE_TIMEOUT;
  return errorType === 'AbortError' ? SWARMSCOPE_TASK_RESULT_VALUE_CANCELLATION : undefined;
}

function priorityOf(options: unknown): number | undefined {
  const priority = typeof options === 'object' && options !== null ? (options as { priority?: unknown }).priority : undefined;
  return typeof priority === 'number' && Number.isFinite(priority) ? priority : undefined;
}
