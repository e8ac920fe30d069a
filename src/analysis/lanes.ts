/** Finds the lanes of a run: how many there are, what occupies them, and which lane it is in. */
import * as names from '../semconv/index.ts';
import type { Backoff } from './backoff.ts';
import { Heap } from './heap.ts';
import type { MetricSeries, RunData } from './model.ts';
import type { OccupantKind, Occupants } from './occupants.ts';
import { textOf, type SpanNode } from './span-tree.ts';

export interface Lanes {
  /** What most work in this run comes as: the first of task, agent, process, call, wait that it has. */
  readonly kind: OccupantKind | undefined;
  /** In order of start; those without any time in the run are counted, and in no lane. */
  readonly occupants: readonly SpanNode[];
  readonly byKind: ReadonlyMap<OccupantKind, number>;
  /** Lane of each occupant, 0-based, in the order of `occupants`; undefined without any time in the run. */
  readonly laneOf: readonly (number | undefined)[];
  readonly count: number;
  readonly peak: number;
  /** Declared limit of the pools that ran the tasks; undefined when unknown or infinite. */
  readonly limit: number | undefined;
  /** Waits after refused calls that are occupants. */
  readonly backoffs: ReadonlySet<Backoff>;
}

const KINDS: readonly OccupantKind[] = ['task', 'agent', 'process', 'call', 'wait'];

export function findLanes({ nodes, kindOf, backoffs }: Occupants, data: RunData): Lanes {
  const occupants = nodes.toSorted((a, b) => a.startMs - b.startMs || a.endMs - b.endMs);
  const { laneOf, peak } = colour(occupants);
  const byKind = new Map<OccupantKind, number>();
  for (const node of occupants) byKind.set(kindOf(node), (byKind.get(kindOf(node)) ?? 0) + 1);
  const kind = KINDS.find((each) => byKind.has(each));
  const limit = kind === 'task' ? declaredLimit(data.series, occupants) : undefined;
  return { kind, occupants, byKind, laneOf, count: Math.max(peak, limit ?? 0), peak, limit, backoffs };
}

/** Each occupant, in order of start, takes the lowest free lane. */
function colour(byStart: readonly SpanNode[]): { laneOf: (number | undefined)[]; peak: number } {
  const hasTime = (index: number): boolean => (byStart[index]?.startMs ?? 0) < endOf(byStart, index);
  const byEnd = [...byStart.keys()].filter(hasTime).sort((a, b) => endOf(byStart, a) - endOf(byStart, b));
  /** Lanes, the lowest first. */
  const free = new Heap((lane) => lane);
  const laneOf: (number | undefined)[] = [];
  let peak = 0;
  let ended = 0;
  for (const [at, occupant] of byStart.entries()) {
    if (!hasTime(at)) {
      laneOf.push(undefined);
      continue;
    }
    for (let index = byEnd[ended]; index !== undefined && endOf(byStart, index) <= occupant.startMs; index = byEnd[++ended]) {
      free.push(laneOf[index] ?? 0);
    }
    laneOf.push(free.pop() ?? peak++);
  }
  return { laneOf, peak };
}

function endOf(nodes: readonly SpanNode[], index: number): number {
  return nodes[index]?.endMs ?? 0;
}

/** The highest sum, over time, of the limits of the pools that ran the occupants. */
function declaredLimit(series: readonly MetricSeries[], occupants: readonly SpanNode[]): number | undefined {
  const limits = series.filter((each) => each.name === names.METRIC_SWARMSCOPE_WORKER_LIMIT.name);
  const ran = new Set(occupants.map((node) => textOf(node.row.attributes, names.ATTR_SWARMSCOPE_POOL_NAME)));
  const poolOf = (each: MetricSeries): string | undefined => textOf(each.attributes, names.ATTR_SWARMSCOPE_POOL_NAME);
  const pools = new Set(limits.map(poolOf));
  /** Tasks that name no pool can only be told apart when there is one. */
  const isMeant = (pool: string | undefined): boolean => ran.has(pool) || (pools.size === 1 && ran.has(undefined));
  const steps = limits
    .filter((each) => isMeant(poolOf(each)))
    .flatMap((each, key) => each.points.map((point) => ({ key, timeMs: point.timeMs, value: point.value })))
    .sort((a, b) => a.timeMs - b.timeMs);
  const now = new Map<number, number>();
  let highest: number | undefined;
  let sum = 0;
  for (const { key, value } of steps) {
    if (!Number.isFinite(value) || value < 0) continue;
    sum += value - (now.get(key) ?? 0);
    now.set(key, value);
    highest = Math.max(highest ?? 0, sum);
  }
  return highest === undefined ? undefined : Math.round(highest);
}
