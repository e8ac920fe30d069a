/** Gemini's usage: counts by kind and by medium, the traffic that a call was served with, and searches of the service. */
import type { LlmUsage } from '../../semconv/telemetry.ts';
import type { AnswerFacts } from '../facts/answer.ts';
import { asTokens, keepKnown, wordOf } from '../facts/usage.ts';
import { asArray, asObject, asText, type JsonObject } from '../read/json.ts';

/** As they stand in `usageMetadata`: the prompt with what the cache gave, the candidates without the thoughts. */
interface Told {
  prompt?: number | undefined;
  toolUse?: number | undefined;
  candidates?: number | undefined;
  thoughts?: number | undefined;
  cached?: number | undefined;
  audioInput?: number | undefined;
  imageInput?: number | undefined;
  audioOutput?: number | undefined;
  imageOutput?: number | undefined;
}

/** `trafficType` where it is another than the usual one, by the word of the price lists. */
const ON_DEMAND = 'on_demand';

export class GeminiUsage {
  readonly #facts: AnswerFacts;
  #told: Told = {};

  constructor(facts: AnswerFacts) {
    this.#facts = facts;
  }

  /** Each part of a stream tells what is known so far. */
  read(value: unknown): void {
    const usage = asObject(value);
    if (usage === undefined) return;
    this.#told = keepKnown(this.#told, toldIn(usage));
    this.#facts.usage = usageOf(this.#told);
    const tier = tierOf(usage);
    if (tier !== undefined) this.#facts.billing.serviceTier = tier;
  }

  /** The service searched by itself; it bills that apart from tokens. */
  readSearches(count: number): void {
    const { billing } = this.#facts;
    billing.providerTools = { ...billing.providerTools, google_search: Math.max(billing.providerTools?.['google_search'] ?? 0, count) };
  }
}

function toldIn(usage: JsonObject): Told {
  return {
    prompt: asTokens(usage['promptTokenCount']),
    toolUse: asTokens(usage['toolUsePromptTokenCount']),
    candidates: asTokens(usage['candidatesTokenCount'] ?? usage['responseTokenCount']),
    thoughts: asTokens(usage['thoughtsTokenCount']),
    cached: asTokens(usage['cachedContentTokenCount']),
    audioInput: tokensOf('AUDIO', usage['promptTokensDetails']),
    imageInput: tokensOf('IMAGE', usage['promptTokensDetails']),
    audioOutput: tokensOf('AUDIO', usage['candidatesTokensDetails'] ?? usage['responseTokensDetails']),
    imageOutput: tokensOf('IMAGE', usage['candidatesTokensDetails'] ?? usage['responseTokensDetails']),
  };
}

/** Of one medium in a list such as `[{ modality: 'TEXT', tokenCount: 12 }]`. */
function tokensOf(medium: string, details: unknown): number | undefined {
  const found = asArray(details)
    .map(asObject)
    .find((detail) => detail?.['modality'] === medium);
  return asTokens(found?.['tokenCount']);
}

function usageOf({ prompt, toolUse, candidates, thoughts, cached, ...media }: Told): LlmUsage {
  return {
    inputTokens: prompt === undefined ? undefined : prompt + (toolUse ?? 0),
    outputTokens: candidates === undefined && thoughts === undefined ? undefined : (candidates ?? 0) + (thoughts ?? 0),
    cacheReadTokens: cached,
    reasoningTokens: thoughts,
    audioInputTokens: media.audioInput,
    imageInputTokens: media.imageInput,
    audioOutputTokens: media.audioOutput,
    imageOutputTokens: media.imageOutput,
  };
}

/** @example 'flex' of `ON_DEMAND_FLEX`; `undefined` of `ON_DEMAND` */
function tierOf(usage: JsonObject): string | undefined {
  const traffic = wordOf(asText(usage['trafficType']));
  if (traffic === undefined || traffic === 'traffic_type_unspecified') return undefined;
  if (traffic === ON_DEMAND) return undefined;
  return traffic.startsWith(`${ON_DEMAND}_`) ? traffic.slice(ON_DEMAND.length + 1) : traffic;
}
