/** Prices and context windows by model, from the built-in table and the user's file. */
import { amountOf, pricesAt, type PricedUsage } from './amount.ts';
import { packedTable, tableVersion } from './generated/table.ts';
import { findModel } from './match.ts';
import { readOverrides, type Overrides } from './overrides.ts';
import type { PackedModel, PackedProvider } from './packed.ts';

export interface ModelName {
  /** `gen_ai.provider.name`. */
  provider: string;
  model: string;
}

export interface Pricing {
  /**
   * What a call costs in USD, and by which table. undefined for an unknown model: no price is not a price of 0.
   * `time` is epoch ms, since prices change. Example: `priceOf({ provider: 'openai', model: 'gpt-4.1-mini', usage, time: Date.now() })`
   */
  priceOf: (call: ModelName & { usage: PricedUsage; time: number }) => { amount: number; tableVersion: string } | undefined;
  /** Tokens that fit into the model's context; undefined when not known. */
  contextWindowOf: (name: ModelName) => number | undefined;
  /** What was wrong with the user's file. */
  readonly problems: readonly string[];
}

/** Models remembered by name; a swarm uses a handful, the limit is for names made up per call. */
const maxRemembered = 500;

/** A price table; `pricesFile` is the user's, empty for none. Nothing is parsed before the first question. */
export function createPricing(pricesFile = ''): Pricing {
  const remembered = new Map<string, PackedModel | undefined>();
  let providers: ReadonlyMap<string, PackedProvider> | undefined;
  let overrides: Overrides | undefined;
  const own = (): Overrides => (overrides ??= pricesFile === '' ? { models: new Map(), problems: [] } : readOverrides(pricesFile));
  const table = (): ReadonlyMap<string, PackedProvider> =>
    (providers ??= new Map((JSON.parse(packedTable) as PackedProvider[]).map((provider) => [provider.id, provider])));

  function find({ provider, model }: ModelName): PackedModel | undefined {
    const key = `${provider}\n${model}`;
    if (remembered.has(key)) return remembered.get(key);
    const found = ownModel(model) ?? findModel(table(), provider, model);
    if (remembered.size >= maxRemembered) remembered.clear();
    remembered.set(key, found);
    return found;
  }

  function ownModel(model: string): PackedModel | undefined {
    return own().models.get(model.toLowerCase());
  }

  return {
    priceOf(call) {
      const found = find(call);
      const amount = found === undefined ? undefined : amountOf(pricesAt(found[2], call.time), clean(call.usage));
      if (amount === undefined) return undefined;
      return { amount, tableVersion: ownModel(call.model) === undefined ? tableVersion : 'own prices file' };
    },
    contextWindowOf(name) {
      const window = find(name)?.[1] ?? 0;
      return window > 0 ? window : undefined;
    },
    get problems() {
      return own().problems;
    },
  };
}

/** A negative or absurd count from the wire costs nothing. */
function clean(usage: PricedUsage): PricedUsage {
  const tokens = (count: number): number => (Number.isFinite(count) && count > 0 ? count : 0);
  return {
    inputTokens: tokens(usage.inputTokens),
    outputTokens: tokens(usage.outputTokens),
    cacheReadTokens: tokens(usage.cacheReadTokens),
    cacheWriteTokens: tokens(usage.cacheWriteTokens),
  };
}
