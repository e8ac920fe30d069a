/** Queues that keep their jobs in a store: who adds a job and who works on it may be processes that know nothing of each other. */
import { onRunClock } from '../config/run-clock.ts';
import type { Frame, Recorder } from '../recording/types.ts';
import { errorTypeOf } from '../semconv/error-type.ts';
import { ATTR_SWARMSCOPE_TASK_RESULT, SWARMSCOPE_TASK_RESULT_VALUE_CANCELLATION } from '../semconv/index.ts';
import { Groups } from './groups.ts';
import { taskName } from './names.ts';
import { settled } from './watched-task.ts';
import { safelyBy, type Safely } from './safely.ts';

export interface StoredTask {
  readonly id: string | undefined;
  /** The job's name, which may be none that a person gave. */
  readonly name: unknown;
  /** Of the queue, as the app calls it. */
  readonly queue: string;
  readonly attempt: number;
  readonly priority: number | undefined;
  /** By the machine's clock: when it could have begun. undefined where that is not known. */
  readonly readyAtMs: number | undefined;
  /** Of who added it. */
  readonly traceparent: string | undefined;
  /** A job that waits for it and for others, by a name of the store. */
  readonly waitedForBy?: string | undefined;
  /** Its own name of that kind, where it may be such a job. */
  readonly waitsAs?: string | undefined;
}

export interface StoredTasksOptions {
  /** The package: its batches are named after it. */
  readonly library: string;
  /** Loads the recorder. */
  readonly recorder: () => Recorder | undefined;
  readonly fault: (error: unknown) => void;
  /** What a library throws to put a job aside: no failure of it. */
  readonly isPutAside?: (error: unknown) => boolean;
}

export class StoredTasks<Worker extends object> {
  readonly #options: StoredTasksOptions;
  readonly #safely: Safely;
  readonly #groups: Groups;
  readonly #running = new WeakMap<Worker, { count: number }>();

  constructor(options: StoredTasksOptions) {
    this.#options = options;
    this.#groups = new Groups(options.library);
    this.#safely = safelyBy((error) => options.fault(error));
  }

  /** Of the current place, to be kept with a job that is added. Opens the run: it is what the job comes from. */
  traceparent(): string | undefined {
    return this.#safely(() => this.#options.recorder()?.carrier()['TRACEPARENT']);
  }

  /** Calls `fn`, which works on a job; a promise that it gives is answered by one that follows it. */
  run<T>(worker: Worker, limit: (worker: Worker) => number | undefined, task: StoredTask, fn: () => T): T {
    const running = this.#safely(() => this.#start(worker, limit, task));
    return running === undefined ? fn() : (settled(() => running.within(fn), running.end) as T);
  }

  #start(worker: Worker, limit: (worker: Worker) => number | undefined, task: StoredTask) {
    const recorder = this.#options.recorder();
    if (recorder === undefined) return undefined;
    const place = placeOf(recorder, task.traceparent);
    const { id, waitedForBy: key } = task;
    const joined = task.waitsAs === undefined ? undefined : this.#groups.close(recorder, task.waitsAs);
    const frame = key === undefined || id === undefined ? place.frame : this.#groups.join(recorder, { key, id, frame: place.frame });
    const start = () =>
      recorder.startTask(
        {
          type: taskName({ name: task.name }, () => []) ?? task.queue,
          id: task.id,
          attempt: task.attempt,
          priority: task.priority,
          readyAt: joined?.readyAt ?? (task.readyAtMs === undefined ? undefined : onRunClock(task.readyAtMs)),
          dependencies: joined?.dependencies,
          pool: task.queue,
          queue: task.queue,
          links: place.links,
        },
        task.queue,
      );
    const count = this.#countOf(recorder, worker, { limit, name: task.queue });
    const activity = frame === undefined ? start() : recorder.within(frame, start);
    count.count += 1;
    return {
      within: <R>(fn: () => R): R => recorder.within(activity.frame, fn),
      end: (failure?: { readonly error: unknown }): void => {
        count.count -= 1;
        const isPutAside = failure !== undefined && this.#options.isPutAside?.(failure.error) === true;
        activity.end(resultOf(failure, isPutAside));
        if (key !== undefined) this.#groups.ended(recorder, key);
      },
    };
  }

  /** Its gauges come with its first job. */
  #countOf(recorder: Recorder, worker: Worker, pool: { limit: (worker: Worker) => number | undefined; name: string }): { count: number } {
    const known = this.#running.get(worker);
    if (known !== undefined) return known;
    const count = { count: 0 };
    this.#running.set(worker, count);
    const weak = new WeakRef(worker);
    const limit = (): number | undefined => {
      const target = weak.deref();
      if (target === undefined) tracking.stop();
      return target === undefined ? undefined : pool.limit(target);
    };
    const tracking = recorder.trackPool({ name: pool.name, active: () => count.count, limit });
    return count;
  }
}

/** Below who added the job where that is in the same trace; else linked to it: their traces begin and end by themselves. */
function placeOf(recorder: Recorder, traceparent: string | undefined): { frame?: Frame | undefined; links?: string[] } {
  const frame = traceparent === undefined ? undefined : recorder.frameOfTraceparent(traceparent);
  if (traceparent === undefined || frame === undefined) return {};
  const own = recorder.carrier()['TRACEPARENT'];
  return traceOf(own) === traceOf(traceparent) ? { frame } : { links: [traceparent] };
}

const traceOf = (traceparent: string | undefined): string | undefined => traceparent?.split('-')[1];

function resultOf(failure: { readonly error: unknown } | undefined, isPutAside: boolean) {
  if (failure === undefined) return {};
  if (isPutAside) return { attributes: { [ATTR_SWARMSCOPE_TASK_RESULT]: SWARMSCOPE_TASK_RESULT_VALUE_CANCELLATION } };
  return { errorType: errorTypeOf(failure.error) };
}
