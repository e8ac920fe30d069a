/** Tokens, money, tools and context use of a run. Each call is counted once. */
import * as names from '../../semconv/index.ts';
import type { Disagreement } from '../distinct-calls.ts';
import type { RunFacts } from '../facts.ts';
import { distribution, type Distribution } from '../statistics.ts';
import { modelOf, numberOf, textOf, textsOf, type SpanNode } from '../span-tree.ts';
import { lackOf, sumCost, sumTokens, type Cost, type Tokens } from './usage-sums.ts';
import { groupBy } from '../group-by.ts';

export type { Cost, Tokens } from './usage-sums.ts';

/** At most this many tools are listed by name, since a program may generate names without end. */
const MAX_TOOLS = 50;

export interface ModelUsage {
  readonly model: string;
  readonly calls: number;
  readonly tokens: Tokens;
  readonly cost: Cost;
}

export interface ToolUse {
  /** Distinct tools that were offered to models. Undefined when no call names the tools that it offers. */
  readonly offered: number | undefined;
  /** Distinct tools that models asked for. */
  readonly called: number;
  /** How often models asked for a tool. */
  readonly requests: number;
  /** Tool executions seen: declared by the program, or inferred from the result being sent back to the model. */
  readonly executions: number;
  readonly inferredExecutions: number;
  /** The most often executed or requested tool first. */
  readonly byName: readonly {
    readonly name: string;
    readonly requests: number;
    readonly executions: number;
    readonly durationMs: number;
    /** Executions of which it is not known how long they took: in no duration. Undefined where there are none. */
    readonly untimed?: number | undefined;
  }[];
  /** Distinct tools offered and neither asked for nor executed. */
  readonly neverCalled: readonly string[];
  /** undefined when nothing was offered. */
  readonly neverCalledShare: number | undefined;
}

export interface Usage {
  readonly calls: number;
  /** Spans are missing: there were as many calls and tokens at least. */
  readonly isLowerBound: boolean;
  readonly duplicates: number;
  /** Facts that two senders of the same calls tell differently; whose word is in the sums is a rule, not a vote. */
  readonly disagreements: readonly Disagreement[];
  readonly tokens: Tokens;
  readonly cost: Cost;
  /** Calls without a price by what is lacking, the most frequent first: their cost is missing in the sum. */
  readonly unpriced: readonly { readonly lacks: string; readonly calls: number }[];
  /** Share of input tokens that were read from the cache. Undefined when no call reports it. */
  readonly cacheShare: number | undefined;
  readonly models: readonly ModelUsage[];
  readonly tools: ToolUse;
  /** Context window use per call, 0 to 1. */
  readonly context: Distribution | undefined;
}

export function usage(facts: RunFacts): Usage {
  const {
    llm,
    missing: { isIncomplete },
  } = facts;
  const calls = [...llm.calls];
  const byModel = groupBy(calls, ({ row }) => modelOf(row.attributes) ?? 'unknown');
  const tokens = sumTokens(calls);
  return {
    calls: calls.length,
    isLowerBound: isIncomplete,
    duplicates: llm.duplicates,
    disagreements: llm.disagreements,
    tokens,
    cost: sumCost(calls, isIncomplete),
    unpriced: reasonsOf(calls),
    cacheShare: tokens.cacheRead === undefined || !tokens.input ? undefined : tokens.cacheRead / tokens.input,
    models: [...byModel]
      .map(([model, own]) => ({ model, calls: own.length, tokens: sumTokens(own), cost: sumCost(own, isIncomplete) }))
      .sort((a, b) => (b.cost.amount ?? 0) - (a.cost.amount ?? 0) || b.calls - a.calls),
    tools: toolUse(facts),
    context: distribution(calls.flatMap((call) => numberOf(call.row.attributes, names.ATTR_SWARMSCOPE_CONTEXT_UTILIZATION) ?? [])),
  };
}

function reasonsOf(calls: readonly SpanNode[]): Usage['unpriced'] {
  const counts = new Map<string, number>();
  for (const lacks of calls.flatMap((call) => lackOf(call) ?? [])) counts.set(lacks, (counts.get(lacks) ?? 0) + 1);
  return [...counts].map(([lacks, count]) => ({ lacks, calls: count })).sort((a, b) => b.calls - a.calls || (a.lacks < b.lacks ? -1 : 1));
}

interface ToolTally {
  requests: number;
  executions: number;
  durationMs: number;
  untimed?: number;
}

function toolUse({ tree, llm: { calls }, tools: ran, sharedGaps }: RunFacts): ToolUse {
  const counted = new Set(ran);
  const offered = new Set<string>();
  const tools = new Map<string, ToolTally>();
  const tally = (name: string): ToolTally => {
    const known = tools.get(name) ?? { requests: 0, executions: 0, durationMs: 0 };
    tools.set(name, known);
    return known;
  };
  let inferredExecutions = 0;
  for (const node of tree.topDown) {
    const { class: kind, row, durationMs } = node;
    if (kind === 'llm') for (const name of textsOf(row.attributes, names.ATTR_SWARMSCOPE_TOOL_OFFERED_NAMES)) offered.add(name);
    if (calls.has(node)) {
      for (const name of textsOf(row.attributes, names.ATTR_SWARMSCOPE_TOOL_CALLED_NAMES)) tally(name).requests++;
    }
    if (!counted.has(node)) continue;
    const own = tally(textOf(row.attributes, names.ATTR_GEN_AI_TOOL_NAME) ?? row.name);
    own.executions++;
    if (durationMs === undefined || sharedGaps.has(node)) own.untimed = (own.untimed ?? 0) + 1;
    else own.durationMs += durationMs;
    if (row.attributes[names.ATTR_SWARMSCOPE_TOOL_INFERRED] === true) inferredExecutions++;
  }
  const neverCalled = [...offered].filter((name) => !tools.has(name)).sort();
  const isKnown = offered.size > 0;
  const all = [...tools].map(([name, own]) => ({ name, ...own }));
  return {
    offered: isKnown ? offered.size : undefined,
    called: all.filter(({ requests }) => requests > 0).length,
    requests: all.reduce((sum, { requests }) => sum + requests, 0),
    executions: all.reduce((sum, { executions }) => sum + executions, 0),
    inferredExecutions,
    byName: all.sort((a, b) => Math.max(b.executions, b.requests) - Math.max(a.executions, a.requests)).slice(0, MAX_TOOLS),
    neverCalled,
    neverCalledShare: isKnown ? neverCalled.length / offered.size : undefined,
  };
}
