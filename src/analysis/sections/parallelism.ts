/** What occupied the lanes, how many were occupied at once, and how many could have been. */
import type { RunFacts } from '../facts.ts';
import type { OccupantKind } from '../occupants.ts';

export interface Parallelism {
  /** What is in the lanes; the counts add up to all occupants. */
  readonly occupants: readonly { readonly kind: OccupantKind; readonly count: number }[];
  /** Tasks inside other tasks, which have no lane of their own. */
  readonly innerTasks: number;
  readonly peak: number;
  /** Lanes occupied on average over the wall time; undefined for a run without duration. */
  readonly average: number | undefined;
  readonly limit: number | undefined;
}

export function parallelism({ lanes: { kind, occupants, byKind, peak, limit }, tasks, wallMs }: RunFacts): Parallelism {
  const busyMs = occupants.reduce((sum, node) => sum + node.endMs - node.startMs, 0);
  return {
    occupants: [...byKind].map(([each, count]) => ({ kind: each, count })),
    innerTasks: kind === 'task' ? tasks.length - occupants.length : 0,
    peak,
    average: wallMs > 0 ? busyMs / wallMs : undefined,
    limit,
  };
}
