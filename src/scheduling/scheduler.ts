/** One queue, pool or limiter: its jobs from accepted to ended, and the batches that they form. */
import type { Frame, Recorder, SubmittedTask } from '../recording/types.ts';
import {
  ATTR_SWARMSCOPE_TASK_INFERRED,
  ATTR_SWARMSCOPE_TASK_RESULT,
  SWARMSCOPE_TASK_RESULT_VALUE_CANCELLATION,
  SWARMSCOPE_TASK_RESULT_VALUE_TIMEOUT,
} from '../semconv/index.ts';
import { errorTypeOf } from '../semconv/error-type.ts';
import { Bursts, type Membership } from './bursts.ts';
import type { Load } from './load.ts';
import { WaitingJobs } from './waiting.ts';

export interface JobOptions {
  /** Low-cardinality: the function's name, never an id. */
  readonly type: string;
  /** Default: 1. */
  readonly attempt?: number | undefined;
  readonly priority?: number | undefined;
  /** An `AbortSignal`, whose abort cancels the job while it waits. Anything else is ignored. */
  readonly signal?: unknown;
}

export interface Job {
  /** `worker`: the thread or process that works on it, where that is another one. */
  start(by?: { readonly worker?: string }): RunningJob;
  /** It will never run; without effect once it has started. */
  cancel(): void;
}

export interface RunningJob {
  /** What `fn` records, and what it starts, belongs to this job. */
  within<T>(fn: () => T): T;
  /** Runs `fn` where the job was added. */
  outside<T>(fn: () => T): T;
  /** Only the first call counts. */
  end(failure?: Failure): void;
}

interface AddedIn {
  readonly addedIn: Frame | undefined;
  readonly worker?: string;
}

export interface Failure {
  readonly error: unknown;
}

export class Scheduler {
  readonly name: string;
  readonly #recorder: Recorder;
  readonly #waiting = new WaitingJobs();
  readonly #bursts: Bursts;
  readonly #load: Load | undefined;

  /** `load` is told of each job. */
  constructor(recorder: Recorder, name: string, load?: Load) {
    this.#load = load;
    this.name = name;
    this.#recorder = recorder;
    this.#bursts = new Bursts(recorder, name);
  }

  submit(options: JobOptions): Job {
    const recorder = this.#recorder;
    const addedIn = recorder.current();
    const membership = this.#bursts.join();
    const frame = recorder.joinBatch(undefined, membership.batch);
    const submitted = recorder.within(frame, () => recorder.submitTask(options.type, this.name));
    this.#load?.submitted();
    const ticket = this.#waiting.add(options.signal, () => {
      this.#load?.left();
      submitted.cancel();
      membership.leave();
    });
    let starts = 0;
    return {
      cancel: () => ticket.cancel(),
      start: (by) => {
        starts += 1;
        // A library that tries it again starts it again: that attempt has waited for nothing that is known.
        const again = starts === 1 ? submitted : { ...submitted, submittedAt: recorder.now() };
        const attempt = (options.attempt ?? 1) + starts - 1;
        return this.#start({ ...options, ...by, attempt, addedIn }, again, ticket.leave() ? membership : undefined);
      },
    };
  }

  batch<T>(fn: () => T): T {
    return this.#bursts.declare(fn);
  }

  clear(): void {
    this.#waiting.cancelAll();
  }

  /** Without `membership`: a job that was cancelled and runs after all has left its batch already. */
  #start(
    { type, attempt = 1, priority, addedIn, worker }: JobOptions & AddedIn,
    submitted: SubmittedTask,
    membership: Membership | undefined,
  ): RunningJob {
    const recorder = this.#recorder;
    const attributes = { [ATTR_SWARMSCOPE_TASK_INFERRED]: true };
    const activity = recorder.startTask({ submitted, pool: this.name, queue: this.name, attempt, priority, worker, attributes }, type);
    const load = this.#load;
    let isEnded = false;
    return {
      within: (fn) => recorder.within(activity.frame, fn),
      outside: (fn) => recorder.resume(addedIn, fn),
      end(failure) {
        if (isEnded) return;
        isEnded = true;
        if (membership !== undefined) load?.left();
        const errorType = failure === undefined ? undefined : errorTypeOf(failure.error);
        activity.end({ errorType, attributes: { [ATTR_SWARMSCOPE_TASK_RESULT]: resultOf(errorType) } });
        membership?.ended();
      },
    };
  }
}

/** As the platform, workerpool and tinypool call it. */
const CANCELLED = /^(?:Abort|Cancel|Cancellation)Error$/;

function resultOf(errorType: string | undefined): string | undefined {
  if (errorType === 'TimeoutError') return SWARMSCOPE_TASK_RESULT_VALUE_TIMEOUT;
  return errorType !== undefined && CANCELLED.test(errorType) ? SWARMSCOPE_TASK_RESULT_VALUE_CANCELLATION : undefined;
}
