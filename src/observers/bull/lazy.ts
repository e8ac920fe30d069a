/** What is bull's own: a job's options, which are kept with it, and the handlers of a queue. */
import { wrapMethod } from '../../hooks/wrap-method.ts';
import { StoredTasks, type Task } from '../../scheduling/index.ts';
import { numberOf } from '../library.ts';
import type { ObserverContext } from '../observer.ts';

const NAME = 'bull';
/** Of a job's options: the place where OpenTelemetry's propagation would put it, too. */
const KEY = 'traceparent';

interface Queue {
  readonly name: string;
  readonly handlers: Record<string, Task>;
}

/** The part of a job that is read. */
interface Job {
  readonly id?: unknown;
  readonly name?: unknown;
  readonly timestamp?: unknown;
  readonly delay?: unknown;
  readonly attemptsMade?: unknown;
  readonly opts?: { readonly priority?: unknown; readonly [KEY]?: unknown };
}

const known = new WeakMap<ObserverContext, StoredTasks<Queue>>();

function tasksOf(context: ObserverContext): StoredTasks<Queue> {
  const tasks =
    known.get(context) ??
    new StoredTasks<Queue>({ library: NAME, recorder: () => context.recorder(), fault: (error) => context.fault(NAME, error) });
  known.set(context, tasks);
  return tasks;
}

/** A job that is added takes along who added it. */
export function watchJobs(context: ObserverContext, exported: unknown): void {
  if (typeof exported !== 'function') return;
  const told = (opts: unknown): unknown => {
    const traceparent = tasksOf(context).traceparent();
    return traceparent === undefined ? opts : { [KEY]: traceparent, ...(opts as object | undefined) };
  };
  wrapMethod(exported, 'create', (create, self, [queue, name, data, opts, ...rest]) => {
    // Without a name the data stands in its place.
    const given = typeof name === 'string' ? [queue, name, data, told(opts), ...rest] : [queue, name, told(data), opts, ...rest];
    return Reflect.apply(create, self, given);
  });
  wrapMethod(exported, 'createBulk', (createBulk, self, [queue, jobs, ...rest]) => {
    const given = Array.isArray(jobs) ? (jobs as { opts?: unknown }[]).map((job) => ({ ...job, opts: told(job.opts) })) : jobs;
    return Reflect.apply(createBulk, self, [queue, given, ...rest]);
  });
}

/** Handlers are called with the job, whichever name they were given for. */
export function watchQueues(context: ObserverContext, exported: unknown): void {
  const prototype = (exported as { prototype?: { setHandler?: unknown } } | undefined)?.prototype;
  if (typeof prototype?.setHandler !== 'function') return context.fault(NAME, 'this bull has no setHandler');
  const limits = new WeakMap<Queue, number>();
  wrapMethod(prototype, 'start', (start, self, args) => {
    const more = numberOf(args[0]);
    if (more !== undefined) limits.set(self as Queue, (limits.get(self as Queue) ?? 0) + more);
    return Reflect.apply(start, self, args);
  });
  wrapMethod(prototype, 'setHandler', (setHandler, self, args) => {
    const result = Reflect.apply(setHandler, self, args);
    const queue = self as Queue;
    const [name, given] = args;
    const handler = queue.handlers[String(name)];
    if (handler === undefined) return result;
    queue.handlers[String(name)] = function (this: unknown, ...called: unknown[]): unknown {
      const job = (called[0] ?? {}) as Job;
      return tasksOf(context).run(
        queue,
        (each) => limits.get(each),
        storedTask(queue, job, given),
        () => Reflect.apply(handler, this, called),
      );
    };
    return result;
  });
}

/** A job without a name of its own is named after its handler. */
function storedTask(queue: Queue, job: Job, handler: unknown) {
  const made = numberOf(job.attemptsMade) ?? 0;
  const added = numberOf(job.timestamp);
  const traceparent = job.opts?.[KEY];
  return {
    id: typeof job.id === 'string' || typeof job.id === 'number' ? String(job.id) : undefined,
    name: job.name === '__default__' ? (handler as { name?: unknown } | undefined)?.name : job.name,
    queue: queue.name,
    attempt: made + 1,
    priority: numberOf(job.opts?.priority),
    // An attempt after the first has waited since a moment that nobody keeps.
    readyAtMs: made > 0 || added === undefined ? undefined : added + (numberOf(job.delay) ?? 0),
    traceparent: typeof traceparent === 'string' ? traceparent : undefined,
  };
}
