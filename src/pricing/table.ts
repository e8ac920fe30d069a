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
  /** In USD; undefined for an unknown model. `time` is epoch ms. @example priceOf({ provider, model, usage, time }) */
  priceOf: (call: ModelName & { usage: PricedUsage; time: number }) => { amount: number; tableVersion: string } | undefined;
  /** Tokens that fit into the model's context; undefined when not known. */
  contextWindowOf: (name: ModelName) => number | undefined;
  readonly problems: readonly string[];
}

interface Found {
  readonly entry: PackedModel | undefined;
  /** From the user's file. */
  readonly isOwn: boolean;
}

/** Models remembered by name; a swarm uses a handful, the limit is for names made up per call. */
const maxRemembered = 500;

/** A price table; `pricesFile` is the user's, empty for none. Nothing is parsed before the first question. */
export function createPricing(pricesFile = ''): Pricing {
  const remembered = new Map<string, Map<string, Found>>();
  let rememberedModels = 0;
  let providers: ReadonlyMap<string, PackedProvider> | undefined;
  let overrides: Overrides | undefined;
  const own = (): Overrides => (overrides ??= pricesFile === '' ? { models: new Map(), problems: [] } : readOverrides(pricesFile));
  const table = (): ReadonlyMap<string, PackedProvider> =>
    (providers ??= new Map((JSON.parse(packedTable) as PackedProvider[]).map((provider) => [provider.id, provider])));

  function find({ provider, model }: ModelName): Found {
    const known = remembered.get(provider)?.get(model);
    if (known !== undefined) return known;
    const mine = own().models.get(model.toLowerCase());
    const found: Found = { entry: mine ?? findModel(table(), provider, model), isOwn: mine !== undefined };
    if (++rememberedModels > maxRemembered) {
      remembered.clear();
      rememberedModels = 1;
    }
    const ofProvider = remembered.get(provider) ?? new Map<string, Found>();
    remembered.set(provider, ofProvider.set(model, found));
    return found;
  }

  return {
    priceOf(call) {
      const { entry, isOwn } = find(call);
      const amount = entry === undefined ? undefined : amountOf(pricesAt(entry[2], call.time), clean(call.usage));
      return amount === undefined ? undefined : { amount, tableVersion: isOwn ? 'own prices file' : tableVersion };
    },
    contextWindowOf(name) {
      const window = find(name).entry?.[1] ?? 0;
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
