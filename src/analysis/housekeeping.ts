/** git that an agent CLI runs for itself (what branch is this, is it a repository), told from the git of the agent's work. */
import { ATTR_SWARMSCOPE_PROCESS_EXECUTABLE_KIND, SWARMSCOPE_PROCESS_EXECUTABLE_KIND_VALUE_AGENT } from '../semconv/index.ts';
import type { SpanNode } from './span-tree.ts';

/**
 * Whether a git command is an agent CLI's own: directly below its process, while the tools below tell of themselves, since a tool hands its
 * own context to what it runs. An agent without telemetry cannot be told apart; all its git is its work.
 */
export function isHousekeeping({ class: kind, parent }: SpanNode): boolean {
  return (
    kind === 'git' &&
    parent?.row.attributes[ATTR_SWARMSCOPE_PROCESS_EXECUTABLE_KIND] === SWARMSCOPE_PROCESS_EXECUTABLE_KIND_VALUE_AGENT &&
    parent.hasDeeperWork
  );
}
