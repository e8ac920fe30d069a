/** Tells the git commands that an agent CLI runs for its own purposes from those of the agent's work. */
import { ATTR_SWARMSCOPE_PROCESS_EXECUTABLE_KIND, SWARMSCOPE_PROCESS_EXECUTABLE_KIND_VALUE_AGENT } from '../semconv/index.ts';
import type { SpanNode } from './span-tree.ts';

/**
 * Whether a git command is an agent CLI's own: directly below the process of a CLI that records its tools, since a tool
 * hands its own context to its commands. All git commands of an agent without telemetry count as its work.
 */
export function isHousekeeping({ class: kind, parent }: SpanNode): boolean {
  return (
    kind === 'git' &&
    parent?.row.attributes[ATTR_SWARMSCOPE_PROCESS_EXECUTABLE_KIND] === SWARMSCOPE_PROCESS_EXECUTABLE_KIND_VALUE_AGENT &&
    parent.hasDeeperWork
  );
}
