/** What each unit had to wait for before it could start: dependencies, the attempt before, the batch before, a free slot. */
import { METRIC_SWARMSCOPE_WORKER_LIMIT, ATTR_SWARMSCOPE_POOL_NAME } from '../../semconv/index.ts';
import type { RunFacts } from '../facts.ts';
import { groupBy } from '../group-by.ts';
import { batchFinder } from '../idle.ts';
import { textOf, type SpanNode } from '../span-tree.ts';
import { lowerBound } from './intervals.ts';
import type { Unit, Units } from './units.ts';

export interface Batch {
  /** Undefined for a wave that no span tells: everything had ended before it began. */
  readonly node: SpanNode | undefined;
  readonly units: readonly Unit[];
  readonly startMs: number;
  readonly endMs: number;
  /** The batch that had to end first, by its place in the list. */
  readonly after: number | undefined;
}

export interface Edges {
  /** Ids of dependencies were told by the scheduler, at least for some. */
  readonly isDependencyTold: boolean;
  /** By index of the unit: indices of units that it needs, told ones. */
  readonly told: readonly (readonly number[])[];
  /** Where none are told: the units whose end seems to have let this one start, while slots were free. */
  readonly inferred: readonly (readonly number[])[];
  /** The attempt before. */
  readonly attempts: readonly (number | undefined)[];
  readonly batches: readonly Batch[];
  readonly batchOf: ReadonlyMap<Unit, number>;
  readonly pools: readonly Pool[];
  /** By index of the unit: index of its pool. */
  readonly poolOf: readonly number[];
}

export interface Pool {
  readonly name: string;
  readonly slots: number;
  /** The limit was told, and not only seen as the most that ran at once. */
  readonly isTold: boolean;
  readonly peak: number;
}

export function findEdges(facts: RunFacts, { all, kind }: Units, toleranceMs: number): Edges {
  const told = toldDependencies(all, toleranceMs);
  const isDependencyTold = all.some(({ dependencies }) => dependencies !== undefined && dependencies.length > 0);
  const { pools, poolOf } = findPools(facts, all);
  const batches = kind === 'whole' ? [] : findBatches(facts, all, toleranceMs);
  const batchOf = new Map(batches.flatMap(({ units }, index) => units.map((unit) => [unit, index] as const)));
  return {
    isDependencyTold,
    told,
    inferred:
      isDependencyTold || kind === 'whole' ? all.map(() => []) : inferDependencies(all, { pools, poolOf, batches, batchOf, toleranceMs }),
    attempts: previousAttempts(all, toleranceMs),
    batches,
    batchOf,
    pools,
    poolOf,
  };
}

/** Of the run: so shortly before a start an end seems to have let it happen. */
const JUST_BEFORE = 0.02;

function toldDependencies(all: readonly Unit[], toleranceMs: number): number[][] {
  const byId = groupBy(all, ({ id }) => id);
  const wallMs = all.reduce((ms, { endMs }) => Math.max(ms, endMs), -Infinity) - (all[0]?.startMs ?? 0);
  const isUsual = all.filter(({ dependencies = [] }) => dependencies.length > 0).length >= all.length / 2;
  /** Who was killed before it told what it needs began after the one that ended last, as most here did. */
  const lastBefore = ({ startMs }: Unit): Unit | undefined => {
    const ended = all.filter(({ endMs, isOpen }) => !isOpen && endMs <= startMs + toleranceMs && startMs - endMs <= wallMs * JUST_BEFORE);
    return ended.toSorted((a, b) => b.endMs - a.endMs)[0];
  };
  return all.map((unit) => {
    if (unit.isCut && isUsual) {
      const before = lastBefore(unit);
      return before === undefined ? [] : [before.index];
    }
    return (unit.dependencies ?? []).flatMap((id) => {
      // Of several attempts the last one that had ended; what ended later was no condition of this start.
      const before = (byId.get(id) ?? []).filter(({ index, endMs }) => index < unit.index && endMs <= unit.startMs + toleranceMs);
      const last = before.toSorted((a, b) => b.endMs - a.endMs)[0];
      return last === undefined ? [] : [last.index];
    });
  });
}

function previousAttempts(all: readonly Unit[], toleranceMs: number): (number | undefined)[] {
  const last = new Map<string, Unit>();
  return all.map((unit) => {
    if (unit.id === undefined) return undefined;
    const before = last.get(unit.id);
    last.set(unit.id, unit);
    return before !== undefined && before.endMs <= unit.startMs + toleranceMs ? before.index : undefined;
  });
}

function findPools({ data }: RunFacts, all: readonly Unit[]): { pools: Pool[]; poolOf: number[] } {
  const limits = new Map<string, number>();
  for (const { name, attributes, points } of data.series) {
    if (name !== METRIC_SWARMSCOPE_WORKER_LIMIT.name) continue;
    const pool = textOf(attributes, ATTR_SWARMSCOPE_POOL_NAME) ?? '';
    for (const { value } of points) if (Number.isFinite(value) && value > 0) limits.set(pool, Math.max(limits.get(pool) ?? 0, value));
  }
  const only = limits.size === 1 ? [...limits.values()][0] : undefined;
  const groups = [...groupBy(all, ({ pool }) => pool)];
  const poolOf: number[] = [];
  const pools = groups.map(([name, units], index): Pool => {
    for (const unit of units) poolOf[unit.index] = index;
    const peak = peakOf(units);
    const limit = limits.get(name) ?? (name === '' || groups.length === 1 ? only : undefined);
    return { name, slots: Math.max(peak, Math.round(limit ?? 0), 1), isTold: limit !== undefined, peak };
  });
  return { pools, poolOf };
}

export function peakOf(units: readonly { startMs: number; endMs: number }[]): number {
  const ends = units.map(({ endMs }) => endMs).sort((a, b) => a - b);
  let ended = 0;
  let peak = 0;
  units
    .map(({ startMs }) => startMs)
    .sort((a, b) => a - b)
    .forEach((startMs, started) => {
      while ((ends[ended] ?? Infinity) <= startMs) ended++;
      peak = Math.max(peak, started + 1 - ended);
    });
  return peak;
}

function findBatches(facts: RunFacts, all: readonly Unit[], toleranceMs: number): Batch[] {
  const finder = batchFinder(facts.tree);
  const groups = groupBy(all, (unit) => finder(unit.node));
  const told = [...groups].map(([node, units]) => ({
    node,
    units,
    startMs: Math.min(...units.map(({ startMs }) => startMs)),
    endMs: Math.max(...units.map(({ endMs }) => endMs)),
  }));
  const batches = told.length > 0 ? told : waves(all, toleranceMs);
  const sorted = batches.toSorted((a, b) => a.startMs - b.startMs);
  return sorted.map((batch) => {
    let after: number | undefined;
    sorted.forEach((other, index) => {
      const isBefore = other !== batch && other.startMs < batch.startMs && other.endMs <= batch.startMs + toleranceMs;
      if (isBefore && (after === undefined || other.endMs > (sorted[after]?.endMs ?? 0))) after = index;
    });
    return { ...batch, after };
  });
}

/** Of the length of a wave: all of it starts within so much after the end of the one before. */
const MAX_SPREAD = 0.15;

/** Without batches: whenever nothing runs any more before the next units start, these begin a wave. */
function waves(all: readonly Unit[], toleranceMs: number): Omit<Batch, 'after'>[] {
  const found: { node: undefined; units: Unit[]; startMs: number; endMs: number }[] = [];
  for (const unit of all) {
    const last = found.at(-1);
    if (last === undefined || unit.startMs >= last.endMs - toleranceMs / 10) {
      found.push({ node: undefined, units: [unit], startMs: unit.startMs, endMs: unit.endMs });
      continue;
    }
    last.units.push(unit);
    last.endMs = Math.max(last.endMs, unit.endMs);
  }
  // One after the other is a chain or a single worker, and no waves.
  const wide = found.filter(({ units }) => units.length > 1).length;
  // A scheduler that is busy between the waves makes them by itself: these are no supersteps.
  const prompt = found.filter((wave, index) => {
    const before = found[index - 1];
    const spreadMs = (wave.units.at(-1)?.startMs ?? 0) - (before?.endMs ?? wave.startMs);
    return spreadMs <= Math.max(toleranceMs, MAX_SPREAD * (wave.endMs - wave.startMs));
  }).length;
  // Who stood in the queue before the wave before had ended waited for a slot, and for no barrier.
  const isQueued = found.some(({ units }, index) => {
    const before = found[index - 1];
    return before !== undefined && units.some(({ startMs, queueWaitMs = 0 }) => startMs - queueWaitMs < before.endMs - toleranceMs);
  });
  return wide >= 2 && prompt > found.length * 0.7 && !isQueued ? found : [];
}

/**
 * The unit that ended last before a start seems to have been waited for: where this one starts as that one ends though a
 * slot was free, where nothing else ran any more, or where this one was handed in only then.
 */
function inferDependencies(
  all: readonly Unit[],
  { pools, poolOf, batches, batchOf, toleranceMs }: Pick<Edges, 'pools' | 'poolOf' | 'batches' | 'batchOf'> & { toleranceMs: number },
): (readonly number[])[] {
  const byEnd = all.toSorted((a, b) => a.endMs - b.endMs);
  const ends = byEnd.map(({ endMs }) => endMs);
  const activeIn = activityCounter(all, pools, poolOf);
  const find = (unit: Unit, isFullAllowed: boolean): readonly number[] => {
    // Told to need none.
    if (unit.dependencies !== undefined) return [];
    const pool = poolOf[unit.index] ?? 0;
    // Told to have been in a queue: the queue explains the start, and not the unit that ended.
    if ((unit.queueWaitMs ?? 0) > toleranceMs) return [];
    let at = lowerBound(ends, unit.startMs + 1) - 1;
    while (at >= 0 && (byEnd[at] as Unit).startMs >= unit.startMs) at--;
    const before = byEnd[at];
    // What follows a failure is its repetition.
    if (before === undefined || before.node.row.isError) return [];
    const own = batchOf.get(unit);
    const after = own === undefined ? undefined : batches[own]?.after;
    // The end of its whole batch explains the start.
    if (after !== undefined && batchOf.get(before) === after) return [];
    const isFull = !isFullAllowed && activeIn(pool, unit.startMs, before.endMs) >= (pools[pool]?.slots ?? 1);
    const isAtOnce = unit.startMs - before.endMs <= toleranceMs;
    const isDrained = pools.every((_pool, index) => activeIn(index, unit.startMs, unit.startMs) <= 0);
    if (!(isAtOnce && !isFull) && !isDrained && unit.queueWaitMs === undefined) return [];
    if (isFull && unit.queueWaitMs === undefined) return [];
    const together = batches[batchOf.get(before) ?? -1];
    return isDrained && together !== undefined && together.endMs <= unit.startMs
      ? together.units.map(({ index }) => index)
      : [before.index];
  };
  const found = all.map((unit) => find(unit, false));
  // Where nobody tells a limit, and some start as others end though fewer run than ever did, it is not the workers that they wait for.
  const isLimitTold = pools.some(({ isTold }) => isTold) || all.some(({ queueWaitMs }) => queueWaitMs !== undefined);
  const isChain = !isLimitTold && batches.length === 0 && found.filter(({ length }) => length > 0).length >= 2;
  return isChain ? all.map((unit) => find(unit, true)) : found;
}

/** How many units of a pool had started before one time and ended at another or later. */
function activityCounter(
  all: readonly Unit[],
  pools: readonly Pool[],
  poolOf: readonly number[],
): (pool: number, startMs: number, endMs: number) => number {
  const times = pools.map((_pool, index) => {
    const own = all.filter((unit) => poolOf[unit.index] === index);
    return { starts: own.map((unit) => unit.startMs), ends: own.map((unit) => unit.endMs).sort((a, b) => a - b) };
  });
  return (pool, startMs, endMs) => lowerBound(times[pool]?.starts ?? [], startMs) - lowerBound(times[pool]?.ends ?? [], endMs);
}
