/** Waits for a lock of a repository: declared ones, those that only a gap shows, and failures with `lock_held`. */
import * as names from '../../../semconv/index.ts';
import { groupBy } from '../../group-by.ts';
import type { Schedule, Unit } from '../../schedule/index.ts';
import { join, lowerBound, overlapMs, without } from '../../schedule/intervals.ts';
import { textOf, type SpanNode } from '../../span-tree.ts';
import type { Lost } from './lost.ts';
import { busyOf } from './busy.ts';
import { waitLoss } from './wait.ts';

/** What programs put behind one lock for a whole repository. */
const LOCKED = new Set(['merge', 'worktree_add', 'worktree_remove', 'rebase', 'cherry_pick', 'push', 'pull', 'fetch']);
/** Shorter gaps before a command are the program's own steps. */
const MIN_GAP_MS = 100;
/** Of the gap, commands of others that hold the lock take at least this share. */
const MIN_HELD = 0.6;

export function lockLoss(schedule: Schedule): Lost[] {
  const declared = waitLoss(schedule, 'lock');
  const failures = lockFailures(schedule);
  return [...declared, ...failures, ...hiddenWaits(schedule)];
}

const operationOf = ({ row }: SpanNode): string => textOf(row.attributes, names.ATTR_SWARMSCOPE_GIT_OPERATION_NAME) ?? '';

/** From a command that found the lock held to the one that repeats it. */
function lockFailures({ facts, units }: Schedule): Lost[] {
  const own = [...facts.git.own].sort((a, b) => a.startMs - b.startMs);
  const places = groupBy(own, (node) => `${units.unitOf.get(node)?.index ?? ''}:${operationOf(node)}`);
  return [...places.values()].flatMap((commands) =>
    commands.flatMap((node, at): Lost[] => {
      if (node.row.attributes[names.ATTR_ERROR_TYPE] !== names.ERROR_TYPE_VALUE_LOCK_HELD) return [];
      const next = commands[at + 1];
      return [{ node, unit: units.unitOf.get(node), startMs: node.startMs, endMs: next?.startMs ?? node.endMs, isWork: true }];
    }),
  );
}

/** A gap before a command, filled by such commands of other units, that ends as one of them ends. */
function hiddenWaits(schedule: Schedule): Lost[] {
  const { facts, units } = schedule;
  const locked = [...facts.git.own].filter((node) => LOCKED.has(operationOf(node)) && !node.isOpen);
  const found: Lost[] = [];
  for (const commands of groupBy(locked, repositoryOf).values()) {
    const holds = commands.toSorted((a, b) => a.startMs - b.startMs);
    const ends = holds.map(({ endMs }) => endMs).sort((a, b) => a - b);
    for (const node of holds) {
      const unit = units.unitOf.get(node);
      if (unit === undefined) continue;
      const from = quietSince(schedule, unit, node);
      const gapMs = node.startMs - from;
      if (gapMs < MIN_GAP_MS) continue;
      const slackMs = Math.max(50, gapMs * 0.05);
      const handedOver = ends[lowerBound(ends, node.startMs + 1) - 1] ?? -Infinity;
      if (node.startMs - handedOver > slackMs || handedOver <= from) continue;
      const others = holds.filter(
        (other) => other !== node && units.unitOf.get(other) !== unit && other.startMs < node.startMs && other.endMs > from,
      );
      if (overlapMs(join(others), from, node.startMs) < gapMs * MIN_HELD) continue;
      found.push({ node, unit, startMs: from, endMs: node.startMs });
    }
  }
  return found;
}

function repositoryOf({ row }: SpanNode): string {
  return textOf(row.attributes, names.ATTR_VCS_REPOSITORY_NAME) ?? '';
}

/** When the last work of the unit before a command had ended. */
function quietSince(schedule: Schedule, unit: Unit, node: SpanNode): number {
  const around = without(join([{ startMs: unit.startMs, endMs: node.startMs }]), busyOf(schedule, unit));
  const last = around.at(-1);
  if (last?.endMs !== node.startMs) return node.startMs;
  const tools = unit.nodes.filter((each) => (each.class === 'tool' || each.class === 'wait') && each.endMs <= node.startMs);
  return tools.reduce((latest, { endMs }) => Math.max(latest, endMs), last.startMs);
}
