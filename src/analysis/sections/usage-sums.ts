/** Sums of tokens and money over calls. */
import * as names from '../../semconv/index.ts';
import type { Attributes } from '../model.ts';
import { numberOf, textOf, tokensOf, type SpanNode } from '../span-tree.ts';

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

const TOKEN_ATTRIBUTES = {
  input: names.ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  output: names.ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  cacheRead: names.ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  cacheWrite: names.ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
  reasoning: names.ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
} as const;

export function sumTokens(calls: readonly SpanNode[]): Tokens {
  const sum = (name: string): number | undefined => sumOf(calls, name);
  return {
    input: sum(TOKEN_ATTRIBUTES.input),
    output: sum(TOKEN_ATTRIBUTES.output),
    cacheRead: sum(TOKEN_ATTRIBUTES.cacheRead),
    cacheWrite: sum(TOKEN_ATTRIBUTES.cacheWrite),
    reasoning: sum(TOKEN_ATTRIBUTES.reasoning),
  };
}

function sumOf(calls: readonly SpanNode[], name: string): number | undefined {
  let sum: number | undefined;
  for (const call of calls) {
    const value = tokensOf(call.row.attributes, name);
    if (value !== undefined) sum = (sum ?? 0) + value;
  }
  return sum;
}

function costOf(attributes: Attributes): number | undefined {
  const amount = numberOf(attributes, names.ATTR_SWARMSCOPE_COST_AMOUNT);
  return amount === undefined || amount < 0 ? undefined : amount;
}

/** What is lacking for the price of a call that was billed. One that failed before it used anything lacks nothing. */
export function lackOf({ row: { attributes } }: SpanNode): string | undefined {
  if (costOf(attributes) !== undefined) return undefined;
  const isCounted = [TOKEN_ATTRIBUTES.input, TOKEN_ATTRIBUTES.output].some((name) => tokensOf(attributes, name) !== undefined);
  return textOf(attributes, names.ATTR_SWARMSCOPE_COST_UNPRICED) ?? (isCounted ? 'no known price' : undefined);
}

export function sumCost(calls: readonly SpanNode[], isIncomplete: boolean): Cost {
  const currencies = new Set<string>();
  const versions = new Set<string>();
  let amount: number | undefined;
  let pricedCalls = 0;
  let unpricedCalls = 0;
  for (const call of calls) {
    const { attributes } = call.row;
    const cost = costOf(attributes);
    if (cost === undefined) {
      if (lackOf(call) !== undefined) unpricedCalls++;
      continue;
    }
    pricedCalls++;
    amount = (amount ?? 0) + cost;
    const currency = textOf(attributes, names.ATTR_SWARMSCOPE_COST_CURRENCY);
    const version = textOf(attributes, names.ATTR_SWARMSCOPE_COST_PRICE_TABLE_VERSION);
    if (currency !== undefined) currencies.add(currency);
    if (version !== undefined) versions.add(version);
  }
  return {
    amount,
    currency: currencies.size > 1 ? 'mixed' : [...currencies][0],
    pricedCalls,
    unpricedCalls,
    isLowerBound: isIncomplete || unpricedCalls > 0,
    priceTableVersions: [...versions].sort(),
  };
}
