/** Divides the time of all lanes into categories, by their work or why they are empty. The sum is lanes x wall time. */
import { findBackoffs, type Backoff } from './backoff.ts';
import { categoryOf, splitOccupant, type Activity, type Category, type Segment } from './categories.ts';
import { explainIdle, type IdleSegment } from './idle.ts';
import type { Lanes } from './lanes.ts';
import { phasesOf } from './process-phases.ts';
import type { SpanNode, SpanTree } from './span-tree.ts';

export interface Attribution {
  /** Segments of each occupant, in the order of `lanes.occupants`. */
  readonly segments: readonly (readonly Segment[])[];
  readonly idle: readonly IdleSegment[];
  readonly backoffs: readonly Backoff[];
  /** Work outside the occupants (planning, merging), without spans that only surround work, servers and watchers. */
  readonly outside: readonly OutsideWork[];
  /** Lane-milliseconds; only categories that occur. */
  readonly laneMs: ReadonlyMap<Category, number>;
}

export interface OutsideWork extends Segment {
  /** The span that this work is derived from: the refused attempt of a backoff, the process of a start-up. */
  readonly node: SpanNode;
}

/** Waits outside the tasks that explain a delay. Others (a barrier, a full pool) wait for work recorded elsewhere. */
const OUTSIDE_WAITS: ReadonlySet<Category> = new Set(['wait:rate_limit', 'wait:lock', 'wait:human', 'wait:gpu']);

export function attribute(tree: SpanTree, lanes: Lanes): Attribution {
  const backoffs = findBackoffs(tree);
  const { inside, outside } = gather(tree, lanes.occupants, backoffs);
  const segments = inside.map(({ root, activities }) => splitOccupant(root, activities));
  const idle = explainIdle(tree, lanes.occupants);
  const laneMs = new Map<Category, number>();
  const add = (category: Category, ms: number): void => {
    if (ms > 0) laneMs.set(category, (laneMs.get(category) ?? 0) + ms);
  };
  for (const segment of segments.flat()) add(segment.category, segment.endMs - segment.startMs);
  for (const { category, active, startMs, endMs } of idle) add(category, (lanes.count - active) * (endMs - startMs));
  return { segments, idle, backoffs, outside, laneMs };
}

interface Inside {
  readonly root: Activity;
  readonly activities: Activity[];
}

function gather(
  tree: SpanTree,
  occupants: readonly SpanNode[],
  backoffs: readonly Backoff[],
): { inside: Inside[]; outside: OutsideWork[] } {
  const inside = new Map<SpanNode, Inside>();
  for (const node of occupants) {
    const root = { startMs: node.startMs, endMs: node.endMs, category: categoryOf(node) ?? 'other', parent: undefined };
    inside.set(node, { root, activities: [] });
  }
  /** Per span: the occupant it belongs to, and the activity that stands for it or is nearest around it. */
  const place = new Map<SpanNode, { home: Inside | undefined; activity: Activity | undefined }>();
  const surroundsWork = new Set<SpanNode>();
  for (const node of tree.topDown) {
    const own = inside.get(node);
    const around = node.parent === undefined ? undefined : place.get(node.parent);
    if (own !== undefined || around?.home === undefined) {
      place.set(node, { home: own, activity: own?.root });
      continue;
    }
    const category = categoryOf(node);
    if (category === undefined) {
      place.set(node, around);
      continue;
    }
    const activity = { startMs: node.startMs, endMs: node.endMs, category, parent: around.activity };
    around.home.activities.push(activity);
    place.set(node, { home: around.home, activity });
  }
  for (const [node, { home, activity }] of place) {
    if (home !== undefined) home.activities.push(...phasesOf(node).map((phase) => ({ ...phase, parent: activity })));
  }
  const isBackground = backgroundFinder(occupants);
  const outside: OutsideWork[] = [];
  for (const node of tree.topDown.toReversed()) {
    const category = categoryOf(node);
    const isInside = place.get(node)?.home !== undefined;
    const isWork = isInside || (category !== undefined && category !== 'other');
    if (node.parent !== undefined && (isWork || surroundsWork.has(node))) surroundsWork.add(node.parent);
    if (!isInside) outside.push(...phasesOf(node).map((phase) => ({ ...phase, node })));
    if (isInside || category === undefined || category === 'other' || surroundsWork.has(node)) continue;
    if (category.startsWith('wait:') && !OUTSIDE_WAITS.has(category)) continue;
    if (node.class === 'process' && isBackground(node)) continue;
    if (node.startMs < node.endMs) outside.push({ startMs: node.startMs, endMs: node.endMs, category, node });
  }
  for (const { after, startMs, endMs } of backoffs) {
    const around = after.parent === undefined ? undefined : place.get(after.parent);
    const wait = { startMs, endMs, category: 'wait:rate_limit' as const };
    if (around?.home !== undefined) around.home.activities.push({ ...wait, parent: around.activity });
    else if (startMs < endMs) outside.push({ ...wait, node: after });
  }
  return { inside: [...inside.values()], outside };
}

/** Recognises servers and watchers, whose end nothing waits for: a task starts while they run outside the tasks. */
function backgroundFinder(occupants: readonly SpanNode[]): (node: SpanNode) => boolean {
  const starts = occupants.map(({ startMs }) => startMs);
  return ({ startMs, endMs }) => {
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? Infinity) < startMs) low = middle + 1;
      else high = middle;
    }
    return (starts[low] ?? Infinity) < endMs;
  };
}
