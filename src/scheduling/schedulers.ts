/** The entry for observers of libraries: finds a queue's scheduler, and keeps our faults out of the app's calls. */
import type { Recorder } from '../recording/types.ts';
import { nextAttempt } from './attempts.ts';
import { taskName } from './names.ts';
import { isOwnCode } from './own-code.ts';
import { placesAbove } from './places.ts';
import { safelyBy } from './safely.ts';
import { Scheduler, type Job, type JobOptions } from './scheduler.ts';
import { trackGauges, type Readings } from './tracking.ts';
import { resumedTask, watchedTask, type Task, type TaskLimits } from './watched-task.ts';

/** What is known of one library; `Queue` is its object that jobs are added to. */
export interface SchedulerLibrary<Queue extends object> extends Readings<Queue> {
  /** The package: its queues are named after it, and its frames on the stack are not those of the app. */
  readonly name: string;
  /** Loads the recorder. */
  readonly recorder: () => Recorder | undefined;
  /** The recorder, if something was recorded before. */
  readonly peek: () => Recorder | undefined;
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

/**
 * A queue that was made by a package (Slack's client, LangChain's caller) is looked through: its jobs are no tasks, and
 * what they record belongs to who added them.
 */
export interface Schedulers<Queue extends object> {
  /** Called by the constructor of the queue, by way of the function `below`. Only the first call counts. */
  made(queue: Queue, below: unknown): void;
  /** Whether the program's own code calls the function `below`: what a package makes need not be watched at all. */
  isOwnCall(below: unknown): boolean;
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

/** Queues seen, by library: several copies of a library count together. */
const seen = new Map<string, number>();

/** @example watchSchedulers<PQueue>({ name: 'p-queue', running: (queue) => queue.pending, ... }) */
export function watchSchedulers<Queue extends object>(library: SchedulerLibrary<Queue>): Schedulers<Queue> {
  const known = new WeakMap<Queue, Scheduler>();
  /** Whether the program's own code made it. */
  const isOwn = new WeakMap<Queue, boolean>();

  const safely = safelyBy((error) => library.fault(error));

  const isOfTheLibrary = (file: string): boolean => file.replaceAll('\\', '/').includes(`/node_modules/${library.name}/`);

  function isMadeByOwnCode(below: unknown, classes: ReadonlySet<unknown> = new Set()): boolean {
    const maker = placesAbove(below).find(
      ({ file, functionName = '', isConstructor }) => !isOfTheLibrary(file) && !(isConstructor && classes.has(functionName)),
    );
    return maker === undefined || isOwnCode(maker.file);
  }

  /** A queue whose constructor was not seen is judged by its first use. */
  function judge(queue: Queue, below: unknown): boolean {
    const before = isOwn.get(queue);
    if (before !== undefined) return before;
    const now = isMadeByOwnCode(below, classNamesOf(queue));
    isOwn.set(queue, now);
    return now;
  }

  function of(queue: Queue, below?: unknown): Scheduler | undefined {
    const before = known.get(queue);
    if (before === undefined && !judge(queue, below)) return undefined;
    const recorder = before === undefined ? library.recorder() : undefined;
    if (recorder === undefined) return before;
    const name = nextName(library.name);
    const scheduler = new Scheduler(recorder, name, trackGauges(recorder, name, queue, library));
    known.set(queue, scheduler);
    return scheduler;
  }

  function submit({
    queue,
    task,
    addedBy,
    options,
  }: AddedTask<Queue, unknown>): { watched: Task; job: Job; heldBefore: number } | undefined {
    const scheduler = typeof task === 'function' ? of(queue, addedBy) : undefined;
    if (scheduler === undefined) return undefined;
    const given = options?.() ?? {};
    const type = taskName(task, () => placesAbove(addedBy)) ?? scheduler.name;
    const attempt = nextAttempt(task);
    const job = scheduler.submit({ type, attempt, signal: given.signal, priority: given.priority });
    return { watched: watchedTask({ task, job, attempt }, given), job, heldBefore: heldBy(queue) };
  }

  function lookedThrough({ queue, task }: AddedTask<Queue, unknown>): Task | undefined {
    return typeof task === 'function' && isOwn.get(queue) === false ? resumedTask(task, library.peek) : undefined;
  }

  const heldBy = (queue: Queue): number => library.running(queue) + library.waiting(queue);

  return {
    isOwnCall: (below) => safely(() => isMadeByOwnCode(below)) === true,
    made: (queue, below) => void safely(() => judge(queue, below)),
    add(added) {
      const submitted = safely(() => submit(added));
      if (submitted === undefined) return added.hand(safely(() => lookedThrough(added)) ?? added.task);
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

/** A package may bring a class of queues: who makes one is whoever calls its constructor. */
function classNamesOf(queue: object): Set<unknown> {
  const found = new Set<unknown>();
  for (let at = Object.getPrototypeOf(queue) as object | null; at !== null; at = Object.getPrototypeOf(at) as object | null)
    found.add((at as { constructor?: { name?: unknown } }).constructor?.name);
  return found;
}
