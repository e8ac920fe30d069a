/** From a merge that left conflicts to the next good one: resolving, and merging a second time. */
import * as names from '../../../semconv/index.ts';
import { groupBy } from '../../group-by.ts';
import type { Schedule } from '../../schedule/index.ts';
import { numberOf, textOf, type SpanNode } from '../../span-tree.ts';
import type { Lost } from './lost.ts';

/** What brings a conflict to its end. */
const CONCLUDES = new Set(['merge', 'commit', 'rebase', 'cherry_pick', 'pull', 'am']);

export function conflictLoss(schedule: Schedule): Lost[] {
  const { facts, units } = schedule;
  const own = [...facts.git.own].sort((a, b) => a.startMs - b.startMs);
  const places = groupBy(own, (node) => units.unitOf.get(node)?.index ?? -1);
  return [...places.values()].flatMap((commands) =>
    commands.flatMap((node, at) => {
      if (!isConflict(node)) return [];
      const next = commands.slice(at + 1).find((each) => CONCLUDES.has(operationOf(each)) && !each.row.isError);
      if (next === undefined) return [];
      const unit = units.unitOf.get(node);
      if (unit !== undefined) return [{ node, unit, startMs: node.endMs, endMs: next.endMs, isWork: true }];
      return outsideLoss(schedule, node, next);
    }),
  );
}

export function isConflict({ row }: SpanNode): boolean {
  return (
    row.attributes[names.ATTR_ERROR_TYPE] === names.ERROR_TYPE_VALUE_MERGE_CONFLICT ||
    (row.isError && (numberOf(row.attributes, names.ATTR_SWARMSCOPE_GIT_CONFLICT_COUNT) ?? 0) > 0)
  );
}

function operationOf({ row }: SpanNode): string {
  return textOf(row.attributes, names.ATTR_SWARMSCOPE_GIT_OPERATION_NAME) ?? '';
}

/** The program resolves itself, or hands the conflict to a unit that begins at once and ends before the next merge. */
function outsideLoss({ units, toleranceMs }: Schedule, node: SpanNode, next: SpanNode): Lost[] {
  const handed = units.all.filter(
    ({ startMs, endMs }) => startMs >= node.startMs && startMs <= node.endMs + 5 * toleranceMs && endMs <= next.startMs + toleranceMs,
  );
  const resolvers = handed.length === 1 ? handed : handed.filter(({ type }) => /resolv|conflict|rebase|merge/i.test(type));
  if (resolvers.length > 0) {
    return resolvers.map((unit) => ({ node, unit, startMs: unit.startMs, endMs: unit.endMs, isWork: true }));
  }
  return [{ node, unit: undefined, startMs: node.endMs, endMs: next.endMs }];
}
