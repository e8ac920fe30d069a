/** The schedule of a run as a model that can be run again with one thing changed: what the wall time would have been then. */
import type { RunFacts } from '../facts.ts';
import { Heap } from '../heap.ts';
import { findEdges, type Edges } from './edges.ts';
import { overlapMs, type Stretch } from './intervals.ts';
import { replay, type ReplayUnit } from './replay.ts';
import { findUnits, type Unit, type Units } from './units.ts';

export type { Batch, Edges, Pool } from './edges.ts';
export type { Unit, Units } from './units.ts';
export type { Stretch } from './intervals.ts';

/** One thing that is left out. */
export interface Change {
  /** Milliseconds by which a unit is shorter. */
  readonly shorterBy?: (unit: Unit) => number;
  /** Time of the program outside of the units that is not spent, joined. */
  readonly outside?: readonly Stretch[];
  readonly isWithoutBarriers?: boolean;
  readonly isWithoutDependencies?: boolean;
  /** Where dependencies are not told and the barriers are gone: what a unit of a later batch is taken to need instead. */
  readonly guess?: 'none' | 'one';
  readonly slotFactor?: number;
  /** Which of the unexplained delays before starts are gone, in milliseconds. */
  readonly delayOf?: (start: Start) => number;
  readonly tailMs?: number;
  /** Rank of each unit. Default: the order in which they started. */
  readonly order?: readonly number[];
}

/** How the start of a unit is explained. */
export interface Start {
  readonly unit: Unit;
  /** When everything that is known to be needed was there. */
  readonly possibleMs: number;
  /** From then to its start: what nothing explains. */
  readonly delayMs: number;
  /** What ended last before: undefined where it could have started from the beginning. */
  readonly by: 'slot' | 'dependency' | 'attempt' | 'batch' | undefined;
  /** The unit whose end let it start. */
  readonly byUnit: number | undefined;
  /** A slot was free, and its dependencies had ended, all along. */
  readonly isFreeFromStart: boolean;
}

export interface Schedule {
  readonly facts: RunFacts;
  readonly units: Units;
  readonly edges: Edges;
  readonly starts: readonly Start[];
  readonly wallMs: number;
  /** From the start of the run to the first start of a unit, and from the last end to the end of the run. */
  readonly head: Stretch;
  readonly tail: Stretch;
  /** By how much the replay of the unchanged run misses the wall time, as a share of it. */
  readonly baseError: number;
  readonly toleranceMs: number;
  /** Wall time of the replay with a change, in milliseconds. */
  readonly wallWith: (change: Change) => number;
  /** Wall time that a change saves, in milliseconds; negative where the run would take longer. */
  readonly savedBy: (change: Change) => number;
}

const known = new WeakMap<RunFacts, Schedule>();

/** Made once for a run: several sections ask for it. */
export function scheduleOf(facts: RunFacts): Schedule {
  const found = known.get(facts) ?? build(facts);
  known.set(facts, found);
  return found;
}

function build(facts: RunFacts): Schedule {
  const { tree, wallMs } = facts;
  const toleranceMs = Math.min(200, Math.max(20, wallMs * 0.001));
  const units = findUnits(facts);
  const edges = findEdges(facts, units, toleranceMs);
  const firstMs = units.all[0]?.startMs ?? tree.endMs;
  const lastMs = Math.max(firstMs, ...chunkMax(units.all.map(({ endMs }) => endMs)));
  const head = { startMs: tree.startMs, endMs: firstMs };
  const tail = { startMs: lastMs, endMs: tree.endMs };
  const starts = explainStarts({ units, edges, firstMs, toleranceMs });
  const wallWith = (change: Change): number => {
    const { outside = [], tailMs = tail.endMs - tail.startMs - overlapMs(outside, tail.startMs, tail.endMs) } = change;
    const headMs = head.endMs - head.startMs - overlapMs(outside, head.startMs, head.endMs);
    const { replayed, slots } = changed({ units, edges, starts, firstMs }, change);
    return headMs + replay(replayed, slots, change.order).makespanMs + Math.max(0, tailMs);
  };
  const baseMs = wallWith({});
  return {
    facts,
    units,
    edges,
    starts,
    wallMs,
    head,
    tail,
    baseError: wallMs > 0 ? Math.abs(baseMs - wallMs) / wallMs : 0,
    toleranceMs,
    wallWith,
    savedBy: (change) => {
      const saved = baseMs - wallWith(change);
      return Number.isNaN(saved) ? 0 : saved;
    },
  };
}

/** `Math.max` takes no more than some tens of thousands of arguments. */
function chunkMax(values: readonly number[]): number[] {
  return values.length === 0 ? [] : [values.reduce((a, b) => Math.max(a, b), -Infinity)];
}

interface Parts {
  readonly units: Units;
  readonly edges: Edges;
  readonly firstMs: number;
}

/** In order of start each unit takes the slot that was free first; what ended last explains its start, the rest is its delay. */
function explainStarts({ units, edges, firstMs, toleranceMs }: Parts & { toleranceMs: number }): Start[] {
  // Slots that were never taken come first, then the one that was freed first.
  const untaken = edges.pools.map(({ slots }) => slots);
  const freed = edges.pools.map(() => new Heap((index) => units.all[index]?.endMs ?? 0));
  return units.all.map((unit): Start => {
    const candidates: { by: NonNullable<Start['by']>; ms: number; byUnit: number | undefined }[] = [];
    const add = (by: NonNullable<Start['by']>, index: number | undefined): void => {
      const other = index === undefined ? undefined : units.all[index];
      if (other !== undefined) candidates.push({ by, ms: Math.min(other.endMs, unit.startMs), byUnit: index });
    };
    for (const index of edges.told[unit.index] ?? []) add('dependency', index);
    for (const index of edges.inferred[unit.index] ?? []) add('dependency', index);
    add('attempt', edges.attempts[unit.index]);
    const batch = edges.batches[edges.batchOf.get(unit) ?? -1];
    const before = batch?.after === undefined ? undefined : edges.batches[batch.after];
    const last = before?.units.reduce((a, b) => (b.endMs > a.endMs ? b : a));
    if (last !== undefined) add('batch', last.index);
    const pool = edges.poolOf[unit.index] ?? 0;
    const left = untaken[pool] ?? 0;
    const slot = left > 0 ? undefined : freed[pool]?.pop();
    if (left > 0) untaken[pool] = left - 1;
    // What was handed in only after the slot was free did not wait for it.
    const handedInMs = unit.queueWaitMs === undefined ? -Infinity : unit.startMs - unit.queueWaitMs - toleranceMs;
    if ((units.all[slot ?? -1]?.endMs ?? -Infinity) >= handedInMs) add('slot', slot);
    freed[pool]?.push(unit.index);
    const latest = candidates.reduce<(typeof candidates)[number] | undefined>(
      (a, b) => (a === undefined || b.ms > a.ms ? b : a),
      undefined,
    );
    const possibleMs = latest?.ms ?? firstMs;
    return {
      unit,
      possibleMs,
      delayMs: Math.max(0, unit.startMs - possibleMs),
      by: latest?.by,
      byUnit: latest?.byUnit,
      isFreeFromStart: latest === undefined,
    };
  });
}

function changed(
  { units, edges, starts, firstMs }: Parts & { starts: readonly Start[] },
  { shorterBy, outside = [], isWithoutBarriers = false, isWithoutDependencies = false, guess = 'none', slotFactor = 1, delayOf }: Change,
): { replayed: ReplayUnit[]; slots: number[] } {
  const count = units.all.length;
  // What was freed is handed out after those that were handed out at the beginning.
  let burstMs = 0;
  let isBurst = true;
  const replayed = starts.map((start): ReplayUnit => {
    const { unit, isFreeFromStart, possibleMs } = start;
    const full = delayOf?.(start) ?? start.delayMs;
    const delayMs = Math.max(0, full - overlapMs(outside, possibleMs, unit.startMs));
    const needs = new Set<number>();
    if (!isWithoutDependencies) {
      for (const index of edges.told[unit.index] ?? []) needs.add(index);
      for (const index of edges.inferred[unit.index] ?? []) needs.add(index);
    }
    const attempt = edges.attempts[unit.index];
    if (attempt !== undefined) needs.add(attempt);
    const own = edges.batchOf.get(unit);
    const after = own === undefined ? undefined : edges.batches[own]?.after;
    if (after !== undefined && !isWithoutBarriers) needs.add(count + after);
    if (after !== undefined && isWithoutBarriers && guess === 'one' && own !== undefined) {
      const before = edges.batches[after]?.units ?? [];
      const place = (edges.batches[own]?.units.indexOf(unit) ?? 0) / (edges.batches[own]?.units.length ?? 1);
      const one = before[Math.floor(place * before.length)];
      if (one !== undefined) needs.add(one.index);
    }
    isBurst &&= isFreeFromStart;
    if (isBurst) burstMs = Math.max(burstMs, possibleMs - firstMs + delayMs);
    return {
      needs: [...needs].filter((index) => index !== unit.index),
      durationMs: Math.max(0, unit.endMs - unit.startMs - (shorterBy?.(unit) ?? 0)),
      delayMs: isFreeFromStart ? 0 : delayMs,
      releaseMs: isFreeFromStart ? possibleMs - firstMs + delayMs : burstMs,
      pool: edges.poolOf[unit.index] ?? 0,
    };
  });
  const ends = edges.batches.map(({ units: members }): ReplayUnit => {
    return { needs: members.map(({ index }) => index), durationMs: 0, delayMs: 0, releaseMs: 0, pool: undefined };
  });
  const slots = edges.pools.map((pool) => Math.max(1, Math.floor(pool.slots * slotFactor)));
  return { replayed: [...replayed, ...ends], slots };
}
