/**
 * What providers publish beside their standard prices and the generated table lacks: tiers, speeds, regions. Kept by hand; each
 * row has the page that says it and the day on which it was read. What is in no row has no price.
 */
import type { PackedPrices } from './packed.ts';

export type Dimension = 'serviceTier' | 'speed' | 'region';

/** Words that mean the standard price. */
export const standardWords: Readonly<Record<Dimension, ReadonlySet<string>>> = {
  serviceTier: new Set(['default', 'standard', 'standard_only', 'auto', 'on_demand']),
  speed: new Set(['standard', 'normal']),
  region: new Set(['global', 'not_available', 'unknown']),
};

export interface PublishedPrice {
  /** As in the generated table. */
  readonly provider: string;
  readonly dimension: Dimension;
  readonly value: RegExp;
  readonly models: RegExp;
  /** The factor on every price of tokens; fees of tools stay. */
  readonly times?: number;
  /** In place of the row's prices: USD per million input, output and cached tokens. */
  readonly prices?: PackedPrices;
  /** A longer prompt is not sold so. */
  readonly maxInputTokens?: number;
  readonly source: string;
  readonly read: string;
}

const any = /^/;
/** OpenAI names no figure: the shortest of the prompts that its models call long. */
const LONG_CONTEXT = 128_000;

const priority = (models: RegExp, input: number, cached: number, output: number): PublishedPrice => ({
  ...{ provider: 'openai', dimension: 'serviceTier', value: /^priority$/, models, prices: [input, output, cached] },
  ...{ maxInputTokens: LONG_CONTEXT, source: 'https://openai.com/api-priority-processing/', read: '2026-11-29' },
});
const fast = (models: RegExp, times: number): PublishedPrice => ({
  ...{ provider: 'anthropic', dimension: 'speed', value: /^fast$/, models, times },
  ...{ source: 'https://platform.claude.com/docs/en/build-with-claude/fast-mode', read: '2026-11-29' },
});
const regional = (provider: string, value: RegExp, models: RegExp, times: number, source: string): PublishedPrice => ({
  ...{ provider, dimension: 'region', value, models, times, source, read: '2026-11-29' },
});

const openaiResidency = 'https://developers.openai.com/api/docs/guides/data-residency';

export const publishedPrices: readonly PublishedPrice[] = [
  {
    ...{ provider: 'openai', dimension: 'serviceTier', value: /^(?:flex|batch)$/, models: any, times: 0.5 },
    ...{ source: 'https://developers.openai.com/api/docs/guides/flex-processing', read: '2026-11-29' },
  },
  {
    ...{ provider: 'anthropic', dimension: 'serviceTier', value: /^batch$/, models: any, times: 0.5 },
    ...{ source: 'https://platform.claude.com/docs/en/about-claude/pricing#batch-processing', read: '2026-11-29' },
  },
  {
    ...{ provider: 'google', dimension: 'serviceTier', value: /^(?:flex|batch)$/, models: /^gemini-/, times: 0.5 },
    ...{ source: 'https://ai.google.dev/gemini-api/docs/optimization', read: '2026-11-30' },
  },
  priority(/^gpt-5[.-]5(?:-2026-04-2[34])?$/, 12.5, 1.25, 75),
  priority(/^gpt-5[.-]4-mini(?:-2026-03-17)?$/, 1.5, 0.15, 9),
  priority(/^gpt-5[.-]4(?:-2026-03-05)?$/, 5, 0.5, 30),
  priority(/^gpt-5[.-]2(?:-2025-12-11)?$/, 3.5, 0.35, 28),
  priority(/^gpt-5[.-]1(?:-2025-11-13|-codex)?$/, 2.5, 0.25, 20),
  priority(/^gpt-5(?:-2025-08-07|-codex)?$/, 2.5, 0.25, 20),
  priority(/^gpt-5-mini(?:-2025-08-07)?$/, 0.45, 0.045, 3.6),
  priority(/^gpt-4\.1(?:-2025-04-14)?$/, 3.5, 0.875, 14),
  fast(/^claude-opus-4[.-][67]\b/, 6),
  fast(/^claude-opus-(?:4[.-]8|5)(?:-\d{8})?$/, 2),
  regional(
    'anthropic',
    /^us$/,
    /^claude-(?:opus|sonnet)-4[.-][6-9]\b|^claude-(?:opus|sonnet|haiku)-[5-9]|^claude-(?:fable|mythos)/,
    1.1,
    'https://platform.claude.com/docs/en/manage-claude/data-residency',
  ),
  // The uplift is for models that were released on or after 2026-03-05, which was GPT-5.4's day.
  regional('openai', any, /^(?:gpt-5[.-][4-9]|gpt-[6-9])/, 1.1, openaiResidency),
  regional('openai', any, /^(?:gpt-3|gpt-4|chatgpt-|o[134]\b|gpt-5(?:$|-)|gpt-5[.-][1-3])/, 1, openaiResidency),
  // The table has what Bedrock asks in these two, and names Claude's regional prices by the id of the model.
  regional('aws', /^us-(?:east-1|west-2)$/, any, 1, 'https://aws.amazon.com/bedrock/pricing/'),
  regional('aws', any, /claude/, 1, 'https://aws.amazon.com/bedrock/pricing/'),
  regional('google', any, /^gemini-(?:1\.5|2\.)/, 1, 'https://cloud.google.com/vertex-ai/generative-ai/pricing'),
];

/** Models whose every call runs a tool at a fee that no usage tells. */
export const hiddenFees: readonly (readonly [models: RegExp, lacks: string])[] = [[/^gpt-[\w.-]+-search-(?:preview|api)/, 'web search']];
