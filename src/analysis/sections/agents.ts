/** Each agent of the run: what it used, what it did, how it ended, and by whom that is known. */
import * as names from '../../semconv/index.ts';
import { meteredBy, type Metered } from '../agent-meters.ts';
import { pidOf, processBelow } from '../agents.ts';
import { categoryOf } from '../categories.ts';
import type { RunFacts } from '../facts.ts';
import { groupBy } from '../group-by.ts';
import { TELLERS, tellerOf, type Teller } from '../call-tellers.ts';
import { modelOf, numberOf, textOf, type SpanNode } from '../span-tree.ts';
import { sumCost, sumTokens, type Cost, type Tokens } from './usage-sums.ts';

export interface AgentReport {
  readonly name: string;
  /** The name with what tells it from the others: its worktree, its branch, or a number. */
  readonly label: string;
  readonly pid: number | undefined;
  /** Name of the agent that started it. */
  readonly parent: string | undefined;
  readonly startMs: number;
  readonly endMs: number;
  /** Undefined where its end was not seen. */
  readonly durationMs: number | undefined;
  readonly exitCode: number | undefined;
  /** Of its process, as the process table told. Undefined where nobody looked. */
  readonly cpuSeconds: number | undefined;
  /** Of what it started and waited for, also where that lived too short to be seen. */
  readonly childCpuSeconds: number | undefined;
  readonly peakMemoryBytes: number | undefined;
  /** In the order of first use. */
  readonly models: readonly string[];
  /** Calls of its own, each once; those of agents that it started are theirs. */
  readonly calls: number;
  readonly failedCalls: number;
  readonly tokens: Tokens;
  readonly cost: Cost;
  /** Tools that ran. */
  readonly tools: number;
  readonly gitCommands: number;
  /** Prompts that it worked on. Undefined where nothing tells them. */
  readonly turns: number | undefined;
  /** Time in which it waited for an answer of a human. Undefined where it does not tell. */
  readonly blockedOnHumanMs: number | undefined;
  /**
   * By what its calls are known. Empty: no call was seen, which does not say that there was none. `metrics`: its models, tokens and cost
   * are sums that it told, of calls of which nothing else is known.
   */
  readonly knownBy: readonly (Teller | 'metrics')[];
  /** By what its session file is known to be its own; `folder` is a conclusion. Undefined where none told of its calls. */
  readonly sessionBy: string | undefined;
}

/** At most this many are listed: a run may start agents without end. */
const MAX_AGENTS = 1_000;

export function agents(facts: RunFacts): readonly AgentReport[] {
  const { agents: found, llm, tools, git, tree } = facts;
  const of = (nodes: Iterable<SpanNode>): ReadonlyMap<SpanNode, SpanNode[]> => groupBy(nodes, found.agentOf);
  const [calls, ran, commands] = [of(llm.calls), of(tools), of(git.own)];
  const human = of(tree.topDown.filter((node) => node.class === 'wait' && categoryOf(node) === 'wait:human'));
  const asked = of(tree.topDown.filter(({ row }) => row.name === BLOCKED));
  const prompts = promptsOf(facts);
  const metered = meteredBy(facts.data, tree, found);
  return found.own.slice(0, MAX_AGENTS).map((agent) => {
    const own = (calls.get(agent) ?? []).toSorted((a, b) => a.startMs - b.startMs);
    const waits = human.get(agent) ?? [];
    const conversations = new Set(own.flatMap(({ row }) => textOf(row.attributes, names.ATTR_GEN_AI_CONVERSATION_ID) ?? []));
    const told = prompts.filter(
      ({ by, conversation }) => by === agent || (conversation !== undefined && conversations.has(conversation)),
    ).length;
    const sums = own.length === 0 ? metered.get(agent) : undefined;
    const above = agent.parent === undefined ? undefined : found.agentOf(agent.parent);
    const by = new Set(own.flatMap((call) => (llm.witnesses.get(call) ?? [call]).map(tellerOf)));
    return {
      name: nameOf(agent),
      label: facts.labelOf(agent),
      pid: pidOf(agent),
      parent: above === undefined ? undefined : nameOf(above),
      startMs: agent.startMs,
      endMs: agent.endMs,
      durationMs: agent.durationMs,
      exitCode: ofProcess(agent, names.ATTR_PROCESS_EXIT_CODE),
      cpuSeconds: ofProcess(agent, names.ATTR_SWARMSCOPE_PROCESS_CPU_TIME),
      childCpuSeconds: ofProcess(agent, names.ATTR_SWARMSCOPE_PROCESS_CHILDREN_CPU_TIME),
      peakMemoryBytes: ofProcess(agent, names.ATTR_SWARMSCOPE_PROCESS_MEMORY_PEAK),
      models: sums?.models ?? [...new Set(own.flatMap((call) => modelOf(call.row.attributes) ?? []))],
      calls: own.length,
      failedCalls: own.filter(({ row }) => row.isError).length,
      tokens: sums === undefined ? sumTokens(own) : tokensIn(sums),
      cost: withAmount(sumCost(own, facts.missing.isIncomplete), sums?.cost),
      tools: ran.get(agent)?.length ?? 0,
      gitCommands: commands.get(agent)?.length ?? 0,
      turns: found.turnsOf.get(agent) ?? (told === 0 ? undefined : told),
      blockedOnHumanMs:
        waits.length > 0 || asked.has(agent) ? waits.reduce((sum, wait) => sum + (wait.endMs - wait.startMs), 0) : undefined,
      knownBy: sums === undefined ? TELLERS.filter((teller) => by.has(teller)) : ['metrics'],
      sessionBy: own
        .map(({ row }) => textOf(row.attributes, names.ATTR_SWARMSCOPE_AGENT_SESSION_EVIDENCE))
        .find((evidence) => evidence !== undefined),
    };
  });
}

/** A span of Claude Code for each tool: how long nobody had allowed it yet. Those of a human are waits. */
const BLOCKED = 'claude_code.tool.blocked_on_user';
/** Events in which agents tell that a prompt came: `codex.user_prompt`. */
const PROMPT = /(?:^|[.])user_prompt$/;

/** Each prompt that an event tells, with the agent whose process sent it where that is known, else with its conversation. */
function promptsOf({ data, tree, agents: found }: RunFacts): { by: SpanNode | undefined; conversation: string | undefined }[] {
  const told = data.logs.filter(({ eventName }) => PROMPT.test(eventName));
  if (told.length === 0) return [];
  const nodes = new Map(tree.topDown.map((node) => [`${node.row.traceId} ${node.row.spanId}`, node]));
  return told.map(({ owner, attributes }) => {
    const place = owner === undefined ? undefined : nodes.get(`${owner.traceId} ${owner.spanId}`);
    const by = place === undefined ? undefined : found.agentOf(place);
    return { by, conversation: by === undefined ? textOf(attributes, names.ATTR_GEN_AI_CONVERSATION_ID) : undefined };
  });
}

const tokensIn = ({ input, output, cacheRead, cacheWrite, reasoning }: Metered): Tokens => ({
  input,
  output,
  cacheRead,
  cacheWrite,
  reasoning,
});

function withAmount(cost: Cost, amount: number | undefined): Cost {
  return amount === undefined ? cost : { ...cost, amount, currency: 'USD' };
}

function nameOf({ row }: SpanNode): string {
  return textOf(row.attributes, names.ATTR_GEN_AI_AGENT_NAME) ?? row.name;
}

/** A fact of the agent's process: told on its span, else on that of the process right below it. */
function ofProcess(agent: SpanNode, name: string): number | undefined {
  return [agent, processBelow(agent)].map((node) => numberOf(node?.row.attributes ?? {}, name)).find((value) => value !== undefined);
}
