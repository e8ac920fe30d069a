/** What a call cost and how full its context window was, from the price table or from what the provider said. */
import type { LlmBilling, LlmOperation, LlmUsage } from '../semconv/telemetry.ts';

/** Tokens without gaps, as the price table takes them. */
type Counted = LlmUsage & { inputTokens: number; outputTokens: number; cacheReadTokens: number; cacheWriteTokens: number };

/** The part of the pricing room that is used here; loaded at the first priced call. */
export interface Pricing {
  priceOf(call: {
    provider: string;
    model: string;
    usage: Counted;
    passes?: readonly Counted[] | undefined;
    billing?: LlmBilling | undefined;
    time: number;
  }): { amount: number; tableVersion: string } | { amount?: never; lacks: string } | undefined;
  contextWindowOf(call: { provider: string; model: string }): number | undefined;
}

export interface Cost {
  amount: number;
  source: 'provider' | 'local';
  tableVersion: string | undefined;
}

/** Why a call has no cost; `undefined` where only the model is unknown. */
export interface Unpriced {
  amount?: never;
  lacks: string | undefined;
}

export interface PricedCall {
  operation: LlmOperation;
  provider: string;
  /** Tried in this order; the answer's model first. */
  models: readonly (string | undefined)[];
  usage: LlmUsage | undefined;
  billing: LlmBilling | undefined;
  /** That the service's address names; what the answer says comes first. */
  region: string | undefined;
  providerCost: number | undefined;
  time: number;
}

/** No price is not a price of 0: whatever of the usage has none leaves the whole call without one. */
export function costOf(pricing: () => Pricing, call: PricedCall): Cost | Unpriced {
  if (call.providerCost !== undefined) return { amount: call.providerCost, source: 'provider', tableVersion: undefined };
  const { usage, billing } = call;
  if (billing?.unpriceable !== undefined) return { lacks: billing.unpriceable };
  const isOutputCounted = usage?.outputTokens !== undefined || call.operation === 'embeddings';
  if (usage?.inputTokens === undefined || !isOutputCounted) return { lacks: 'tokens not told' };
  const { provider, time, region } = call;
  const tokens = counted(usage);
  const passes = billing?.passes?.map(counted);
  const terms = region === undefined || billing?.region !== undefined ? (billing ?? {}) : { ...billing, region };
  for (const model of call.models) {
    if (model === undefined) continue;
    const price = pricing().priceOf({ provider, model, usage: tokens, passes, billing: terms, time });
    if (price === undefined) continue;
    if (price.amount === undefined) return { lacks: price.lacks };
    return { amount: price.amount, source: 'local', tableVersion: price.tableVersion };
  }
  return { lacks: undefined };
}

/** Whole as it is, mostly; a copy costs more than looking. */
function counted(usage: LlmUsage): Counted {
  const { inputTokens = 0, outputTokens = 0, cacheReadTokens = 0, cacheWriteTokens = 0 } = usage;
  return isCounted(usage) ? usage : { ...usage, inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens };
}

function isCounted(usage: LlmUsage): usage is Counted {
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = usage;
  return inputTokens !== undefined && outputTokens !== undefined && cacheReadTokens !== undefined && cacheWriteTokens !== undefined;
}

/** Tokens that stood in the window at once: the most of one pass. */
export function contextTokens(usage: LlmUsage | undefined, billing: LlmBilling | undefined): number | undefined {
  const passes = billing?.passes?.map(({ inputTokens = 0 }) => inputTokens) ?? [];
  return passes.length === 0 ? usage?.inputTokens : Math.max(...passes);
}

export function contextWindowOf(pricing: () => Pricing, call: PricedCall): number | undefined {
  for (const model of call.models) {
    const window = model === undefined ? undefined : pricing().contextWindowOf({ provider: call.provider, model });
    if (window !== undefined) return window;
  }
  return undefined;
}
