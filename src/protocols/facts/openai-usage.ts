/** The usage of the OpenAI family, wherever it stands and however it is spelt: what providers and gateways really send. */
import type { LlmUsage } from '../../semconv/telemetry.ts';
import type { AnswerFacts } from './answer.ts';
import { readBilling, readCost } from './cost.ts';
import { asTokens, keepKnown, providerTools, wordOf } from './usage.ts';
import { asObject, asText, type JsonObject } from '../read/json.ts';

/** Where a count stands: in `usage` itself, or in one of its objects. The first spelling that counts something is taken. */
type Spelling = readonly [key: string, inner?: string, innermost?: string];

const INPUTS = ['prompt_tokens_details', 'prompt_token_details', 'input_tokens_details', 'input_token_details'] as const;
const OUTPUTS = ['completion_tokens_details', 'output_tokens_details', 'output_token_details'] as const;
const within = (holders: readonly string[], ...keys: readonly string[]): Spelling[] =>
  keys.flatMap((key) => holders.map((holder) => [holder, key] as const));

const SPELLINGS = {
  prompt: [['prompt_tokens'], ['input_tokens'], ['tokens_evaluated']],
  // The last is llama.cpp's own word.
  completion: [['completion_tokens'], ['output_tokens'], ['tokens_predicted']],
  total: [['total_tokens']],
  // What Mistral's own tools brought into the prompt, beside it.
  connectors: [['connector_tokens']],
  // Of OpenAI; DeepSeek; Moonshot; Z.ai; Anthropic's words, by gateways.
  cacheRead: [
    ...within(INPUTS, 'cached_tokens', 'cache_read_tokens', 'cache_read_input_tokens'),
    ['prompt_cache_hit_tokens'],
    ['cached_tokens'],
    ['num_cached_tokens'],
    ['cached_prompt_tokens'],
    ['cache_read_input_tokens'],
    ['cache_read_tokens'],
  ],
  cacheMiss: [['prompt_cache_miss_tokens']],
  cacheWrite: [
    ...within(INPUTS, 'cache_write_tokens', 'cache_creation_tokens', 'cache_creation_input_tokens'),
    ['cache_write_tokens'],
    ['cache_write_input_tokens'],
    ['cache_creation_input_tokens'],
    ['cache_creation_tokens'],
  ],
  cacheWriteHour: [
    ['cache_creation', 'ephemeral_1h_input_tokens'],
    ...INPUTS.map((holder) => [holder, 'cache_creation_token_details', 'ephemeral_1h_input_tokens'] as const),
  ],
  reasoning: [...within(OUTPUTS, 'reasoning_tokens', 'thinking_tokens'), ['reasoning_tokens'], ['thinking_tokens']],
  audioInput: within(INPUTS, 'audio_tokens'),
  audioOutput: within(OUTPUTS, 'audio_tokens'),
  imageInput: within(INPUTS, 'image_tokens'),
  imageOutput: within(OUTPUTS, 'image_tokens'),
} as const satisfies Readonly<Record<string, readonly Spelling[]>>;

const LETTER_X = 0x78;

type Told = { -readonly [Name in keyof typeof SPELLINGS]?: number | undefined };

/** Before anything was told. */
const NOTHING: Told = {};

/** What stands in `usage` and costs more than tokens do: Perplexity's search and citations, xAI's live search. */
const UNPRICEABLE: readonly (readonly [key: string, name: string])[] = [
  ['citation_tokens', 'citation tokens'],
  ['num_sources_used', 'live search'],
];

export class OpenaiUsage {
  readonly #facts: AnswerFacts;
  #told: Told = NOTHING;

  constructor(facts: AnswerFacts) {
    this.#facts = facts;
  }

  /** A body, or one chunk of a stream. */
  readBody(body: JsonObject): void {
    const { billing } = this.#facts;
    billing.serviceTier = wordOf(body['service_tier']) ?? billing.serviceTier;
    this.#read(body['usage']);
    this.#readLlamaCpp(body);
    for (const key in body) if (key.charCodeAt(0) === LETTER_X && key.startsWith('x_')) this.#read(asObject(body[key])?.['usage']);
    readCost(this.#facts, body);
  }

  /** Moonshot writes it into the last choice. */
  readChoice(choice: JsonObject): void {
    this.#read(choice['usage']);
  }

  /** By its own path the counts stand in the answer itself; by OpenAI's, older ones tell of the cache in their times alone. */
  #readLlamaCpp(body: JsonObject): void {
    if (body['tokens_evaluated'] !== undefined) this.#read(body);
    const cached = asTokens(asObject(body['timings'])?.['cache_n']);
    if (cached === undefined || this.#told.prompt === undefined || (this.#told.cacheRead ?? 0) > 0) return;
    this.#told = { ...this.#told, cacheRead: cached };
    this.#facts.usage = settle(this.#told);
  }

  #read(value: unknown): void {
    const usage = asObject(value);
    if (usage === undefined) return;
    const told: Told = {};
    // Most have none but tokens.
    if (readTokens(usage, told)) this.#readOthers(usage);
    this.#told = this.#told === NOTHING ? told : keepKnown(this.#told, told);
    this.#facts.usage = settle(this.#told);
  }

  /** What a usage says beside tokens. */
  #readOthers(usage: JsonObject): void {
    const facts = this.#facts;
    readBilling(facts, usage);
    const { billing } = facts;
    const searches = asTokens(usage['num_search_queries']) ?? 0;
    // xAI's live search is billed by the sources that it used.
    const sources = asTokens(usage['num_sources_used']) ?? 0;
    const found = searches > 0 ? { web_search: searches } : sources > 0 ? { live_search: sources } : undefined;
    const tools = providerTools(usage['server_tool_use']) ?? providerTools(usage['connectors']) ?? found;
    billing.providerTools = tools ?? billing.providerTools;
    for (const [key, name] of UNPRICEABLE) if ((asTokens(usage[key]) ?? 0) > 0) billing.unpriceable ??= name;
    if (asText(usage['search_context_size']) !== undefined) billing.unpriceable ??= 'search context';
  }
}

/** By the first key of each spelling: a usage has few keys, and there are fifty spellings. Lower ranks are taken first. */
interface Place {
  readonly name: keyof Told;
  readonly rank: number;
  readonly inner: string | undefined;
  readonly innermost: string | undefined;
}

const PLACES = placesByKey();

function placesByKey(): ReadonlyMap<string, readonly Place[]> {
  const places = new Map<string, Place[]>();
  for (const name of Object.keys(SPELLINGS) as (keyof Told)[]) {
    (SPELLINGS[name] as readonly Spelling[]).forEach(([key, inner, innermost], rank) => {
      const known = places.get(key);
      if (known === undefined) places.set(key, [{ name, rank, inner, innermost }]);
      else known.push({ name, rank, inner, innermost });
    });
  }
  return places;
}

/** Plain loops: some providers send usage with every chunk. True where the usage has members that are no tokens. */
function readTokens(usage: JsonObject, told: Told): boolean {
  const ranks: Partial<Record<keyof Told, number>> = {};
  let hasOthers = false;
  for (const key in usage) {
    const places = PLACES.get(key);
    if (places === undefined) {
      hasOthers = true;
      continue;
    }
    for (const place of places) {
      const tokens = asTokens(valueAt(usage[key], place));
      if (tokens === undefined) continue;
      const known = told[place.name];
      // What counts something comes before a 0; of two such the earlier spelling.
      const isBetter = known === undefined || (known > 0 ? tokens > 0 && place.rank < (ranks[place.name] ?? 0) : tokens > 0);
      if (!isBetter) continue;
      told[place.name] = tokens;
      ranks[place.name] = place.rank;
    }
  }
  return hasOthers;
}

function valueAt(value: unknown, { inner, innermost }: Place): unknown {
  if (inner === undefined) return value;
  const within = asObject(value)?.[inner];
  return innermost === undefined ? within : asObject(within)?.[innermost];
}

/**
 * Providers disagree whether reasoning is part of the completion, and gateways whether caches are part of the prompt. The total
 * settles it; without one, a part cannot be larger than its whole.
 */
function settle(told: Told): LlmUsage {
  const { completion, total, cacheRead = 0, cacheWrite = 0, reasoning = 0, connectors = 0 } = told;
  const counted = told.prompt ?? (told.cacheMiss === undefined ? undefined : told.cacheMiss + cacheRead);
  const prompt = counted === undefined ? undefined : counted + connectors;
  const caches = cacheRead + cacheWrite;
  let [moreInput, moreOutput] = [0, 0];
  if (prompt !== undefined && completion !== undefined) {
    const outside = total === undefined ? undefined : total - prompt - completion;
    // Of Perplexity's research the reasoning is in no sum.
    if (outside === undefined || outside <= 0) {
      if (reasoning > completion) moreOutput = reasoning;
      if (caches > prompt) moreInput = caches;
    } else if (outside === reasoning) moreOutput = reasoning;
    else if (outside === caches) moreInput = caches;
    else if (outside === reasoning + caches) [moreInput, moreOutput] = [caches, reasoning];
    // Gemini's thoughts are in the total alone.
    else if (reasoning === 0) moreOutput = outside;
  }
  const derived = total !== undefined && prompt !== undefined && total > prompt ? total - prompt : undefined;
  return {
    inputTokens: prompt === undefined ? undefined : prompt + moreInput,
    outputTokens: completion === undefined ? derived : completion + moreOutput,
    cacheReadTokens: told.cacheRead,
    cacheWriteTokens: told.cacheWrite,
    cacheWriteHourTokens: told.cacheWriteHour,
    reasoningTokens: told.reasoning,
    audioInputTokens: told.audioInput,
    audioOutputTokens: told.audioOutput,
    imageInputTokens: told.imageInput,
    imageOutputTokens: told.imageOutput,
  };
}
