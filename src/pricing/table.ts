/** Prices and context windows by model, from the built-in table and the user's file. */
import { amountOf, feesOf, pricesAt, type Lack, type PricedUsage } from './amount.ts';
import { packedTable, tableVersion } from './generated/table.ts';
import { findModel, type FoundModel } from './match.ts';
import { readOverrides, type Overrides } from './overrides.ts';
import type { PackedModel, PackedPrices, PackedProvider } from './packed.ts';
import { hiddenFees, publishedPrices, standardWords, type Dimension } from './published.ts';

export interface ModelName {
  /** `gen_ai.provider.name`. */
  provider: string;
  model: string;
}

/** What decides a price beside tokens, in the provider's words. */
export interface Billing {
  serviceTier?: string | undefined;
  speed?: string | undefined;
  region?: string | undefined;
  providerTools?: Readonly<Record<string, number>> | undefined;
}

export interface PricedCall extends ModelName {
  usage: PricedUsage;
  /** The passes whose sum `usage` is: each is priced by itself. */
  passes?: readonly PricedUsage[] | undefined;
  /** Default: the standard price of the tokens. */
  billing?: Billing | undefined;
  /** Epoch ms. */
  time: number;
}

export interface Price {
  /** USD. */
  readonly amount: number;
  readonly tableVersion: string;
  readonly lacks?: never;
}

export interface Pricing {
  /** undefined for an unknown model; what is lacking for one that is known. @example priceOf({ provider, model, usage, time }) */
  priceOf: (call: PricedCall) => Price | (Lack & { readonly amount?: never }) | undefined;
  /** Tokens that fit into the model's context; undefined when not known. */
  contextWindowOf: (name: ModelName) => number | undefined;
  readonly problems: readonly string[];
}

interface Found {
  readonly entry: PackedModel | undefined;
  /** Where in the table; absent for a model of the user's file. */
  readonly row?: FoundModel | undefined;
}

/** Models remembered by name; a swarm uses a handful, the limit is for names made up per call. */
const maxRemembered = 500;
/** Longest name of a model or provider that is looked for; no table has one of this length. */
const maxNameLength = 256;
const nothing: Found = { entry: undefined };

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
    if (provider.length > maxNameLength || model.length > maxNameLength) return nothing;
    const known = remembered.get(provider)?.get(model);
    if (known !== undefined) return known;
    const mine = own().models.get(model.toLowerCase());
    const row = mine === undefined ? findModel(table(), provider, model) : undefined;
    const found: Found = { entry: mine ?? row?.model, row };
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
      const { entry, row } = find(call);
      const amount = entry === undefined ? undefined : priceBy(pricesAt(entry[2], call.time), row, call);
      if (typeof amount !== 'number') return amount;
      return { amount, tableVersion: row === undefined ? 'own prices file' : tableVersion };
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

function priceBy(standard: PackedPrices, row: FoundModel | undefined, { usage, passes, billing }: PricedCall): number | Lack | undefined {
  const terms = billing === undefined ? { prices: standard, times: 1 } : termsOf(standard, row, usage.inputTokens, billing);
  if ('lacks' in terms) return terms;
  let sum = 0;
  for (const pass of passes ?? [usage]) {
    const amount = amountOf(terms.prices, clean(pass));
    if (typeof amount !== 'number') return amount;
    sum += amount * terms.times;
  }
  const fees = feesOf(standard, billing?.providerTools);
  return typeof fees === 'number' ? sum + fees : fees;
}

/** The prices and the factor by which tier, speed and region of the call change them. */
function termsOf(
  standard: PackedPrices,
  row: FoundModel | undefined,
  inputTokens: number,
  billing: Billing,
): { prices: PackedPrices; times: number } | Lack {
  const hidden = row === undefined ? undefined : hiddenFees.find(([models]) => models.test(row.name));
  if (hidden !== undefined) return { lacks: hidden[1] };
  let [prices, times] = [standard, 1];
  for (const dimension of ['serviceTier', 'speed', 'region'] as const) {
    const value = billing[dimension];
    if (value === undefined || value === '' || standardWords[dimension].has(value)) continue;
    const published = publishedPrices.find(
      (each) =>
        each.dimension === dimension &&
        each.provider === row?.provider &&
        each.value.test(value) &&
        each.models.test(row.name) &&
        inputTokens <= (each.maxInputTokens ?? Infinity),
    );
    if (published === undefined) return { lacks: nameOf(dimension, value) };
    prices = published.prices ?? prices;
    times *= published.times ?? 1;
  }
  return { prices, times };
}

function nameOf(dimension: Dimension, value: string): string {
  if (dimension === 'region') return `region ${value}`;
  return `${value} ${dimension === 'speed' ? 'speed' : 'tier'}`;
}

/** A negative or absurd count from the wire costs nothing. */
function clean(usage: PricedUsage): PricedUsage {
  const tokens = (count: number | undefined): number => (count !== undefined && Number.isFinite(count) && count > 0 ? count : 0);
  return {
    inputTokens: tokens(usage.inputTokens),
    outputTokens: tokens(usage.outputTokens),
    cacheReadTokens: tokens(usage.cacheReadTokens),
    cacheWriteTokens: tokens(usage.cacheWriteTokens),
    cacheWriteHourTokens: tokens(usage.cacheWriteHourTokens),
    audioInputTokens: tokens(usage.audioInputTokens),
    audioOutputTokens: tokens(usage.audioOutputTokens),
    imageInputTokens: tokens(usage.imageInputTokens),
    imageOutputTokens: tokens(usage.imageOutputTokens),
    reasoningTokens: tokens(usage.reasoningTokens),
  };
}
