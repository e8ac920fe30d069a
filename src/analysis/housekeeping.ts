/** Tells the git commands that an agent CLI runs for its own purposes from those of the agent's work. */
import {
  ATTR_SWARMSCOPE_GIT_CALLER_KIND,
  ATTR_SWARMSCOPE_PROCESS_EXECUTABLE_KIND,
  SWARMSCOPE_PROCESS_EXECUTABLE_KIND_VALUE_AGENT as AGENT,
} from '../semconv/index.ts';
import { isOwnScope, tellerOf } from './call-tellers.ts';
import { textOf, type SpanNode, type SpanTree } from './span-tree.ts';

/** By its telemetry, or in its own process by its bytes; what the gateway sees of a program says nothing of its tools. */
const isToldByAgent = (node: SpanNode): boolean => !isOwnScope(node) || (node.class === 'llm' && tellerOf(node) === 'wire');

/**
 * Whether a git command is an agent CLI's own, by what stands above it. It is where the agent's own process started it, of a
 * CLI that tells of itself: what a tool runs has a shell in between. Where nobody looked at processes it is directly below the
 * process of a CLI that records its tools, since a tool hands its own context to its commands. All git commands of an agent
 * without telemetry count as its work.
 */
export function housekeepingIn({ topDown }: SpanTree): (node: SpanNode) => boolean {
  const telling = new Set<SpanNode>();
  const inAgent = new Set<SpanNode>();
  for (let index = topDown.length - 1; index >= 0; index -= 1) {
    const node = topDown[index] as SpanNode;
    // Another process below it speaks for itself.
    const isOther = isOwnScope(node) && (node.class === 'process' || node.class === 'agent');
    if (node.parent !== undefined && ((telling.has(node) && !isOther) || isToldByAgent(node))) telling.add(node.parent);
  }
  for (const node of topDown) if (node.class === 'agent' || (node.parent !== undefined && inAgent.has(node.parent))) inAgent.add(node);
  return (node) => {
    if (node.class !== 'git') return false;
    const { parent } = node;
    const callerKind = textOf(node.row.attributes, ATTR_SWARMSCOPE_GIT_CALLER_KIND);
    const isBelowProcess = parent?.row.attributes[ATTR_SWARMSCOPE_PROCESS_EXECUTABLE_KIND] === AGENT;
    if (callerKind === undefined) return isBelowProcess && parent.hasDeeperWork;
    // Of which of several agents it is could not be told.
    return callerKind === AGENT && (isBelowProcess ? telling.has(parent) : !inAgent.has(node));
  };
}
