/**
 * Tells the git commands that an agent CLI runs for its own purposes (which branch is this?) from those of the agent's
 * work.
 */
import { ATTR_SWARMSCOPE_PROCESS_EXECUTABLE_KIND, SWARMSCOPE_PROCESS_EXECUTABLE_KIND_VALUE_AGENT } from '../semconv/index.ts';
import type { SpanNode } from './span-tree.ts';

/**
 * Whether a git command is an agent CLI's own: its span is directly below the CLI's process, although the CLI records
 * its tools, and a tool hands its own context to the commands that it runs. All git commands of an agent without
 * telemetry count as its work.
 */
export function isHousekeeping({ class: kind, parent }: SpanNode): boolean {
  return (
    kind === 'git' &&
    parent?.row.attributes[ATTR_SWARMSCOPE_PROCESS_EXECUTABLE_KIND] === SWARMSCOPE_PROCESS_EXECUTABLE_KIND_VALUE_AGENT &&
    parent.hasDeeperWork
  );
}
