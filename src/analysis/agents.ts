/** The agents of a run: which spans are agents of their own, and whose each call, tool and command is. */
import * as names from '../semconv/index.ts';
import { processOf } from './call-tellers.ts';
import { groupBy } from './group-by.ts';
import { markDeeperWork, numberOf, textOf, type SpanNode, type SpanTree } from './span-tree.ts';

export interface Agents {
  /** Every parent before its children. */
  readonly own: readonly SpanNode[];
  /** Prompts that an agent worked on, as its own telemetry tells them: `invoke_agent` of an agent inside the same agent. */
  readonly turnsOf: ReadonlyMap<SpanNode, number>;
  /** The agent that a span belongs to: the nearest above, else the one in whose process it was. */
  readonly agentOf: (node: SpanNode) => SpanNode | undefined;
}

/** Spans in which Claude Code tells a prompt whose agent somebody else has told. */
const INTERACTION = 'claude_code.interaction';

export function findAgents(tree: SpanTree): Agents {
  const own: SpanNode[] = [];
  const nearest = new Map<SpanNode, SpanNode>();
  const turnsOf = new Map<SpanNode, number>();
  for (const node of tree.topDown) {
    const above = node.parent === undefined ? undefined : nearest.get(node.parent);
    const isTurn = above !== undefined && (node.row.name === INTERACTION || (node.class === 'agent' && isSameAgent(node, above)));
    if (isTurn) turnsOf.set(above, (turnsOf.get(above) ?? 0) + 1);
    const agent = node.class === 'agent' && !isTurn ? node : above;
    if (agent === node) own.push(node);
    if (agent !== undefined) nearest.set(node, agent);
  }
  const byProcess = groupBy(own, pidOf);
  const ofProcess = (node: SpanNode): SpanNode | undefined =>
    byProcess.get(processOf(node) ?? NaN)?.find((agent) => agent.startMs <= node.endMs && node.startMs <= agent.endMs);
  return { own, turnsOf, agentOf: (node) => nearest.get(node) ?? ofProcess(node) };
}

/** Where nobody saw the process (no process table, a shell in between), what Claude Code tells of a prompt is the agent. */
export function nameLoneAgents(tree: SpanTree): void {
  const inAgent = new Set<SpanNode>();
  let isChanged = false;
  for (const node of tree.topDown) {
    const isInside = node.parent !== undefined && inAgent.has(node.parent);
    if (!isInside && node.row.name === INTERACTION && node.class === 'other') {
      node.class = 'agent';
      node.row = { ...node.row, attributes: { ...node.row.attributes, [names.ATTR_GEN_AI_AGENT_NAME]: 'claude' } };
      isChanged = true;
    }
    if (isInside || node.class === 'agent') inAgent.add(node);
  }
  if (isChanged) markDeeperWork(tree.topDown);
}

/** What an agent tells of itself inside its process: of the same name, or without one, and of no other process. */
function isSameAgent(inner: SpanNode, outer: SpanNode): boolean {
  const [own, above] = [inner, outer].map(({ row }) => textOf(row.attributes, names.ATTR_GEN_AI_AGENT_NAME));
  const pid = numberOf(inner.row.attributes, names.ATTR_PROCESS_PID);
  return (own === undefined || own === above) && inner.row.scopeName !== outer.row.scopeName && (pid === undefined || pid === pidOf(outer));
}

/** The process that is the agent: told on its span, else by the process right below it. */
export function pidOf(agent: SpanNode): number | undefined {
  return (
    numberOf(agent.row.attributes, names.ATTR_PROCESS_PID) ?? numberOf(processBelow(agent)?.row.attributes ?? {}, names.ATTR_PROCESS_PID)
  );
}

/** The span of the agent's own process, where the agent and its process are two spans. */
export function processBelow(agent: SpanNode): SpanNode | undefined {
  const kind = names.SWARMSCOPE_PROCESS_EXECUTABLE_KIND_VALUE_AGENT;
  return agent.children.find(({ row }) => row.attributes[names.ATTR_SWARMSCOPE_PROCESS_EXECUTABLE_KIND] === kind);
}
