/** Finds the lanes of a run, its slots for tasks: how many there are, what occupies them, and which lane it is in. */
import * as names from '../semconv/index.ts';
import type { MetricSeries, RunData } from './model.ts';
import { textOf, type SpanNode, type SpanTree } from './span-tree.ts';

export type OccupantKind = 'task' | 'agent' | 'process' | 'call';

export interface Lanes {
  readonly kind: OccupantKind | undefined;
  readonly occupants: readonly SpanNode[];
  /** Lane of each occupant, 0-based, in the order of `occupants`. */
  readonly laneOf: readonly number[];
  readonly count: number;
  readonly peak: number;
  /** Declared limit of the pools that ran the tasks; undefined when unknown or infinite. */
  readonly limit: number | undefined;
}

interface Choice {
  readonly kind: OccupantKind;
  readonly isOne: (node: SpanNode) => boolean;
}

/** Tried in order; the first kind that the run has occupies the lanes. */
const CHOICES: readonly Choice[] = [
  { kind: 'task', isOne: (node) => node.class === 'task' },
  { kind: 'agent', isOne: (node) => node.class === 'agent' },
  {
    kind: 'process',
    isOne: (node) =>
      node.class === 'process' &&
      node.row.attributes[names.ATTR_SWARMSCOPE_PROCESS_EXECUTABLE_KIND] === names.SWARMSCOPE_PROCESS_EXECUTABLE_KIND_VALUE_AGENT,
  },
  { kind: 'call', isOne: (node) => node.class === 'llm' || node.class === 'tool' || node.class === 'git' },
];

export function findLanes(tree: SpanTree, data: RunData): Lanes {
  const choice = CHOICES.find(({ isOne }) => tree.topDown.some(isOne));
  if (choice === undefined) return { kind: undefined, occupants: [], laneOf: [], count: 0, peak: 0, limit: undefined };
  const occupants = outermost(tree, choice.isOne)
    .filter((node) => node.startMs < node.endMs)
    .sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs);
  const { laneOf, peak } = colour(occupants);
  const limit = choice.kind === 'task' ? declaredLimit(data.series, occupants) : undefined;
  return { kind: choice.kind, occupants, laneOf, count: Math.max(peak, limit ?? 0), peak, limit };
}

function outermost(tree: SpanTree, isOne: (node: SpanNode) => boolean): SpanNode[] {
  const inside = new Set<SpanNode>();
  const found: SpanNode[] = [];
  for (const node of tree.topDown) {
    const isInside = node.parent !== undefined && inside.has(node.parent);
    const isMatch = isOne(node);
    if (isMatch && !isInside) found.push(node);
    if (isMatch || isInside) inside.add(node);
  }
  return found;
}

/** Each occupant, in order of start, takes the lowest free lane. */
function colour(byStart: readonly SpanNode[]): { laneOf: number[]; peak: number } {
  const byEnd = byStart.map((_, index) => index).sort((a, b) => endOf(byStart, a) - endOf(byStart, b));
  const free = new LaneHeap();
  const laneOf: number[] = [];
  let peak = 0;
  let ended = 0;
  for (const occupant of byStart) {
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

/** Free lanes, lowest first. */
class LaneHeap {
  readonly #items: number[] = [];

  push(lane: number): void {
    const items = this.#items;
    let at = items.push(lane) - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if ((items[up] as number) <= lane) break;
      items[at] = items[up] as number;
      at = up;
    }
    items[at] = lane;
  }

  pop(): number | undefined {
    const items = this.#items;
    const top = items[0];
    const last = items.pop();
    if (last === undefined || items.length === 0) return top;
    let at = 0;
    for (;;) {
      let down = 2 * at + 1;
      if (down >= items.length) break;
      if (down + 1 < items.length && (items[down + 1] as number) < (items[down] as number)) down++;
      if ((items[down] as number) >= last) break;
      items[at] = items[down] as number;
      at = down;
    }
    items[at] = last;
    return top;
  }
}
