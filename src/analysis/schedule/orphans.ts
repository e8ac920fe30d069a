/** Finds the unit of spans whose parent was lost: by their trace, by their process, else by the time that a unit has left for them. */
import type { SpanNode, SpanTree } from '../span-tree.ts';
import { groupBy } from '../group-by.ts';
import { endOf, join, overlapMs, startOf, type Stretch } from './intervals.ts';

/** Clocks of processes differ. */
const SKEW_MS = 2_500;
/** A unit of which so much of the time of an orphan is told already is not its home. */
const MAX_TAKEN = 0.3;

/** Whether its parent is named and not there. */
export function isOrphan({ row, parent }: SpanNode): boolean {
  return parent === undefined && row.parentSpanId !== undefined;
}

/** Where units hang below a span that was never told, as of a run that was killed, the program's own acts do so too: these are not lost. */
export function besideUnits(roots: readonly SpanNode[]): (node: SpanNode) => boolean {
  const parents = new Set(roots.filter(isOrphan).map(placeOf));
  return (node) => parents.has(placeOf(node));
}

const placeOf = ({ row }: SpanNode): string => `${row.traceId}:${row.parentSpanId ?? ''}`;

/** Puts whole subtrees into `owner`. Gives what fits nowhere, by the parent that was not told. */
export function adoptOrphans(tree: SpanTree, roots: readonly SpanNode[], owner: Map<SpanNode, SpanNode>): SpanNode[][] {
  const isBeside = besideUnits(roots);
  const orphans = tree.topDown.filter((node) => isOrphan(node) && !owner.has(node) && !isBeside(node));
  if (orphans.length === 0 || roots.length === 0) return [];
  const ofTrace = groupBy(roots, ({ row }) => row.traceId);
  const ofProcess = processesOf(owner, roots);
  const told = new Map<SpanNode, Stretch[]>();
  const toldIn = (root: SpanNode): Stretch[] => {
    const known = told.get(root) ?? leavesOf([root]).filter((node) => node !== root);
    told.set(root, known);
    return known;
  };
  const byStart = roots.toSorted((a, b) => a.startMs - b.startMs);
  const siblings = groupBy(orphans, placeOf);
  const isPerTrace = ofTrace.size === roots.length && roots.length > 1;
  const homeless: SpanNode[][] = [];
  const groups = [...siblings.values()].sort((a, b) => lengthOf(b) - lengthOf(a));
  for (const group of groups) {
    const [first] = group;
    if (first === undefined) continue;
    const sameTrace = ofTrace.get(first.row.traceId) ?? [];
    const sameProcess = ofProcess.get(first.row.pid);
    // Where each unit has a trace of its own, what is of another trace is of no told unit.
    const isElsewhere = isPerTrace && sameTrace.length === 0;
    const home =
      (sameTrace.length === 1 && ofTrace.size > 1 ? sameTrace[0] : undefined) ??
      sameProcess ??
      (isElsewhere ? undefined : roomiest(group, byStart, toldIn));
    if (home === undefined) {
      homeless.push(group);
      continue;
    }
    for (const node of group) give(node, home, owner);
    told.set(home, join([...toldIn(home), ...leavesOf(group)]));
  }
  return homeless;
}

/** With what is below it. */
export function give(orphan: SpanNode, home: SpanNode, owner: Map<SpanNode, SpanNode>): void {
  const stack = [orphan];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (!owner.has(node)) owner.set(node, home);
    for (const child of node.children) stack.push(child);
  }
}

/** Processes all of whose spans with a known unit are of one unit. The process that the units themselves are told by is none. */
function processesOf(owner: ReadonlyMap<SpanNode, SpanNode>, roots: readonly SpanNode[]): Map<number | undefined, SpanNode> {
  const schedulers = new Set(roots.map(({ row }) => row.pid));
  const found = new Map<number | undefined, SpanNode>();
  const several = new Set<number | undefined>([undefined, ...schedulers]);
  for (const [node, root] of owner) {
    const pids = [node.row.pid, node.row.attributes['process.pid']].filter((pid): pid is number => typeof pid === 'number');
    for (const pid of pids) {
      const known = found.get(pid);
      if (known !== undefined && known !== root) several.add(pid);
      found.set(pid, root);
    }
  }
  for (const pid of several) found.delete(pid);
  return found;
}

function leavesOf(nodes: readonly SpanNode[]): Stretch[] {
  const leaves: SpanNode[] = [];
  const stack = [...nodes];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node.children.length === 0) leaves.push(node);
    for (const child of node.children) stack.push(child);
  }
  return join(leaves);
}

function lengthOf(group: readonly SpanNode[]): number {
  return endOf(group) - startOf(group);
}

/** The unit around the group that has most room for it: least of its time is told already, then the one that ends soonest after. */
function roomiest(group: readonly SpanNode[], byStart: readonly SpanNode[], toldIn: (root: SpanNode) => Stretch[]): SpanNode | undefined {
  const [from, to] = [startOf(group), endOf(group)];
  const work = leavesOf(group);
  const workMs = Math.max(1, overlapMs(work));
  const slackMs = byStart.some(({ row }) => row.pid !== group[0]?.row.pid) ? SKEW_MS : 50;
  let best: { root: SpanNode; taken: number; spareMs: number } | undefined;
  for (const root of byStart) {
    if (root.startMs > from + slackMs) break;
    if (root.endMs < to - slackMs) continue;
    const told = toldIn(root);
    const taken = work.reduce((sum, { startMs, endMs }) => sum + overlapMs(told, startMs, endMs), 0) / workMs;
    const spareMs = root.endMs - to + Math.abs(from - root.startMs);
    if (taken > MAX_TAKEN) continue;
    if (best === undefined || taken < best.taken - 0.02 || (taken <= best.taken + 0.02 && spareMs < best.spareMs))
      best = { root, taken, spareMs };
  }
  return best?.root;
}
