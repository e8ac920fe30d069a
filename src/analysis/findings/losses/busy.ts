/** When work of its own goes on inside a unit: what is waited for beside it costs nothing. */
import { ATTR_SWARMSCOPE_TOOL_INFERRED } from '../../../semconv/index.ts';
import type { Schedule, Stretch, Unit } from '../../schedule/index.ts';
import { join } from '../../schedule/intervals.ts';
import type { SpanNode } from '../../span-tree.ts';

const known = new WeakMap<Unit, readonly Stretch[]>();

/** Joined: calls that were not refused, git, and tools of which more is known than the gap that they share. */
export function busyOf({ facts }: Schedule, unit: Unit): readonly Stretch[] {
  const found = known.get(unit);
  if (found !== undefined) return found;
  const isRefused = (node: SpanNode): boolean => facts.refusals.has(node);
  const busy = join(
    unit.nodes.flatMap((node): readonly SpanNode[] => {
      if (node.class === 'git') return facts.git.own.has(node) ? [node] : [];
      if (node.class === 'tool')
        return node.row.attributes[ATTR_SWARMSCOPE_TOOL_INFERRED] === true || node.children.length > 0 ? [] : [node];
      if (node.class !== 'llm' || isRefused(node) || !facts.llm.calls.has(node)) return [];
      // A library's span covers its attempts and the waits between them.
      return node.children.some(isRefused) ? node.children.filter((child) => !isRefused(child)) : [node];
    }),
  );
  known.set(unit, busy);
  return busy;
}
