/** The API for programs with a scheduler of their own. Without a preload every verb only calls the function. */
import { wrapMethod } from './hooks/wrap-method.ts';
import type { Activity, BatchOptions, PoolReader, QueueReader, Recorder, TaskOptions, WaitReason } from './recording/types.ts';
import type { ContentMask } from './recording/captured/user-mask.ts';
import type { TaskEstimate } from './recording/estimate.ts';
import { recorderOf } from './api/recorder-of.ts';
import { errorTypeOf } from './semconv/error-type.ts';
import type { Attributes } from './semconv/telemetry.ts';

export {
  allocate,
  budget,
  release,
  type Allocation,
  type AllocationDescription,
  type Budget,
  type BudgetDescription,
} from './api/budgets.ts';
export * from './api/emit.ts';
export * from './api/policies.ts';
export * from './api/profiler.ts';
export * from './api/resources.ts';
export * from './api/snapshot.ts';
export {
  bind,
  decision,
  handoff,
  optimization,
  route,
  traceparent,
  type DecisionDescription,
  type HandoffDescription,
  type OptimizationDescription,
  type RouteDescription,
} from './api/events.ts';
export { swarmscopeInstrumentations, type SwarmscopeInstrumentation } from './api/instrumentations.ts';
export type { ContentMask, TaskEstimate, WaitReason };

type OnDone = (settled: unknown) => unknown;
type Options<T> = { [K in keyof T]?: T[K] };

/** Options of {@link withTask}. */
export type TaskDescription = Options<
  Pick<
    TaskOptions,
    'type' | 'id' | 'attempt' | 'priority' | 'readyAt' | 'dependencies' | 'pool' | 'queue' | 'worker' | 'parent' | 'links' | 'estimate'
  >
>;
/** Options of {@link withBatch}. */
export type BatchDescription = Options<Pick<BatchOptions, 'scheduler' | 'index' | 'size' | 'strategy'>>;
/** A pool of workers: counts are read when metrics are collected. */
export type PoolDescription = PoolReader;
/** A queue: its size is read when metrics are collected. */
export type QueueDescription = QueueReader;

/** Stops what `trackPool` or `trackQueue` began. */
export interface Tracked {
  stop(): void;
}

/** No name, or one or two characters that a minifier made (`e`, `Wi`, `_a`); `qa` may be a person's. */
const MINIFIED = /^(?:.?|.[A-Z\d_$]|[A-Z_$].)$/;

/**
 * Runs `fn` as one run of the swarm: span `invoke_workflow {name}`. Returns what `fn` returns, throws what it throws.
 * @param name low-cardinality name of the swarm
 * @example await withRun('nightly-refactor', () => schedule(tasks));
 */
export function withRun<T>(name: string, fn: () => T): T {
  return wrap((recorder) => recorder.startRun(name), fn);
}

/** Runs `fn` as one phase of the run: span `run_phase {name}`. */
export function withPhase<T>(name: string, fn: () => T): T {
  return wrap((recorder) => recorder.startPhase(name), fn);
}

/**
 * Runs `fn` as one attempt of a task: span `run_task {type}`. A throw or a rejection reaches the caller unchanged.
 * @param task its type, or a description; `readyAt` is epoch milliseconds
 * @example await withTask({ type: 'review', id: change.id, readyAt }, () => review(change));
 */
export function withTask<T>(task: string | TaskDescription, fn: () => T): T {
  const options: TaskDescription = typeof task === 'string' ? { type: task } : (task ?? {});
  return wrap((recorder) => recorder.startTask({ ...options, mayBeBatch: true }, MINIFIED.test(fn.name) ? 'task' : fn.name), fn);
}

/** Runs `fn` as one batch (superstep): span `run_batch {scheduler}`; tasks started inside belong to it. */
export function withBatch<T>(batch: string | BatchDescription, fn: () => T): T {
  const options = typeof batch === 'string' ? { scheduler: batch } : batch;
  return wrap((recorder) => recorder.startBatch(options), fn);
}

/** Runs `fn` as one invocation of an agent: span `invoke_agent {name}`. */
export function withAgent<T>(name: string, fn: () => T): T {
  return wrap((recorder) => recorder.startAgent(name), fn);
}

/** Options of {@link withTool}. */
export interface ToolDescription {
  name: string;
  /** The id of the call that the model asked for. */
  callId?: string;
  type?: string;
  /** What the tool is given, as plain data. Its keyed hash is recorded, and itself only where content is captured. */
  arguments?: unknown;
}

/**
 * Runs `fn` as one tool call: span `execute_tool {name}`. Of what it returns the keyed hash is recorded where it is plain
 * data, and itself only where content is captured.
 * @example await withTool({ name: 'read_file', callId, arguments: { path } }, () => readFile(path, 'utf8'));
 */
export function withTool<T>(tool: string | ToolDescription, fn: () => T): T {
  return wrap(
    (recorder) => {
      const { name, callId, type, ...given }: ToolDescription = typeof tool === 'string' ? { name: tool } : tool;
      return recorder.startTool({ name, callId, toolType: type, arguments: given.arguments });
    },
    fn,
    (recorder, result) => recorder.toolFacts({ result }),
  );
}

/**
 * Runs `fn`, which only waits, and records why: span `wait {reason}`.
 * @example await wait('lock', () => mutex.acquire());
 */
export function wait<T>(reason: WaitReason, fn: () => T): T {
  return wrap((recorder) => recorder.startWait(reason), fn);
}

/**
 * Puts a mask before all content that is captured in this process, in front of what leaves. Where `mask` throws, gives no
 * text, or takes too long (a second for the content of one attribute), that content is left out and counted.
 * @example maskContent((text) => text.replaceAll(/[\w.]+@[\w.]+/g, '<address>'));
 */
export function maskContent(mask: ContentMask): void {
  try {
    recorderOf()?.maskContent(mask);
  } catch {
    // A recorder of another version: it captures what it did before.
  }
}

/** Shows a pool of workers as gauges: active, idle, limit, utilisation, worker-seconds by state. */
export function trackPool(pool: PoolDescription): Tracked {
  return tracked((recorder) => recorder.trackPool(pool));
}

/** Shows a queue as gauges: size and capacity. */
export function trackQueue(queue: QueueDescription): Tracked {
  return tracked((recorder) => recorder.trackQueue(queue));
}

type FactsOf = (recorder: Recorder, result: unknown) => Attributes;

/** `factsOf`: what is told of what `fn` returns. */
function wrap<T>(start: (recorder: Recorder) => Activity, fn: () => T, factsOf?: FactsOf): T {
  const recorder = recorderOf();
  let activity: Lasting | undefined;
  try {
    activity = recorder === undefined ? undefined : lasting(start(recorder), factsOf && ((result) => factsOf(recorder, result)));
  } catch {
    // A fault of ours: the program goes on unrecorded.
  }
  if (recorder === undefined || activity === undefined) return fn();
  const { frame } = activity;
  let result: T;
  let isCalled = false;
  try {
    result = recorder.within(frame, () => {
      isCalled = true;
      return fn();
    });
  } catch (error) {
    if (!isCalled) return fn();
    activity.end({ errorType: errorTypeOf(error) });
    throw error;
  }
  return settle(result, activity);
}

interface Lasting extends Activity {
  /** Ends it with what `fn` gave. */
  done(result: unknown): void;
}

/** An activity whose end cannot reach the app. undefined for what is none. */
function lasting(activity: Activity | undefined, factsOf: ((result: unknown) => Attributes) | undefined): Lasting | undefined {
  if (typeof activity?.end !== 'function') return undefined;
  const end: Activity['end'] = (result) => {
    try {
      activity.end(result);
    } catch {
      // As above.
    }
  };
  const done = (result: unknown): void => {
    let attributes: Attributes | undefined;
    try {
      attributes = factsOf?.(result);
    } catch {
      // A recorder of another version: the result is not told.
    }
    end(attributes === undefined ? undefined : { attributes });
  };
  return { ...activity, frame: activity.frame, end, done };
}

function tracked(start: (recorder: Recorder) => Tracked): Tracked {
  const nothing = { stop: (): void => undefined };
  try {
    const recorder = recorderOf();
    const given = recorder === undefined ? undefined : start(recorder);
    return typeof given?.stop === 'function' ? given : nothing;
  } catch {
    return nothing;
  }
}

/**
 * Ends `activity` when `result` is done. A native promise is answered by one that follows it, so that an unhandled
 * rejection stays one; any other thenable is handed back as it is and watched when the app itself awaits it.
 */
function settle<T>(result: T, activity: Lasting): T {
  if (typeof result !== 'object' || result === null || typeof (result as { then?: unknown }).then !== 'function') {
    activity.done(result);
    return result;
  }
  const thenable = result as unknown as PromiseLike<unknown>;
  const then = thenable.then.bind(thenable);
  const onValue = (value: unknown): unknown => {
    activity.done(value);
    return value;
  };
  const onError = (error: unknown): never => {
    activity.end({ errorType: errorTypeOf(error) });
    throw error;
  };
  if (isNative(thenable)) return withExtras(then(onValue, onError), thenable) as unknown as T;
  try {
    wrapMethod(thenable, 'then', (_then, _self, [resolve, reject]) =>
      new Promise((fulfil, fail) => void then(fulfil, fail)).then(onValue, onError).then(resolve as OnDone, reject as OnDone),
    );
  } catch {
    // A frozen thenable: it cannot be followed, and it stays the app's.
    activity.end();
  }
  return result;
}

/** A promise whose own `then` is the language's. */
function isNative(thenable: object): boolean {
  return thenable instanceof Promise && Reflect.get(thenable, 'then') === Reflect.get(Promise.prototype, 'then');
}

/** What an app's promise carries besides (`child` of a promisified execFile) is carried on. */
function withExtras(promise: PromiseLike<unknown>, original: object): PromiseLike<unknown> {
  for (const name of Object.keys(original)) Object.defineProperty(promise, name, Object.getOwnPropertyDescriptor(original, name) ?? {});
  return promise;
}
