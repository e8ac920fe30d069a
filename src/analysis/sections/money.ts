/**
 * Where the money went, by phase, type of task and failed attempts, and what the same tokens cost with another model of the same maker.
 * What another model would have answered is not known: its price is a bound for a decision, never a saving that is promised.
 */
import * as names from '../../semconv/index.ts';
import { contextWindowOf, priceOf, type PricedUsage } from '../../pricing/index.ts';
import { tiersBeside, type Tier } from '../../pricing/smaller.ts';
import type { RunFacts } from '../facts.ts';
import { usageOf } from '../findings/money.ts';
import { groupBy } from '../group-by.ts';
import { isFailed } from '../process-end.ts';
import { innermostAbove, modelOf, numberOf, textOf, textsOf, tokensOf, type SpanNode } from '../span-tree.ts';
import { taskType } from '../tasks.ts';
import { callsByPhase, OUTSIDE } from './phases.ts';
import { sumCost, sumTokens, type Cost, type Tokens } from './usage-sums.ts';

export interface MoneyPart {
  /** Undefined: the calls outside all of them. */
  readonly name: string | undefined;
  readonly calls: number;
  readonly tokens: Tokens;
  readonly cost: Cost;
}

export interface OtherModel {
  readonly model: string;
  /** USD of the same calls with the same tokens, by the maker's price list and in proportion to what they cost. */
  readonly amount: number;
  /** The same of the short calls alone. */
  readonly shortAmount: number;
}

export interface ModelPrice {
  readonly model: string;
  /** Calls that have a price and fit the tables: what is compared. */
  readonly calls: number;
  readonly amount: number;
  /** Of them those that asked for no tool and wrote few tokens, which a smaller model may do as well. */
  readonly short: { readonly calls: number; readonly maxOutputTokens: number; readonly amount: number };
  /** Cheaper ones into whose context the largest call fits, the cheapest first. */
  readonly others: readonly OtherModel[];
}

export interface Money {
  /** The same sums as `phases` of the report, and what is outside of them, the dearest first. Empty for a run without phases. */
  readonly phases: readonly MoneyPart[];
  /** By the type of the innermost task around each call. Empty for a run without tasks. */
  readonly taskTypes: readonly MoneyPart[];
  /** Calls inside attempts of tasks that failed: what was paid for them and thrown away, or done again. */
  readonly failedAttempts: { readonly attempts: number; readonly cost: Cost } | undefined;
  /** Models that have a cheaper one beside them in the price table. */
  readonly models: readonly ModelPrice[];
}

const SHORT_TOKENS = 200;

export function money(facts: RunFacts): Money {
  const calls = [...facts.llm.calls];
  const { isIncomplete } = facts.missing;
  const hasPhases = facts.tree.topDown.some(({ class: kind }) => kind === 'phase');
  const tasks = new Set(facts.tasks);
  const typeOf = (call: SpanNode): string | symbol => {
    const task = innermostAbove(call, (node) => tasks.has(node));
    return task === undefined ? OUTSIDE : taskType(task);
  };
  const failed = facts.tasks.filter(isFailed);
  const inFailed = groupBy(calls, (call) => innermostAbove(call, (node) => tasks.has(node) && isFailed(node)));
  return {
    phases: hasPhases ? partsOf(callsByPhase(facts), isIncomplete) : [],
    taskTypes: tasks.size > 0 ? partsOf(groupBy(calls, typeOf), isIncomplete) : [],
    failedAttempts:
      failed.length === 0 ? undefined : { attempts: failed.length, cost: sumCost([...inFailed.values()].flat(), isIncomplete) },
    models: modelsOf(calls),
  };
}

function partsOf(byName: ReadonlyMap<string | symbol, readonly SpanNode[]>, isIncomplete: boolean): MoneyPart[] {
  return [...byName]
    .map(([name, own]) => ({
      name: typeof name === 'string' ? name : undefined,
      calls: own.length,
      tokens: sumTokens(own),
      cost: sumCost(own, isIncomplete),
    }))
    .sort((a, b) => (b.cost.amount ?? 0) - (a.cost.amount ?? 0) || b.calls - a.calls);
}

/** A call that can be compared: with a price of its own, and one in the table for exactly its tokens. */
interface Priced {
  readonly call: SpanNode;
  readonly amount: number;
  /** USD by the table, without tiers and the user's own prices. */
  readonly listed: number;
  readonly usage: PricedUsage;
}

function modelsOf(calls: readonly SpanNode[]): ModelPrice[] {
  return [...groupBy(calls, ({ row }) => modelOf(row.attributes))]
    .flatMap(([model, own]) => {
      const tiers = tiersBeside(model);
      if (tiers === undefined || tiers.others.length === 0) return [];
      const priced = own.flatMap((call) => pricedBy(call, tiers.own) ?? []);
      const short = priced.filter(({ call }) => isShort(call));
      const amount = sumOf(priced);
      const others = tiers.others
        .flatMap((other) => otherOf(other, priced, short) ?? [])
        .filter((other) => other.amount < amount)
        .sort((a, b) => a.amount - b.amount);
      const shortCalls = { calls: short.length, maxOutputTokens: SHORT_TOKENS, amount: sumOf(short) };
      return others.length === 0 ? [] : [{ model, calls: priced.length, amount, short: shortCalls, others }];
    })
    .sort((a, b) => b.amount - a.amount);
}

const sumOf = (calls: readonly Priced[]): number => calls.reduce((sum, { amount }) => sum + amount, 0);

function pricedBy(call: SpanNode, tier: Tier): Priced | undefined {
  const { attributes } = call.row;
  const amount = numberOf(attributes, names.ATTR_SWARMSCOPE_COST_AMOUNT);
  const currency = textOf(attributes, names.ATTR_SWARMSCOPE_COST_CURRENCY) ?? 'USD';
  const usage = usageOf(call);
  const listed = priceOf({ ...tier, usage, time: call.row.startMs })?.amount;
  if (amount === undefined || amount <= 0 || currency !== 'USD' || listed === undefined || listed <= 0) return undefined;
  return { call, amount, listed, usage };
}

/** Undefined where it has no price for these tokens, or a call does not fit into its context. */
function otherOf(other: Tier, calls: readonly Priced[], short: readonly Priced[]): OtherModel | undefined {
  const window = contextWindowOf(other) ?? Infinity;
  const isShortCall = new Set(short);
  let [amount, shortAmount] = [0, 0];
  for (const priced of calls) {
    const { usage, call } = priced;
    const listed = priceOf({ ...other, usage, time: call.row.startMs })?.amount;
    if (listed === undefined || usage.inputTokens > window) return undefined;
    const own = (priced.amount * listed) / priced.listed;
    amount += own;
    if (isShortCall.has(priced)) shortAmount += own;
  }
  return { model: other.model, amount, shortAmount };
}

function isShort({ row: { attributes } }: SpanNode): boolean {
  const output = tokensOf(attributes, names.ATTR_GEN_AI_USAGE_OUTPUT_TOKENS);
  return output !== undefined && output <= SHORT_TOKENS && textsOf(attributes, names.ATTR_SWARMSCOPE_TOOL_CALLED_NAMES).length === 0;
}
