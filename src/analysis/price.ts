/** Prices LLM calls that arrived without a price: other tools report tokens but no cost. */
import { createPricing } from '../pricing/index.ts';
import * as names from '../semconv/index.ts';
import type { Attributes, AttributeValue, SpanRow } from './model.ts';
import { classify, numberOf, textOf } from './span-tree.ts';

/**
 * Adds cost and context use to ended LLM calls that have tokens only. A model in no table gets none, not a price of 0.
 * @example rows.spans.map(createPricer(settings.pricesFile))
 */
export function createPricer(pricesFile = ''): (span: SpanRow) => SpanRow {
  const pricing = createPricing(pricesFile);

  function facts({ attributes, startMs }: SpanRow): Record<string, AttributeValue> {
    const tokens = (name: string): number => numberOf(attributes, name) ?? 0;
    const inputTokens = numberOf(attributes, names.ATTR_GEN_AI_USAGE_INPUT_TOKENS);
    const usage = {
      inputTokens: inputTokens ?? 0,
      outputTokens: tokens(names.ATTR_GEN_AI_USAGE_OUTPUT_TOKENS),
      cacheReadTokens: tokens(names.ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS),
      cacheWriteTokens: tokens(names.ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS),
    };
    const provider = textOf(attributes, names.ATTR_GEN_AI_PROVIDER_NAME) ?? '';
    const found: Record<string, AttributeValue> = {};
    for (const name of [names.ATTR_GEN_AI_RESPONSE_MODEL, names.ATTR_GEN_AI_REQUEST_MODEL]) {
      const model = textOf(attributes, name);
      if (model === undefined) continue;
      const price = pricing.priceOf({ provider, model, usage, time: startMs });
      const limit = inputTokens === undefined ? undefined : pricing.contextWindowOf({ provider, model });
      if (price !== undefined) Object.assign(found, costAttributes(price));
      if (limit !== undefined) Object.assign(found, contextAttributes(inputTokens ?? 0, limit));
      if (price !== undefined) break;
    }
    return found;
  }

  return (span) => (needsPrice(span) ? { ...span, attributes: { ...facts(span), ...span.attributes } } : span);
}

function needsPrice({ endMs, attributes }: SpanRow): boolean {
  if (endMs === undefined || attributes[names.ATTR_SWARMSCOPE_COST_AMOUNT] !== undefined || classify(attributes) !== 'llm') return false;
  return hasTokens(attributes);
}

function hasTokens(attributes: Attributes): boolean {
  return (
    numberOf(attributes, names.ATTR_GEN_AI_USAGE_INPUT_TOKENS) !== undefined ||
    numberOf(attributes, names.ATTR_GEN_AI_USAGE_OUTPUT_TOKENS) !== undefined
  );
}

function costAttributes({ amount, tableVersion }: { amount: number; tableVersion: string }): Record<string, AttributeValue> {
  return {
    [names.ATTR_SWARMSCOPE_COST_AMOUNT]: amount,
    [names.ATTR_SWARMSCOPE_COST_CURRENCY]: 'USD',
    [names.ATTR_SWARMSCOPE_COST_SOURCE]: names.SWARMSCOPE_COST_SOURCE_VALUE_LOCAL,
    [names.ATTR_SWARMSCOPE_COST_PRICE_TABLE_VERSION]: tableVersion,
  };
}

function contextAttributes(used: number, limit: number): Record<string, AttributeValue> {
  return {
    [names.ATTR_SWARMSCOPE_CONTEXT_USAGE]: used,
    [names.ATTR_SWARMSCOPE_CONTEXT_LIMIT]: limit,
    [names.ATTR_SWARMSCOPE_CONTEXT_UTILIZATION]: used / limit,
  };
}
