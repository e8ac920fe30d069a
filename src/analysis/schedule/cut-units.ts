/** Units whose own span was never told, since the run was killed while they were at work: what they had done by then stands for them. */
import type { SpanNode } from '../span-tree.ts';
import { median } from '../statistics.ts';
import { endOf, startOf } from './intervals.ts';
import { isOrphan } from './orphans.ts';
import type { Unit } from './unit.ts';

/** One such unit, by the outermost of its spans that were told. */
export interface CutUnit {
  /** The first of them: it stands for the unit. */
  readonly node: SpanNode;
  readonly tops: readonly SpanNode[];
  readonly startMs: number;
  /** Of the last that was told: what went on from then to the kill nobody knows. */
  readonly endMs: number;
}

/** What comes before the agent of a unit (its worktree, its packages) ends so shortly before the agent's first act. */
const SET_UP_GAP_MS = 30_000;
/** Fewer calls are no unit, but what is left of one. */
const MIN_CALLS = 2;

/**
 * @param homeless spans below one parent that was not told, and that fit into no told unit
 */
export function findCutUnits(roots: readonly SpanNode[], homeless: readonly (readonly SpanNode[])[]): CutUnit[] {
  const isPerTrace = new Set(roots.map(({ row }) => row.traceId)).size === roots.length && roots.length > 1;
  // A run whose units hang below nothing lost what is around them, as a kill does it.
  const isCut = roots.length > 1 && roots.every(isOrphan) && !roots.some(({ isOpen }) => isOpen);
  if (!isPerTrace && !isCut) return [];
  const groups = homeless.map((tops) => ({ tops: [...tops], startMs: startOf(tops), endMs: endOf(tops), calls: callsIn(tops) }));
  const units = groups.filter(({ calls }) => calls >= MIN_CALLS).sort((a, b) => a.startMs - b.startMs);
  const withSetUp = new Set<(typeof groups)[number]>();
  for (const group of groups.filter(({ calls }) => calls === 0).sort((a, b) => a.endMs - b.endMs)) {
    const own = units.find(
      (unit) =>
        !withSetUp.has(unit) &&
        (isPerTrace
          ? unit.tops[0]?.row.traceId === group.tops[0]?.row.traceId
          : unit.startMs >= group.endMs && unit.startMs - group.endMs < SET_UP_GAP_MS),
    );
    if (own === undefined) continue;
    withSetUp.add(own);
    own.tops.push(...group.tops);
    own.startMs = Math.min(own.startMs, group.startMs);
  }
  return units.flatMap(({ tops, startMs, endMs }) => {
    const sorted = tops.toSorted((a, b) => a.startMs - b.startMs);
    const [node] = sorted;
    return node === undefined ? [] : [{ node, tops: sorted, startMs, endMs }];
  });
}

/**
 * What its own span would have said of a cut unit is taken from the others, where they agree: its type, its pool, and how long
 * before its first call it began.
 */
export function completeCutUnits(all: readonly Unit[], cutAt: ReadonlyMap<SpanNode, CutUnit>, runStartMs: number): Unit[] {
  if (cutAt.size === 0) return [...all];
  const told = all.filter(({ node }) => !cutAt.has(node));
  const agreed = (values: readonly string[]): string | undefined => (new Set(values).size === 1 ? values[0] : undefined);
  const leads = told.flatMap((unit) => leadOf(unit) ?? []);
  const firstMs = told.reduce((ms, { startMs }) => Math.min(ms, startMs), Infinity);
  const completed = all.map((unit): Unit => {
    const cut = cutAt.get(unit.node);
    if (cut === undefined) return unit;
    const begunMs = unit.nodes.reduce((ms, node) => (node.class === 'llm' ? Math.min(ms, node.startMs) : ms), Infinity);
    const usualMs = leads.length === 0 ? cut.startMs : Math.max(runStartMs, Math.min(firstMs, cut.startMs), begunMs - median(leads));
    return {
      ...unit,
      startMs: Math.min(cut.startMs, usualMs),
      endMs: cut.endMs,
      isOpen: true,
      isCut: true,
      type: agreed(told.map(({ type }) => type)) ?? 'unfinished task',
      pool: agreed(told.map(({ pool }) => pool)) ?? '',
      queueWaitMs: undefined,
      id: undefined,
      dependencies: undefined,
    };
  });
  return completed.sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs).map((unit, index) => ({ ...unit, index }));
}

/** From the start of a unit to its first call. */
function leadOf({ startMs, nodes }: Unit): number | undefined {
  const first = nodes.find((node) => node.class === 'llm');
  return first === undefined ? undefined : Math.max(0, first.startMs - startMs);
}

function callsIn(tops: readonly SpanNode[]): number {
  let calls = 0;
  const stack = [...tops];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node.class === 'llm') calls++;
    for (const child of node.children) stack.push(child);
  }
  return calls;
}
