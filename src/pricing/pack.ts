/** Packs the data of genai-prices, as it is published, into our table. What cannot be read is left out and counted. */
import { isPackedModel } from './check.ts';
import { priceKeys, type ConditionalPrices, type PackedMatch, type PackedModel, type PackedPrice, type PackedPrices } from './packed.ts';
import type { PackedProvider } from './packed.ts';

/** Providers that the wire can name, and the ones they fall back to. Bundlers of hundreds of models report their own cost. */
export const packedProviders = [
  'anthropic',
  'openai',
  'azure',
  'aws',
  'google',
  'mistral',
  'cohere',
  'deepseek',
  'groq',
  'x-ai',
  'perplexity',
  'moonshotai',
  'cerebras',
  'together',
  'fireworks',
  'zhipuai',
  'minimax',
] as const;

export interface Packed {
  readonly providers: PackedProvider[];
  /** Models whose rules or prices could not be read. */
  readonly leftOut: number;
}

type Row = Readonly<Record<string, unknown>>;

/** `document`: the list of providers; `undefined` where it is none, or lacks one of ours. */
export function packData(document: unknown): Packed | undefined {
  if (!Array.isArray(document)) return undefined;
  const providers: PackedProvider[] = [];
  let leftOut = 0;
  for (const id of packedProviders) {
    const provider = (document as unknown[]).map(rowOf).find((row) => row['id'] === id);
    const models = listOf(provider?.['models']).map((model) => packModel(rowOf(model)));
    const kept = models.filter((model) => model !== undefined);
    if (kept.length === 0) return undefined;
    leftOut += models.length - kept.length;
    const fallback = listOf(provider?.['fallback_model_providers']).filter((name) => packedProviders.some((known) => known === name));
    const isNamed = provider?.['fallback_model_providers'] !== undefined;
    providers.push({ id, ...(isNamed ? { fallback: fallback as string[] } : {}), models: kept });
  }
  return { providers, leftOut };
}

function packModel({ match, context_window: window = 0, prices }: Row): PackedModel | undefined {
  const model = [
    packMatch(rowOf(match)),
    window,
    Array.isArray(prices) ? prices.map((each) => packConditional(rowOf(each))) : packPrices(rowOf(prices)),
  ];
  return isPackedModel(model) ? model : undefined;
}

function packConditional({ constraint, prices }: Row): ConditionalPrices {
  const { start_date: from, start_time: start, end_time: end } = rowOf(constraint);
  const packed = packPrices(rowOf(prices));
  if (from !== undefined) return { from: from as string, prices: packed };
  return start === undefined ? { prices: packed } : { hours: [start as string, end as string], prices: packed };
}

/** Trailing gaps are cut; a tiered price is `[base, start, price, start, price, ...]`. */
function packPrices(prices: Row): PackedPrices {
  const packed: PackedPrices = priceKeys.map((key) => packPrice(prices[key]));
  while (packed.length > 0 && packed.at(-1) === null) packed.pop();
  return packed;
}

function packPrice(price: unknown): PackedPrice {
  if (price === undefined || price === null) return null;
  if (typeof price === 'number') return price;
  const { base, tiers } = rowOf(price);
  const steps = listOf(tiers).map(rowOf) as { start: number; price: number }[];
  return [base as number, ...steps.sort((a, b) => a.start - b.start).flatMap(({ start, price: above }) => [start, above])];
}

function packMatch(match: Row): PackedMatch {
  if ('or' in match) return listOf(match['or']).flatMap((each) => packMatch(rowOf(each)) as string);
  if ('and' in match) return { and: listOf(match['and']).map((each) => packMatch(rowOf(each))) };
  for (const [name, sign] of SIGNS) if (typeof match[name] === 'string') return `${sign}${match[name].toLowerCase()}`;
  // What is no rule is refused by the check.
  return typeof match['regex'] === 'string' ? `/${match['regex']}` : '';
}

const SIGNS = [
  ['equals', '='],
  ['starts_with', '^'],
  ['ends_with', '$'],
  ['contains', '*'],
] as const;

function rowOf(value: unknown): Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Row) : {};
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
