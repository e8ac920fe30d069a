/** Gaps inside units: time in which nothing was seen to go on. What filled it is not known, so it is no work and no wait. */
import { groupBy } from '../../group-by.ts';
import type { Schedule, Stretch, Unit } from '../../schedule/index.ts';
import { median, quantile } from '../../statistics.ts';
import type { SpanNode } from '../../span-tree.ts';

export interface Gap extends Stretch {
  readonly unit: Unit;
  readonly node: SpanNode;
}

export interface Gaps {
  readonly gaps: readonly Gap[];
  readonly byUnit: ReadonlyMap<Unit, readonly Gap[]>;
  readonly typicalMs: number;
  /** Where spans were lost a gap is as long as a step, or a wait, may be. */
  readonly longestStepMs: number;
}

/** A unit that tells fewer acts says nothing of what goes on between them. */
const MIN_ACTS = 3;

const known = new WeakMap<Schedule, Gaps>();

export function gapsOf(schedule: Schedule): Gaps {
  const found = known.get(schedule) ?? find(schedule);
  known.set(schedule, found);
  return found;
}

function find({ units, facts }: Schedule): Gaps {
  const gaps = units.kind === 'whole' ? [] : units.all.flatMap(gapsIn);
  const waits = facts.tree.topDown.filter((node) => node.class === 'wait');
  const steps = [...facts.llm.calls, ...facts.tools, ...waits, ...facts.backoffs.map((wait) => ({ ...wait, isOpen: false }))];
  const lengths = steps.filter(({ isOpen }) => !isOpen).map(({ startMs, endMs }) => endMs - startMs);
  return {
    gaps,
    byUnit: groupBy(gaps, ({ unit }) => unit),
    typicalMs: gaps.length === 0 ? 0 : median(gaps.map(({ startMs, endMs }) => endMs - startMs)),
    longestStepMs: quantile(lengths.concat(0), 0.98),
  };
}

function gapsIn(unit: Unit): Gap[] {
  const acts = unit.nodes.filter(
    (node) => node !== unit.node && (node.class !== 'other' || node.children.length === 0) && !isContainer(node),
  );
  const found: Gap[] = [];
  if (acts.length < MIN_ACTS) return found;
  let until = acts[0]?.startMs ?? unit.startMs;
  for (const node of acts) {
    if (node.startMs > until) found.push({ unit, startMs: until, endMs: node.startMs, node: unit.node });
    until = Math.max(until, node.endMs);
  }
  if (unit.endMs > until && !unit.isCut) found.push({ unit, startMs: until, endMs: unit.endMs, node: unit.node });
  return found;
}

/** Says nothing of what goes on inside. */
function isContainer(node: SpanNode): boolean {
  return node.hasDeeperWork && (node.class === 'process' || node.class === 'agent' || node.class === 'task' || node.class === 'tool');
}
