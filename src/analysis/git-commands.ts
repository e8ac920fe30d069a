/** The git commands of a run, each once, and those apart that agent CLIs run for their own purposes. */
import { ATTR_SWARMSCOPE_GIT_OPERATION_NAME } from '../semconv/index.ts';
import { housekeepingIn } from './housekeeping.ts';
import type { SpanNode, SpanTree } from './span-tree.ts';

export interface GitCommands {
  /** Of the program, and of the agents' work. */
  readonly own: ReadonlySet<SpanNode>;
  readonly housekeeping: number;
}

/** A command that is recorded twice, as a child process and by Trace2 below it, is counted once: the inner span. */
export function findGit(tree: SpanTree): GitCommands {
  const all = tree.topDown.filter(
    (node) => node.class === 'git' && !node.children.some((child) => child.class === 'git' && isSameProcess(node, child)),
  );
  const isHousekeeping = housekeepingIn(tree);
  const own = new Set(all.filter((node) => !isHousekeeping(node)));
  return { own, housekeeping: all.length - own.size };
}

function isSameProcess(outer: SpanNode, inner: SpanNode): boolean {
  return (
    outer.row.attributes[ATTR_SWARMSCOPE_GIT_OPERATION_NAME] === undefined &&
    inner.row.attributes[ATTR_SWARMSCOPE_GIT_OPERATION_NAME] !== undefined
  );
}
