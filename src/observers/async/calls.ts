/** Functions of async that work on a collection, or on a list of functions, at most so many at once. */
import { likeFunction } from '../../hooks/wrap-method.ts';
import { asyncWorker, callbackWorker, oneNamed, type Calls, type MapCall, type OpenCall, type Worker } from '../../scheduling/index.ts';

interface Shape {
  /** How many at once: by an argument behind the collection, or always so many. */
  readonly limit: 'argument' | number;
  /** The collection holds the functions themselves. */
  readonly isList?: boolean;
}

const ALL: Shape = { limit: Infinity };
const LIMITED: Shape = { limit: 'argument' };
const ONE: Shape = { limit: 1 };

/** By name; `forEach` and the like are other names for the same functions. */
const SHAPES: Readonly<Record<string, Shape>> = {
  ...family(['map', 'each', 'forEach', 'eachOf', 'forEachOf'], ALL, ''),
  ...family(['map', 'each', 'forEach', 'eachOf', 'forEachOf'], LIMITED, 'Limit'),
  ...family(['map', 'each', 'forEach', 'eachOf', 'forEachOf'], ONE, 'Series'),
  parallel: { limit: Infinity, isList: true },
  parallelLimit: { limit: 'argument', isList: true },
};

function family(names: readonly string[], shape: Shape, end: string): Record<string, Shape> {
  return Object.fromEntries(names.map((name) => [`${name}${end}`, shape]));
}

/** What stands in the place of each of these functions in `library`, by name. */
export function watchedCalls(library: Readonly<Record<string, unknown>>, calls: Calls): Map<string, Worker> {
  const found = new Map<string, Worker>();
  // Other names for one function stay other names for one function.
  const byOriginal = new Map<unknown, Worker>();
  for (const [name, shape] of Object.entries(SHAPES)) {
    const original = library[name];
    if (typeof original !== 'function') continue;
    const watched = byOriginal.get(original) ?? watchedCall(original as Worker, shape, calls);
    byOriginal.set(original, watched);
    found.set(name, watched);
  }
  return found;
}

function watchedCall(original: Worker, { limit, isList = false }: Shape, calls: Calls): Worker {
  const watched: Worker = likeFunction(original, function (this: unknown, ...args: unknown[]): unknown {
    const at = (limit === 'argument' ? 2 : 1) - (isList ? 1 : 0);
    const [items] = args;
    const given = limit === 'argument' ? args[1] : limit;
    const functions = isList && Array.isArray(items) ? (items as unknown[]) : undefined;
    const worker = isList ? oneNamed(functions ?? []) : args[at];
    if (typeof worker !== 'function' || typeof given !== 'number' || !(given >= 1)) return Reflect.apply(original, this, args);
    const call: MapCall = { items, mapper: worker as Worker, limit: given, stopsOnError: true, calledBy: watched };
    const open = calls.open(call);
    if (open === undefined) return Reflect.apply(original, this, args);
    const instead = functions === undefined ? args.with(at, inPlace(worker as Worker, open)) : args.with(0, functions.map(each(open)));
    return Reflect.apply(original, this, instead);
  });
  return watched;
}

const each =
  (open: OpenCall) =>
  (task: unknown): unknown =>
    typeof task === 'function' ? inPlace(task as Worker, open) : task;

function inPlace(worker: Worker, open: OpenCall): Worker {
  const make = isAsync(worker) ? asyncWorker : callbackWorker;
  return likeFunction(
    worker,
    make(worker, () => open),
  );
}

/** As async tells it: such a function gets no callback. */
export const isAsync = (worker: object): boolean => Reflect.get(worker, Symbol.toStringTag) === 'AsyncFunction';
