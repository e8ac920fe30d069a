/** The lanes of a run and its timeline: for each lane and slice of time, the category that took most of the slice. */
import { CATEGORIES, type Category } from '../categories.ts';
import type { RunFacts } from '../facts.ts';
import type { OccupantKind } from '../occupants.ts';

/** The wall time is cut into this many slices, as many as a wide terminal has columns. */
const SLICES = 240;
/** At most this many lanes are drawn, so that the picture can be read. */
const MAX_LANES = 40;

export interface LaneCount {
  readonly count: number;
  /** The first of task, agent, process, call, wait that is among the occupants. */
  readonly kind: OccupantKind | undefined;
  readonly occupants: number;
}

export interface Timeline {
  readonly sliceMs: number;
  /** One per lane, lowest first; `undefined` slices do not occur. */
  readonly lanes: readonly (readonly Category[])[];
  readonly lanesLeftOut: number;
}

export function lanes({ lanes: { count, kind, occupants } }: RunFacts): LaneCount {
  return { count, kind, occupants: occupants.length };
}

export function timeline({ tree, lanes: all, attribution }: RunFacts): Timeline {
  const sliceMs = (tree.endMs - tree.startMs) / SLICES;
  const shown = Math.min(all.count, MAX_LANES);
  if (!(sliceMs > 0) || shown === 0) return { sliceMs: 0, lanes: [], lanesLeftOut: all.count };
  const spread = (into: Float64Array, startMs: number, endMs: number, category: Category): void => {
    const row = CATEGORIES.indexOf(category) * SLICES;
    const first = Math.max(0, Math.floor((startMs - tree.startMs) / sliceMs));
    for (let slice = first; slice < SLICES; slice++) {
      const from = Math.max(startMs, tree.startMs + slice * sliceMs);
      const to = Math.min(endMs, tree.startMs + (slice + 1) * sliceMs);
      if (from >= endMs) return;
      into[row + slice] = (into[row + slice] ?? 0) + Math.max(0, to - from);
    }
  };
  const idle = new Float64Array(CATEGORIES.length * SLICES);
  for (const each of attribution.idle) spread(idle, each.startMs, each.endMs, each.category);
  const busy = Array.from({ length: shown }, () => new Float64Array(CATEGORIES.length * SLICES));
  all.occupants.forEach((_, index) => {
    const into = busy[all.laneOf[index] ?? shown];
    if (into === undefined) return;
    for (const each of attribution.segments[index] ?? []) spread(into, each.startMs, each.endMs, each.category);
  });
  return {
    sliceMs,
    lanes: busy.map((own) => Array.from({ length: SLICES }, (_, slice) => dominant(own, idle, slice, sliceMs))),
    lanesLeftOut: all.count - shown,
  };
}

/** The largest category of the occupants if they fill half of the slice, else the reason why the lane is empty. */
function dominant(busy: Float64Array, idle: Float64Array, slice: number, sliceMs: number): Category {
  let filledMs = 0;
  for (let row = 0; row < CATEGORIES.length; row++) filledMs += busy[row * SLICES + slice] ?? 0;
  return largest(filledMs >= sliceMs / 2 ? busy : idle, slice);
}

function largest(from: Float64Array, slice: number): Category {
  let best: Category = 'idle';
  let bestMs = 0;
  CATEGORIES.forEach((category, row) => {
    const ms = from[row * SLICES + slice] ?? 0;
    if (ms > bestMs) [best, bestMs] = [category, ms];
  });
  return best;
}
