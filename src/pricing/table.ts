/** Prices and context windows by model, from the built-in table and the user's file. */
import { amountOf, feesOf, pricesAt, type Lack, type PricedUsage } from './amount.ts';
import { packedTable, tableVersion } from './generated/table.ts';
import { findModel, type FoundModel } from './match.ts';
import { readOverrides, type Overrides } from './overrides.ts';
import type { PackedModel, PackedPrices, PackedProvider } from './packed.ts';
import { hiddenFees, publishedPrices, standardWords, type Dimension } from './published.ts';
import { readRefreshed, type Places, type Refreshed } from './refreshed.ts';

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
  /** The row by which it is priced now; for those who look the prices up. */
  rowOf: (name: ModelName) => ShownRow | undefined;
  /** Of the table that stands behind the user's file. */
  readonly tableVersion: string;
  /** With the user's file; nothing of it is used then. */
  readonly problems: readonly string[];
  /** With the fetched table; the built-in one is used then. */
  readonly tableProblem: string | undefined;
}

export interface ShownRow {
  /** Tokens; 0 where it is not known. */
  readonly contextWindow: number;
  readonly prices: PackedPrices;
  readonly tableVersion: string;
}

/** The user's file (empty for none), and where a fetched table is. */
export interface PriceFiles extends Partial<Places> {
  readonly pricesFile?: string;
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

const OWN_FILE = 'own prices file';
const noOverrides: Overrides = { models: new Map(), providers: new Map(), problems: [] };

/** A price table by the user's files, as settings name them. Nothing is read or parsed before the first question. */
export function createPricing({ pricesFile = '', cacheFolder, stateFolder, dataFolder, home }: PriceFiles = {}): Pricing {
  const remembered = new Map<string, Map<string, Found>>();
  let rememberedModels = 0;
  let providers: ReadonlyMap<string, PackedProvider> | undefined;
  let overrides: Overrides | undefined;
  let fetched: Refreshed | undefined;
  const own = (): Overrides => (overrides ??= pricesFile === '' ? noOverrides : readOverrides(pricesFile));
  const refreshed = (): Refreshed => {
    const isPlaced = cacheFolder !== undefined && stateFolder !== undefined && dataFolder !== undefined;
    return (fetched ??= isPlaced ? readRefreshed({ cacheFolder, stateFolder, dataFolder, home }) : {});
  };
  const version = (): string => refreshed().table?.version ?? tableVersion;
  const table = (): ReadonlyMap<string, PackedProvider> => {
    if (providers !== undefined) return providers;
    const rows = refreshed().table?.providers ?? (JSON.parse(packedTable) as PackedProvider[]);
    return (providers = new Map(rows.map((provider) => [provider.id, provider])));
  };

  function find({ provider, model }: ModelName): Found {
    if (provider.length > maxNameLength || model.length > maxNameLength) return nothing;
    const known = remembered.get(provider)?.get(model);
    if (known !== undefined) return known;
    const mine = ownModel(own(), provider.toLowerCase(), model.toLowerCase());
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
      return { amount, tableVersion: row === undefined ? OWN_FILE : version() };
    },
    contextWindowOf(name) {
      const window = find(name).entry?.[1] ?? 0;
      return window > 0 ? window : undefined;
    },
    rowOf(name) {
      const { entry, row } = find(name);
      if (entry === undefined) return undefined;
      const prices = pricesAt(entry[2], Date.now());
      return { contextWindow: entry[1], prices, tableVersion: row === undefined ? OWN_FILE : version() };
    },
    get tableVersion() {
      return version();
    },
    get problems() {
      return own().problems;
    },
    get tableProblem() {
      return refreshed().problem;
    },
  };
}

function ownModel({ models, providers }: Overrides, provider: string, model: string): PackedModel | undefined {
  return providers.get(provider)?.get(model) ?? models.get(model);
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
  return {
    inputTokens: tokensOf(usage.inputTokens),
    outputTokens: tokensOf(usage.outputTokens),
    cacheReadTokens: tokensOf(usage.cacheReadTokens),
    cacheWriteTokens: tokensOf(usage.cacheWriteTokens),
    cacheWriteHourTokens: tokensOf(usage.cacheWriteHourTokens),
    audioInputTokens: tokensOf(usage.audioInputTokens),
    audioOutputTokens: tokensOf(usage.audioOutputTokens),
    imageInputTokens: tokensOf(usage.imageInputTokens),
    imageOutputTokens: tokensOf(usage.imageOutputTokens),
    reasoningTokens: tokensOf(usage.reasoningTokens),
  };
}

function tokensOf(count: number | undefined): number {
  return count !== undefined && Number.isFinite(count) && count > 0 ? count : 0;
}
