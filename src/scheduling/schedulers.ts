/** The entry for observers of libraries: finds a queue's scheduler, and keeps our faults out of the app's calls. */
import type { Recorder } from '../recording/types.ts';
import { nextAttempt } from './attempts.ts';
import { callerName } from './caller-name.ts';
import { Scheduler, type Job, type JobOptions } from './scheduler.ts';
import { trackGauges, type Readings } from './tracking.ts';
import { watchedTask, type Task, type TaskLimits } from './watched-task.ts';

/** What is known of one library; `Queue` is its object that jobs are added to. */
export interface SchedulerLibrary<Queue extends object> extends Readings<Queue> {
  /** The package: its queues are named after it, and its frames on the stack are not those of the app. */
  readonly name: string;
  readonly recorder: () => Recorder | undefined;
  readonly fault: (error: unknown) => void;
  /** It may refuse a task: then as many jobs run and wait after the adding as before. Default: false. */
  readonly mayRefuse?: boolean;
}

export interface AddedTask<Queue, Result> {
  readonly queue: Queue;
  readonly task: Task;
  /** The method by which the app adds it: the function that called it names a task without a name of its own. */
  readonly addedBy: unknown;
  readonly options?: () => Omit<JobOptions, 'type' | 'attempt'> & TaskLimits;
  /** Adds what it is given in the place of the task: same arguments, same result, same error. */
  readonly hand: (task: Task) => Result;
}

export interface Schedulers<Queue extends object> {
  add<Result>(added: AddedTask<Queue, Result>): Result;
  /** The tasks that are added while `fn` runs are one declared batch; `size` is their number. */
  batch<T>(queue: Queue, size: number, fn: () => T): T;
  /** All jobs that wait are cancelled. */
  clear(queue: Queue): void;
  /** For jobs that are no functions of this process. undefined when recording is impossible. */
  of(queue: Queue): Scheduler | undefined;
}

/** Queues of one library with a name of their own; later ones share one. Protects metrics from a queue per request. */
const MAX_NAMED = 32;
const MAX_TYPE_CHARACTERS = 64;

/** Queues seen, by library: several copies of a library count together. */
const seen = new Map<string, number>();

/** @example watchSchedulers<PQueue>({ name: 'p-queue', running: (queue) => queue.pending, ... }) */
export function watchSchedulers<Queue extends object>(library: SchedulerLibrary<Queue>): Schedulers<Queue> {
  const known = new WeakMap<Queue, Scheduler>();

  function safely<T>(fn: () => T): T | undefined {
    try {
      return fn();
    } catch (error) {
      library.fault(error);
      return undefined;
    }
  }

  function of(queue: Queue): Scheduler | undefined {
    const before = known.get(queue);
    const recorder = before === undefined ? library.recorder() : undefined;
    if (recorder === undefined) return before;
    const scheduler = new Scheduler(recorder, nextName(library.name));
    trackGauges(recorder, scheduler.name, queue, library);
    known.set(queue, scheduler);
    return scheduler;
  }

  function submit({
    queue,
    task,
    addedBy,
    options,
  }: AddedTask<Queue, unknown>): { watched: Task; job: Job; heldBefore: number } | undefined {
    const scheduler = typeof task === 'function' ? of(queue) : undefined;
    if (scheduler === undefined) return undefined;
    const given = options?.() ?? {};
    const type = task.name || callerName(addedBy, library.name) || scheduler.name;
    const attempt = nextAttempt(task);
    const job = scheduler.submit({ type: type.slice(0, MAX_TYPE_CHARACTERS), attempt, signal: given.signal, priority: given.priority });
    return { watched: watchedTask({ task, job, attempt }, given), job, heldBefore: heldBy(queue) };
  }

  const heldBy = (queue: Queue): number => library.running(queue) + library.waiting(queue);

  return {
    add(added) {
      const submitted = safely(() => submit(added));
      if (submitted === undefined) return added.hand(added.task);
      try {
        return added.hand(submitted.watched);
      } finally {
        safely(() => {
          if (library.mayRefuse === true && heldBy(added.queue) <= submitted.heldBefore) submitted.job.cancel();
        });
      }
    },
    batch(queue, size, fn) {
      const scheduler = size < 2 ? undefined : safely(() => of(queue));
      return scheduler === undefined ? fn() : scheduler.batch(fn);
    },
    clear: (queue) => safely(() => known.get(queue)?.clear()),
    of: (queue) => safely(() => of(queue)),
  };
}

/** `p-queue`, `p-queue-2`, ... */
function nextName(library: string): string {
  const number = (seen.get(library) ?? 0) + 1;
  seen.set(library, number);
  if (number > MAX_NAMED) return `${library}-more`;
  return number === 1 ? library : `${library}-${number}`;
}
