/** Divides the time of all lanes into categories, by their work or why they are empty. The sum is lanes x wall time. */
import type { Backoff } from './backoff.ts';
import { categoryOf, isWeak, splitOccupant, type Activity, type Category, type Segment } from './categories.ts';
import { explainIdle, type IdleSegment } from './idle.ts';
import type { Lanes } from './lanes.ts';
import type { Observation } from './observation.ts';
import { LONE_WAITS } from './occupants.ts';
import { phasesOf } from './process-phases.ts';
import type { SpanNode, SpanTree } from './span-tree.ts';

export interface Attribution {
  /** Segments of each occupant, in the order of `lanes.occupants`. */
  readonly segments: readonly (readonly Segment[])[];
  readonly idle: readonly IdleSegment[];
  /** Work outside the occupants (planning, merging), without spans that only surround work, servers and watchers. */
  readonly outside: readonly OutsideWork[];
  /** Lane-milliseconds; only categories that occur. */
  readonly laneMs: ReadonlyMap<Category, number>;
}

export interface OutsideWork extends Segment {
  /** The span that this work is derived from: the refused attempt of a backoff, the process of a start-up. */
  readonly node: SpanNode;
}

export interface Attributed {
  readonly tree: SpanTree;
  readonly lanes: Lanes;
  readonly backoffs: readonly Backoff[];
  readonly servers: ReadonlySet<SpanNode>;
  readonly observation: Observation;
}

export function attribute(run: Attributed): Attribution {
  const { tree, lanes, observation } = run;
  const { inside, outside } = gather(run);
  const segments = inside.map(({ root, activities }) => splitOccupant(root, activities));
  const idle = explainIdle({ tree, lanes, observation, outside, isWhole: true });
  const laneMs = new Map<Category, number>();
  const add = (category: Category, ms: number): void => {
    if (ms > 0) laneMs.set(category, (laneMs.get(category) ?? 0) + ms);
  };
  for (const segment of segments.flat()) add(segment.category, segment.endMs - segment.startMs);
  for (const { category, active, startMs, endMs } of idle) add(category, (lanes.count - active) * (endMs - startMs));
  return { segments, idle, outside, laneMs };
}

interface Inside {
  readonly root: Activity;
  readonly activities: Activity[];
}

/** Where a span is: the occupant it belongs to, and the activity that stands for it or is nearest around it. */
interface Place {
  readonly home: Inside | undefined;
  readonly activity: Activity | undefined;
}

/** The segments of one occupant alone from a moment on, from its own spans: `topDown` has it first, then those that are below it. */
export function segmentsOf(
  occupant: SpanNode,
  topDown: readonly SpanNode[],
  backoffs: readonly Backoff[],
  servers: ReadonlySet<SpanNode>,
  fromMs = -Infinity,
): Segment[] {
  const { inside } = gatherInside({ tree: { topDown }, lanes: { occupants: [occupant], backoffs: NO_BACKOFFS }, backoffs, servers });
  return inside.flatMap(({ root, activities }) => splitOccupant({ ...root, startMs: Math.max(root.startMs, fromMs) }, activities));
}

const NO_BACKOFFS: ReadonlySet<Backoff> = new Set();

function gather(run: Attributed): { inside: Inside[]; outside: OutsideWork[] } {
  const { inside, places, waits } = gatherInside(run);
  const isInside = (node: SpanNode): boolean => places.get(node)?.home !== undefined;
  return { inside, outside: [...outsideWork(run, isInside, waits), ...waits] };
}

interface Gathered {
  readonly inside: Inside[];
  readonly places: ReadonlyMap<SpanNode, Place>;
  readonly waits: OutsideWork[];
}

type OfOccupants = Pick<Attributed, 'backoffs' | 'servers'> & {
  readonly tree: Pick<SpanTree, 'topDown'>;
  readonly lanes: Pick<Lanes, 'occupants' | 'backoffs'>;
};

function gatherInside({ tree, lanes, backoffs, servers }: OfOccupants): Gathered {
  const inside = new Map<SpanNode, Inside>();
  for (const node of lanes.occupants) {
    const root = { startMs: node.startMs, endMs: node.endMs, category: categoryOf(node) ?? 'other', parent: undefined };
    inside.set(node, { root, activities: [] });
  }
  const places = new Map<SpanNode, Place>();
  for (const node of tree.topDown) {
    const own = inside.get(node);
    const around = node.parent === undefined ? undefined : places.get(node.parent);
    places.set(node, own !== undefined || around?.home === undefined ? { home: own, activity: own?.root } : placeIn(node, around, servers));
  }
  for (const [node, { home, activity }] of places) {
    if (home !== undefined) home.activities.push(...phasesOf(node).map((phase) => ({ ...phase, parent: activity })));
  }
  const waits: OutsideWork[] = [];
  for (const backoff of backoffs) {
    const { after, startMs, endMs } = backoff;
    const around = after.parent === undefined ? undefined : places.get(after.parent);
    if (lanes.backoffs.has(backoff)) continue;
    const wait = { startMs, endMs, category: 'wait:rate_limit' as const };
    around?.home?.activities.push({ ...wait, parent: around.activity });
    // A task that failed on a refusal is over; what tries it again comes later.
    const heldUntilMs = Math.max(startMs, around?.home?.root.endMs ?? startMs);
    if (heldUntilMs < endMs) waits.push({ ...wait, startMs: heldUntilMs, node: after });
  }
  return { inside: [...inside.values()], places, waits };
}

/** An activity of its own in the occupant, unless the span says nothing of its time. */
function placeIn(node: SpanNode, around: Place, servers: ReadonlySet<SpanNode>): Place {
  const category = categoryOf(node);
  const isWaitedFor = around.activity?.category.startsWith('wait:') === true && node.class === 'process' && !node.hasDeeperWork;
  if (category === undefined || servers.has(node) || isWaitedFor) return around;
  const activity = { startMs: node.startMs, endMs: node.endMs, category, parent: around.activity, isWeak: isWeak(node) };
  around.home?.activities.push(activity);
  return { home: around.home, activity };
}

function outsideWork(
  { tree, lanes, servers }: Attributed,
  isInside: (node: SpanNode) => boolean,
  waits: readonly OutsideWork[],
): OutsideWork[] {
  const isBackground = backgroundFinder(lanes.occupants);
  const surroundsWork = new Set<SpanNode>();
  const outside: OutsideWork[] = [];
  const waitsIn = (call: SpanNode): OutsideWork[] => waits.filter(({ node }) => isBelow(node, call));
  for (const node of tree.topDown.toReversed()) {
    const category = categoryOf(node);
    const isWork = isInside(node) || (category !== undefined && category !== 'other');
    if (node.parent !== undefined && (isWork || surroundsWork.has(node))) surroundsWork.add(node.parent);
    if (isInside(node)) continue;
    outside.push(...phasesOf(node).map((phase) => ({ ...phase, node })));
    if (category === undefined || category === 'other' || surroundsWork.has(node)) continue;
    if (category.startsWith('wait:') && !LONE_WAITS.has(category)) continue;
    if (servers.has(node) || (node.class === 'process' && isBackground(node))) continue;
    outside.push(...between({ startMs: node.startMs, endMs: node.endMs, category, node }, node.class === 'llm' ? waitsIn(node) : []));
  }
  return outside;
}

function isBelow(node: SpanNode, above: SpanNode): boolean {
  let at = node.parent;
  while (at !== undefined && at !== above) at = at.parent;
  return at !== undefined;
}

/** The work without the waits in it: a library's call with several attempts waits in between. */
function between(work: OutsideWork, waits: readonly OutsideWork[]): OutsideWork[] {
  const parts: OutsideWork[] = [];
  let from = work.startMs;
  for (const wait of waits.toSorted((a, b) => a.startMs - b.startMs)) {
    if (from < wait.startMs) parts.push({ ...work, startMs: from, endMs: Math.min(wait.startMs, work.endMs) });
    from = Math.max(from, wait.endMs);
  }
  return from < work.endMs ? [...parts, { ...work, startMs: from }] : parts;
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
