/** Prices LLM calls that arrived without a price: other tools report tokens but no cost. */
import { createPricing, type PriceFiles } from '../pricing/index.ts';
import * as names from '../semconv/index.ts';
import type { Attributes, AttributeValue, SpanRow } from './model.ts';
import { classify, textOf, tokensOf } from './span-tree.ts';
import { usageBy } from '../semconv/usage.ts';

/**
 * Adds cost and context use to ended LLM calls that have tokens only. A model in no table gets none, not a price of 0.
 * @example rows.spans.map(createPricer(settings))
 */
export function createPricer(files: PriceFiles = {}): (span: SpanRow) => SpanRow {
  const pricing = createPricing(files);

  function facts({ attributes, startMs }: SpanRow): Record<string, AttributeValue> {
    const inputTokens = tokensOf(attributes, names.ATTR_GEN_AI_USAGE_INPUT_TOKENS);
    const isOutputTold = tokensOf(attributes, names.ATTR_GEN_AI_USAGE_OUTPUT_TOKENS) !== undefined;
    const isEmbedding = attributes[names.ATTR_GEN_AI_OPERATION_NAME] === names.GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS;
    const usage = usageBy((name) => tokensOf(attributes, name) ?? 0);
    const billing = { serviceTier: textOf(attributes, names.ATTR_OPENAI_RESPONSE_SERVICE_TIER)?.toLowerCase() };
    const provider = textOf(attributes, names.ATTR_GEN_AI_PROVIDER_NAME) ?? '';
    const found: Record<string, AttributeValue> = {};
    for (const name of [names.ATTR_GEN_AI_RESPONSE_MODEL, names.ATTR_GEN_AI_REQUEST_MODEL]) {
      const model = textOf(attributes, name);
      if (model === undefined) continue;
      const price = pricing.priceOf({ provider, model, usage, billing, time: startMs });
      const limit = inputTokens === undefined ? undefined : pricing.contextWindowOf({ provider, model });
      if (limit !== undefined) Object.assign(found, contextAttributes(inputTokens ?? 0, limit));
      if (price === undefined) continue;
      const isWhole = inputTokens !== undefined && (isOutputTold || isEmbedding);
      const lacks = price.amount === undefined ? price.lacks : isWhole ? undefined : 'tokens not told';
      if (lacks !== undefined) found[names.ATTR_SWARMSCOPE_COST_UNPRICED] = lacks;
      else if (price.amount !== undefined) Object.assign(found, costAttributes(price));
      break;
    }
    return found;
  }

  return (span) => (needsPrice(span) ? { ...span, attributes: { ...facts(span), ...span.attributes } } : span);
}

function needsPrice({ endMs, attributes }: SpanRow): boolean {
  if (endMs === undefined || classify(attributes) !== 'llm') return false;
  // Who recorded it knew more of what was billed than a span tells.
  const isSettled = [names.ATTR_SWARMSCOPE_COST_AMOUNT, names.ATTR_SWARMSCOPE_COST_UNPRICED].some((name) => attributes[name] !== undefined);
  return !isSettled && hasTokens(attributes);
}

function hasTokens(attributes: Attributes): boolean {
  return (
    tokensOf(attributes, names.ATTR_GEN_AI_USAGE_INPUT_TOKENS) !== undefined ||
    tokensOf(attributes, names.ATTR_GEN_AI_USAGE_OUTPUT_TOKENS) !== undefined
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
