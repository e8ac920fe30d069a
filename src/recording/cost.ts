/** What a call cost and how full its context window was, from the price table or from what the provider said. */
import type { LlmUsage } from '../semconv/telemetry.ts';

/** The part of the pricing room that is used here; loaded at the first priced call. */
export interface Pricing {
  priceOf(call: {
    provider: string;
    model: string;
    usage: { inputTokens: number; outputTokens: number; cacheReadTokens: number; cacheWriteTokens: number };
    time: number;
  }): { amount: number; tableVersion: string } | undefined;
  contextWindowOf(call: { provider: string; model: string }): number | undefined;
}

export interface Cost {
  amount: number;
  source: 'provider' | 'local';
  tableVersion: string | undefined;
}

export interface PricedCall {
  provider: string;
  /** Tried in this order; the answer's model first. */
  models: readonly (string | undefined)[];
  usage: LlmUsage | undefined;
  providerCost: number | undefined;
  time: number;
}

/** undefined when the model is unknown or no usage came: no price is not a price of 0. */
export function costOf(pricing: () => Pricing, call: PricedCall): Cost | undefined {
  if (call.providerCost !== undefined) return { amount: call.providerCost, source: 'provider', tableVersion: undefined };
  const { usage } = call;
  if (usage?.inputTokens === undefined && usage?.outputTokens === undefined) return undefined;
  const counted = {
    inputTokens: usage.inputTokens ?? 0,
    outputTokens: usage.outputTokens ?? 0,
    cacheReadTokens: usage.cacheReadTokens ?? 0,
    cacheWriteTokens: usage.cacheWriteTokens ?? 0,
  };
  for (const model of call.models) {
    if (model === undefined) continue;
    const price = pricing().priceOf({ provider: call.provider, model, usage: counted, time: call.time });
    if (price !== undefined) return { amount: price.amount, source: 'local', tableVersion: price.tableVersion };
  }
  return undefined;
}

export function contextWindowOf(pricing: () => Pricing, call: PricedCall): number | undefined {
  for (const model of call.models) {
    const window = model === undefined ? undefined : pricing().contextWindowOf({ provider: call.provider, model });
    if (window !== undefined) return window;
  }
  return undefined;
}
