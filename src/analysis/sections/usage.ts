/** Tokens, money, tools and context use of a run. Each call is counted once. */
import * as names from '../../semconv/index.ts';
import type { RunFacts } from '../facts.ts';
import type { Attributes } from '../model.ts';
import { distribution, type Distribution } from '../statistics.ts';
import { numberOf, textOf, textsOf, tokensOf, type SpanNode } from '../span-tree.ts';

/** At most this many tools are listed by name, since a program may generate names without end. */
const MAX_TOOLS = 50;

/** Sums of what the calls reported; a member is undefined when no call reported it. */
export interface Tokens {
  readonly input: number | undefined;
  readonly output: number | undefined;
  readonly cacheRead: number | undefined;
  readonly cacheWrite: number | undefined;
  readonly reasoning: number | undefined;
}

export interface Cost {
  /** undefined when no call had a price. */
  readonly amount: number | undefined;
  /** Undefined when unknown; `mixed` when calls have different currencies, and then the amount means nothing. */
  readonly currency: string | undefined;
  readonly pricedCalls: number;
  /** Calls that were billed and have no price. */
  readonly unpricedCalls: number;
  /** More was paid, if anything: calls have no price, or spans are missing. */
  readonly isLowerBound: boolean;
  readonly priceTableVersions: readonly string[];
}

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

const TOKEN_ATTRIBUTES = {
  input: names.ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  output: names.ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  cacheRead: names.ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  cacheWrite: names.ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
  reasoning: names.ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
} as const;

export function usage(facts: RunFacts): Usage {
  const {
    llm,
    missing: { isIncomplete },
  } = facts;
  const calls = [...llm.calls];
  const byModel = new Map<string, SpanNode[]>();
  for (const call of calls) {
    const { attributes } = call.row;
    const model = textOf(attributes, names.ATTR_GEN_AI_RESPONSE_MODEL) ?? textOf(attributes, names.ATTR_GEN_AI_REQUEST_MODEL) ?? 'unknown';
    const list = byModel.get(model);
    if (list === undefined) byModel.set(model, [call]);
    else list.push(call);
  }
  const tokens = sumTokens(calls);
  return {
    calls: calls.length,
    isLowerBound: isIncomplete,
    duplicates: llm.duplicates,
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

function sumTokens(calls: readonly SpanNode[]): Tokens {
  const sum = (name: string): number | undefined => sumOf(calls, name);
  return {
    input: sum(TOKEN_ATTRIBUTES.input),
    output: sum(TOKEN_ATTRIBUTES.output),
    cacheRead: sum(TOKEN_ATTRIBUTES.cacheRead),
    cacheWrite: sum(TOKEN_ATTRIBUTES.cacheWrite),
    reasoning: sum(TOKEN_ATTRIBUTES.reasoning),
  };
}

function sumOf(calls: readonly SpanNode[], name: string, read = tokensOf): number | undefined {
  let sum: number | undefined;
  for (const call of calls) {
    const value = read(call.row.attributes, name);
    if (value !== undefined) sum = (sum ?? 0) + value;
  }
  return sum;
}

function costOf(attributes: Attributes, name: string = names.ATTR_SWARMSCOPE_COST_AMOUNT): number | undefined {
  const amount = numberOf(attributes, name);
  return amount === undefined || amount < 0 ? undefined : amount;
}

/** What is lacking for the price of a call that was billed. One that failed before it used anything lacks nothing. */
function lackOf({ row: { attributes } }: SpanNode): string | undefined {
  if (costOf(attributes) !== undefined) return undefined;
  const isCounted = [TOKEN_ATTRIBUTES.input, TOKEN_ATTRIBUTES.output].some((name) => tokensOf(attributes, name) !== undefined);
  return textOf(attributes, names.ATTR_SWARMSCOPE_COST_UNPRICED) ?? (isCounted ? 'no known price' : undefined);
}

function reasonsOf(calls: readonly SpanNode[]): Usage['unpriced'] {
  const counts = new Map<string, number>();
  for (const lacks of calls.flatMap((call) => lackOf(call) ?? [])) counts.set(lacks, (counts.get(lacks) ?? 0) + 1);
  return [...counts].map(([lacks, count]) => ({ lacks, calls: count })).sort((a, b) => b.calls - a.calls || (a.lacks < b.lacks ? -1 : 1));
}

function sumCost(calls: readonly SpanNode[], isIncomplete: boolean): Cost {
  const priced = calls.filter((call) => costOf(call.row.attributes) !== undefined);
  const distinct = (name: string): string[] => [...new Set(priced.flatMap((call) => textOf(call.row.attributes, name) ?? []))].sort();
  const unpricedCalls = calls.filter((call) => lackOf(call) !== undefined).length;
  const currencies = distinct(names.ATTR_SWARMSCOPE_COST_CURRENCY);
  return {
    amount: sumOf(priced, names.ATTR_SWARMSCOPE_COST_AMOUNT, costOf),
    currency: currencies.length > 1 ? 'mixed' : currencies[0],
    pricedCalls: priced.length,
    unpricedCalls,
    isLowerBound: isIncomplete || unpricedCalls > 0,
    priceTableVersions: distinct(names.ATTR_SWARMSCOPE_COST_PRICE_TABLE_VERSION),
  };
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
