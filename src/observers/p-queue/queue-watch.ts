/** One queue instance: its tasks from added to settled, its gauges, and the bursts that turn out to be batches. */
import type { Activity, Recorder } from '../../recording/types.ts';
import {
  ATTR_SWARMSCOPE_TASK_RESULT,
  SWARMSCOPE_TASK_RESULT_VALUE_CANCELLATION,
  SWARMSCOPE_TASK_RESULT_VALUE_TIMEOUT,
} from '../../semconv/index.ts';
import { errorTypeOf } from '../../semconv/error-type.ts';
import { Bursts } from './bursts.ts';
import { onEarlyEnd, runTask } from './running.ts';
import { trackQueue } from './tracking.ts';
import { Waiting, type Ticket } from './waiting.ts';

/** The part of a queue that is read; all of it is public API of p-queue 6 to 10. */
export interface Queue {
  readonly size: number;
  readonly pending: number;
  readonly concurrency: number;
  readonly timeout?: number | undefined;
}

export type Task = (...args: unknown[]) => unknown;

/** A task made ready for the queue: `run` is what to add instead of it. */
export interface Accepted {
  readonly run: Task;
  /** Tells whether the queue took it: what it refused (a bad option) must not stay in the count of waiting tasks. */
  settle(isTaken: boolean): void;
}

interface TaskOptions {
  readonly priority?: unknown;
  readonly signal?: unknown;
  readonly timeout?: unknown;
}

/** Queues that get a name of their own; later ones share one, so that names stay few. */
const MAX_NAMED_QUEUES = 32;

let queues = 0;
/** The next attempt of a function whose last run failed: only then is adding it again a retry. */
const nextAttempts = new WeakMap<Task, number>();

export class QueueWatch {
  readonly #recorder: Recorder;
  readonly #name: string;
  readonly #waiting: Waiting;
  readonly #bursts: Bursts;

  constructor(recorder: Recorder, queue: Queue) {
    this.#recorder = recorder;
    queues += 1;
    this.#name = queues === 1 ? 'p-queue' : queues > MAX_NAMED_QUEUES ? 'p-queue-more' : `p-queue-${queues}`;
    this.#bursts = new Bursts(recorder, this.#name);
    this.#waiting = new Waiting();
    trackQueue(recorder, this.#name, queue);
  }

  /** What to hand to the queue instead of `task`: same arguments, same result, same error. undefined for what is no function. */
  accept(task: Task, given: unknown, { queue, callerName }: { queue: Queue; callerName: () => string | undefined }): Accepted | undefined {
    if (typeof task !== 'function') return undefined;
    const options: TaskOptions = typeof given === 'object' && given !== null ? given : {};
    const recorder = this.#recorder;
    const name = this.#name;
    const type = task.name !== '' ? task.name.slice(0, 64) : (callerName() ?? name);
    const attempt = nextAttempts.get(task) ?? 1;
    const membership = this.#bursts.join();
    const submitted = recorder.within(recorder.joinBatch(undefined, membership.batch), () => recorder.submitTask(type, name));
    const ticket = this.#waiting.add(options.signal, () => {
      submitted.cancel();
      membership.leave();
    });
    const timeoutMs = numberOf(options.timeout) ?? numberOf(queue.timeout);
    const start = (): { activity: Activity; end: (errorType?: string) => void } => {
      const cameBack = !ticket.isWaiting;
      ticket.remove();
      const activity = recorder.startTask({ submitted, pool: name, queue: name, attempt, priority: numberOf(options.priority) }, type);
      let isEnded = false;
      const end = (errorType?: string): void => {
        if (isEnded) return;
        isEnded = true;
        if (errorType === undefined) nextAttempts.delete(task);
        else nextAttempts.set(task, attempt + 1);
        activity.end({ errorType, attributes: { [ATTR_SWARMSCOPE_TASK_RESULT]: resultOf(errorType) } });
        // One that was counted out before it ran after all is not counted a second time.
        if (!cameBack) membership.ended();
      };
      return { activity, end };
    };
    const run: Task = function (this: unknown, ...args) {
      const { activity, end } = start();
      const stop = onEarlyEnd({ argument: args[0], timeoutMs, end: (reason) => end(errorTypeOf(reason)) });
      const ended = (failure?: { error: unknown }): void => {
        stop();
        end(failure === undefined ? undefined : errorTypeOf(failure.error));
      };
      return runTask(() => recorder.within(activity.frame, () => Reflect.apply(task, this, args)), ended);
    };
    Object.defineProperty(run, 'name', { value: task.name, configurable: true });
    Object.defineProperty(run, 'length', { value: task.length, configurable: true });
    return { run, settle: (isTaken) => refuse(ticket, isTaken) };
  }

  /** Runs `addAll` with its tasks in one declared batch. */
  inBatch<T>(size: number, fn: () => T): T {
    return size < 2 ? fn() : this.#bursts.declare(fn);
  }

  cleared(): void {
    this.#waiting.cancelAll();
  }
}

function refuse(ticket: Ticket, isTaken: boolean): void {
  if (!isTaken) ticket.cancel();
}

function resultOf(errorType: string | undefined): string | undefined {
  if (errorType === 'TimeoutError') return SWARMSCOPE_TASK_RESULT_VALUE_TIMEOUT;
  return errorType === 'AbortError' ? SWARMSCOPE_TASK_RESULT_VALUE_CANCELLATION : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
