/** Refused calls, and the time until they were repeated. */
import type { Schedule, Unit } from '../../schedule/index.ts';
import type { SpanNode } from '../../span-tree.ts';
import type { Lost } from './lost.ts';
import { waitLoss } from './wait.ts';

export function rateLimitLoss(schedule: Schedule): Lost[] {
  const { facts, units } = schedule;
  const lost: Lost[] = waitLoss(schedule, 'rate_limit');
  const repeated = new Set<SpanNode>();
  for (const { after, startMs, endMs } of facts.backoffs) {
    repeated.add(after);
    lost.push({ node: after, unit: units.unitOf.get(after), startMs, endMs });
  }
  for (const node of facts.refusals.keys()) {
    const unit = units.unitOf.get(node);
    lost.push({ node, unit, startMs: node.startMs, endMs: node.endMs });
    if (unit === undefined || repeated.has(node)) continue;
    if (isEndOf(node, unit)) lost.push(...failedAttempt(schedule, node, unit));
    else lost.push(...untilNext(node, unit));
  }
  return lost;
}

const WORK: ReadonlySet<SpanNode['class']> = new Set(['llm', 'tool', 'git', 'process']);

/** The refusal was the last call of the unit. */
function isEndOf(refused: SpanNode, unit: Unit): boolean {
  return !unit.nodes.some((node) => node.class === 'llm' && node.startMs > refused.startMs);
}

/** However late: the next call of the same place repeats it, where nothing else went on in between. */
function untilNext(node: SpanNode, unit: Unit): Lost[] {
  const next = unit.nodes.find((each) => each.class === 'llm' && each.parent === node.parent && each.startMs >= node.endMs);
  if (next === undefined) return [];
  const isBusy = unit.nodes.some(
    (each) => each !== node && each !== next && WORK.has(each.class) && each.startMs >= node.endMs && each.startMs < next.startMs,
  );
  return isBusy ? [] : [{ node, unit, startMs: node.endMs, endMs: next.startMs }];
}

/** An attempt that failed on a refusal, and was tried again: all of it, and the time until the next attempt. */
function failedAttempt({ units, edges }: Schedule, node: SpanNode, unit: Unit): Lost[] {
  const next = units.all.find(({ index }) => edges.attempts[index] === unit.index);
  if (next === undefined || !unit.node.row.isError) return [];
  return [
    { node, unit, startMs: unit.startMs, endMs: unit.endMs, isWork: true },
    { node, unit: undefined, startMs: unit.endMs, endMs: next.startMs },
  ];
}
