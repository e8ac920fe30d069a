/** What is bullmq's own: the member of a job that is meant for telemetry, and the method by which a worker works on one. */
import { wrapMethod } from '../../hooks/wrap-method.ts';
import { StoredTasks } from '../../scheduling/index.ts';
import { numberOf } from '../library.ts';
import type { ObserverContext } from '../observer.ts';

const NAME = 'bullmq';
/** As bullmq numbers its kinds of spans. */
const PRODUCER = 3;
/** What a processor throws to put its job aside. */
const PUT_ASIDE = /^(?:Delayed|RateLimit|Waiting|WaitingChildren)Error$/;

interface Worker {
  readonly name: string;
  readonly concurrency?: unknown;
}

/** The part of a job that is read. */
interface Job {
  readonly id?: unknown;
  readonly name?: unknown;
  readonly timestamp?: unknown;
  readonly delay?: unknown;
  readonly attemptsMade?: unknown;
  /** Of the job of a flow that waits for it: `{prefix}:{queue}:{id}`. */
  readonly parentKey?: unknown;
  readonly queueQualifiedName?: unknown;
  readonly opts?: { readonly priority?: unknown; readonly telemetry?: { readonly metadata?: unknown } };
}

type Callback = (span: undefined, metadata?: string) => unknown;

const known = new WeakMap<ObserverContext, StoredTasks<Worker>>();

function tasksOf(context: ObserverContext): StoredTasks<Worker> {
  const tasks =
    known.get(context) ??
    new StoredTasks<Worker>({
      library: NAME,
      recorder: () => context.recorder(),
      fault: (error) => context.fault(NAME, error),
      isPutAside: (error) => PUT_ASIDE.test(String((error as { name?: unknown } | undefined)?.name)),
    });
  known.set(context, tasks);
  return tasks;
}

/** As OpenTelemetry's propagation writes it: a worker with bullmq's own telemetry reads the same. */
function metadataOf(context: ObserverContext): string | undefined {
  const traceparent = tasksOf(context).traceparent();
  return traceparent === undefined ? undefined : JSON.stringify({ traceparent });
}

/** Where the app has no telemetry of bullmq's, a job that is added takes our metadata along. */
export function watchQueues(context: ObserverContext, exported: unknown): void {
  const prototype = prototypeOf(exported, 'QueueBase');
  if (typeof prototype?.['trace'] !== 'function') return context.fault(NAME, 'this bullmq has no QueueBase.trace');
  wrapMethod(prototype, 'trace', (trace, self, args) => {
    const [kind, operation, destination, callback, ...rest] = args;
    const { opts } = self as { opts?: { telemetry?: unknown } };
    const takes = typeof callback === 'function' && callback.length === 2 && kind === PRODUCER && opts?.telemetry === undefined;
    const metadata = takes ? metadataOf(context) : undefined;
    if (metadata === undefined) return Reflect.apply(trace, self, args);
    const told = (): unknown => (callback as Callback)(undefined, metadata);
    return Reflect.apply(trace, self, [kind, operation, destination, told, ...rest]);
  });
}

/** A flow asks a member of its producer, which the app's own telemetry covers. */
export function watchFlows(context: ObserverContext, exported: unknown): void {
  const prototype = prototypeOf(exported, 'FlowProducer');
  if (prototype === undefined) return context.fault(NAME, 'this bullmq has no FlowProducer');
  const nothing = (): void => undefined;
  const span = {
    setSpanOnContext: (given: unknown) => given,
    setAttribute: nothing,
    setAttributes: nothing,
    addEvent: nothing,
    recordException: nothing,
    end: nothing,
  };
  const telemetry = {
    tracer: { startSpan: () => span },
    contextManager: {
      active: nothing,
      with: (_: unknown, fn: () => unknown) => fn(),
      getMetadata: () => metadataOf(context),
      fromMetadata: (given: unknown) => given,
    },
  };
  Object.defineProperty(prototype, 'telemetry', { value: telemetry, configurable: true, enumerable: false, writable: true });
}

export function watchWorkers(context: ObserverContext, exported: unknown): void {
  const prototype = prototypeOf(exported, 'Worker');
  if (typeof prototype?.['callProcessJob'] !== 'function') return context.fault(NAME, 'this bullmq has no Worker.callProcessJob');
  wrapMethod(prototype, 'callProcessJob', (callProcessJob, self, args) => {
    const worker = self as Worker;
    const job = (args[0] ?? {}) as Job;
    const made = numberOf(job.attemptsMade) ?? 0;
    const added = numberOf(job.timestamp);
    const id = textOf(job.id);
    const queue = textOf(job.queueQualifiedName);
    return tasksOf(context).run(
      worker,
      ({ concurrency }) => numberOf(concurrency),
      {
        id,
        name: job.name,
        queue: worker.name,
        attempt: made + 1,
        priority: numberOf(job.opts?.priority),
        // An attempt after the first has waited since a moment that nobody keeps.
        readyAtMs: made > 0 || added === undefined ? undefined : added + (numberOf(job.delay) ?? 0),
        traceparent: traceparentIn(job.opts?.telemetry?.metadata),
        waitedForBy: textOf(job.parentKey),
        waitsAs: id === undefined || queue === undefined ? undefined : `${queue}:${id}`,
      },
      () => Reflect.apply(callProcessJob, self, args),
    );
  });
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function traceparentIn(metadata: unknown): string | undefined {
  if (typeof metadata !== 'string' || metadata.length > 10_000) return undefined;
  try {
    const { traceparent } = JSON.parse(metadata) as { traceparent?: unknown };
    return typeof traceparent === 'string' ? traceparent : undefined;
  } catch {
    // Another telemetry's own words.
    return undefined;
  }
}

function prototypeOf(exported: unknown, name: string): Record<string, unknown> | undefined {
  const found = (exported as Record<string, { prototype?: unknown } | undefined> | undefined)?.[name]?.prototype;
  return typeof found === 'object' && found !== null ? (found as Record<string, unknown>) : undefined;
}
