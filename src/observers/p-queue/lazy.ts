/** Shadows three methods of a p-queue class, on its prototype. */
import type { ObserverContext } from '../observer.ts';
import { callerName } from './caller-name.ts';
import { QueueWatch, type Queue, type Task } from './queue-watch.ts';

const NAME = 'p-queue';

type Add = (this: Queue, task: Task, options?: unknown) => unknown;
type AddAll = (this: Queue, tasks: readonly Task[], options?: unknown) => unknown;
interface QueueClass {
  prototype: { add?: Add; addAll?: AddAll; clear?: (this: Queue) => unknown };
}

/** Every queue of this class is watched from now on. A class of another shape is told as a fault. */
export function watchClass(context: ObserverContext, exported: unknown): void {
  if (isQueueClass(exported)) shadow(context, exported);
  else context.fault(NAME, 'this p-queue has no prototype.add');
}

function isQueueClass(value: unknown): value is QueueClass & { prototype: { add: Add } } {
  return typeof value === 'function' && typeof (value as unknown as QueueClass).prototype.add === 'function';
}

function shadow(context: ObserverContext, queueClass: QueueClass & { prototype: { add: Add } }): void {
  const { prototype } = queueClass;
  const watches = new WeakMap<Queue, QueueWatch>();
  const watchOf = (queue: Queue): QueueWatch | undefined => {
    const known = watches.get(queue);
    if (known !== undefined) return known;
    const recorder = context.recorder();
    if (recorder === undefined) return undefined;
    const fresh = new QueueWatch(recorder, queue);
    watches.set(queue, fresh);
    return fresh;
  };
  const { add, addAll, clear } = prototype;
  const watchedAdd = function (this: Queue, task: Task, options?: unknown): unknown {
    const by = { queue: this, callerName: () => callerName(watchedAdd) };
    const accepted = safely(context, undefined, () => watchOf(this)?.accept(task, options, by));
    if (accepted === undefined) return Reflect.apply(add, this, options === undefined ? [task] : [task, options]);
    const before = this.size + this.pending;
    try {
      return Reflect.apply(add, this, options === undefined ? [accepted.run] : [accepted.run, options]);
    } finally {
      safely(context, undefined, () => accepted.settle(this.size + this.pending > before));
    }
  };
  replace(prototype, 'add', watchedAdd);
  if (addAll !== undefined) {
    replace(prototype, 'addAll', function (this: Queue, ...args: [readonly Task[], unknown?]) {
      const watch = safely(context, undefined, () => watchOf(this));
      return watch === undefined || !Array.isArray(args[0])
        ? addAll.apply(this, args)
        : watch.inBatch(args[0].length, () => addAll.apply(this, args));
    });
  }
  if (clear !== undefined) {
    replace(prototype, 'clear', function (this: Queue) {
      safely(context, undefined, () => watches.get(this)?.cleared());
      return clear.call(this);
    });
  }
}

/** A fault of ours leaves the app's call as it was. */
function safely<T, U>(context: ObserverContext, fallback: T, fn: () => U | undefined): T | U {
  try {
    return fn() ?? fallback;
  } catch (error) {
    context.fault(NAME, error);
    return fallback;
  }
}

function replace<K extends string>(target: { [key in K]?: unknown }, name: K, value: (...args: never[]) => unknown): void {
  const original = target[name] as { length: number };
  Object.defineProperty(value, 'name', { value: name, configurable: true });
  Object.defineProperty(value, 'length', { value: original.length, configurable: true });
  Object.defineProperty(target, name, { value, configurable: true, writable: true, enumerable: false });
}
