/** Queues of values that one function works on, with a callback or by a promise: each value is a job from when it is added. */
import { nextAttempt, noteAttempt } from './attempts.ts';
import { taskName } from './names.ts';
import { placesAbove } from './places.ts';
import { lookingLike } from './watched-task.ts';
import type { Failure, Job, RunningJob, Scheduler } from './scheduler.ts';
import { safelyBy, type Safely } from './safely.ts';

export type Worker = (this: unknown, ...args: unknown[]) => unknown;

export interface ValueQueue {
  /** The function that works on the values: it names the tasks. */
  readonly worker: { readonly name: unknown };
  /** The function by which the app made the queue: who called it names tasks whose worker has no name. */
  readonly madeBy: unknown;
  readonly scheduler: () => Scheduler | undefined;
  readonly fault: (error: unknown) => void;
}

interface Waiting {
  readonly job: Job;
  readonly attempt: number;
}

/** Values of a queue remembered, to be found again when their turn comes. Protects memory from a queue without bounds. */
const MAX_VALUES = 100_000;

export class ValueJobs {
  readonly #queue: ValueQueue;
  readonly #safely: Safely;
  readonly #type: string | undefined;
  readonly #waiting = new Map<unknown, Waiting[]>();
  #count = 0;

  constructor(queue: ValueQueue) {
    this.#queue = queue;
    this.#safely = safelyBy((error) => queue.fault(error));
    this.#type = this.#safely(() => taskName(queue.worker, () => placesAbove(queue.madeBy)));
  }

  /** Adds `values` by calling `fn`. `isFirst`: in front of equal values. */
  add<T>(values: readonly unknown[], { isFirst = false, priority }: { isFirst?: boolean; priority?: number | undefined }, fn: () => T): T {
    const added = this.#safely(() => values.map((value) => this.#submit(value, isFirst, priority)));
    try {
      return fn();
    } catch (error) {
      // The library refused them.
      this.#safely(() => added?.forEach((each) => each?.job.cancel()));
      throw error;
    }
  }

  /** Its turn has come. `fn` gets what ends the job; without one, whoever adds it is not known, or not the swarm's. */
  run<T>(value: unknown, fn: (running: RunningJob | undefined) => T): T {
    const running = this.#safely(() => this.#start(value));
    return running === undefined ? fn(undefined) : running.within(() => fn(running));
  }

  /** It was taken out of the queue. */
  remove(value: unknown): void {
    this.#safely(() => this.#take(value)?.job.cancel());
  }

  clear(): void {
    this.#safely(() => {
      this.#waiting.clear();
      this.#count = 0;
      this.#queue.scheduler()?.clear();
    });
  }

  #submit(value: unknown, isFirst: boolean, priority: number | undefined): Waiting | undefined {
    const scheduler = this.#count < MAX_VALUES ? this.#queue.scheduler() : undefined;
    if (scheduler === undefined) return undefined;
    const attempt = isObject(value) ? nextAttempt(value) : 1;
    const waiting = { job: scheduler.submit({ type: this.#type ?? scheduler.name, attempt, priority }), attempt };
    const equal = this.#waiting.get(value) ?? [];
    if (isFirst) equal.unshift(waiting);
    else equal.push(waiting);
    this.#waiting.set(value, equal);
    this.#count += 1;
    return waiting;
  }

  #start(value: unknown): RunningJob | undefined {
    const waiting = this.#take(value);
    if (waiting === undefined) return undefined;
    const running = waiting.job.start();
    return {
      ...running,
      end(failure?: Failure) {
        if (isObject(value)) noteAttempt(value, waiting.attempt, failure !== undefined);
        running.end(failure);
      },
    };
  }

  #take(value: unknown): Waiting | undefined {
    const equal = this.#waiting.get(value);
    const first = equal?.shift();
    if (first === undefined) return undefined;
    this.#count -= 1;
    if (equal?.length === 0) this.#waiting.delete(value);
    return first;
  }
}

/** Where the turn of a value is told: a queue, or one call. */
export interface Turns {
  run<T>(value: unknown, fn: (running: RunningJob | undefined) => T): T;
}

/** A worker whose last argument is a callback. What the callback does belongs to who added the value. */
export function callbackWorker(worker: Worker, turns: () => Turns): Worker {
  return function (...args) {
    const at = args.findLastIndex((each) => typeof each === 'function');
    if (at < 0) return Reflect.apply(worker, this, args);
    const callback = args[at] as Worker;
    return turns().run(args[0], (running) => {
      const ended = lookingLike(callback, function (this: unknown, ...told: unknown[]): unknown {
        const [error] = told;
        running?.end(error === null || error === undefined || error === false ? undefined : { error });
        const call = (): unknown => Reflect.apply(callback, this, told);
        return running === undefined ? call() : running.outside(call);
      });
      try {
        return Reflect.apply(worker, this, args.with(at, ended));
      } catch (error) {
        running?.end({ error });
        throw error;
      }
    });
  };
}

/** A worker that answers by a promise. Libraries tell it by its kind: the one in its place is an async function, too. */
export function asyncWorker(worker: Worker, turns: () => Turns): Worker {
  return async function (...args) {
    const call = (): unknown => Reflect.apply(worker, this, args);
    return turns().run(args[0], async (running) => {
      try {
        const result = await call();
        running?.end();
        return result;
      } catch (error) {
        running?.end({ error });
        throw error;
      }
    });
  };
}

const isObject = (value: unknown): value is object => (typeof value === 'object' && value !== null) || typeof value === 'function';
