/** The usage of an Anthropic message: counts, cache lives, passes of the model, and what else is billed. */
import type { LlmUsage } from '../../semconv/telemetry.ts';
import type { AnswerFacts } from '../facts/answer.ts';
import { readBilling } from '../facts/cost.ts';
import { asTokens, keepKnown, providerTools, sumUsage, wordOf } from '../facts/usage.ts';
import { asArray, asObject, asText, type JsonObject } from '../read/json.ts';

/** Passes remembered of one call; protects from an endless list. */
const MAX_PASSES = 64;
const LIFE = /^ephemeral_(\w{1,8})_input_tokens$/;
/** Cache lives that the price lists know. */
const LIVES: ReadonlySet<string> = new Set(['5m', '1h']);

/** The provider runs code in a container that it bills by the hour: the usage does not count it, the answer shows it. */
const CODE_EXECUTION: ReadonlySet<string> = new Set(['code_execution', 'bash_code_execution', 'text_editor_code_execution']);

/** As they stand in the usage: the input without what the caches gave and took. */
interface Told {
  input?: number | undefined;
  output?: number | undefined;
  given?: number | undefined;
  taken?: number | undefined;
  takenForHour?: number | undefined;
  /** Of the output. */
  thought?: number | undefined;
}

export class AnthropicUsage {
  readonly #facts: AnswerFacts;
  #told: Told = {};
  #iterations: readonly JsonObject[] = [];

  constructor(facts: AnswerFacts) {
    this.#facts = facts;
  }

  /** `isBeginning`: of a stream, whose first event says `output_tokens: 1` before there is any output. */
  read(value: unknown, isBeginning = false): void {
    const usage = asObject(value);
    if (usage === undefined) return;
    const facts = this.#facts;
    readBilling(facts, usage);
    const { billing } = facts;
    const tools = providerTools(usage['server_tool_use']);
    if (tools !== undefined) billing.providerTools = { ...billing.providerTools, ...tools };
    billing.unpriceable ??= unknownLife(usage);
    const told = toldIn(usage);
    // A prompt without tokens is a count that is not there yet.
    if (isBeginning) Object.assign(told, { input: told.input === 0 ? undefined : told.input, output: undefined });
    this.#told = keepKnown(this.#told, told);
    const iterations = asArray(usage['iterations']).slice(0, MAX_PASSES).map(asObject);
    if (iterations.length > 0 && !isBeginning) this.#iterations = iterations.filter((each) => each !== undefined);
    this.#settle();
  }

  /** A tool that the provider runs by itself. */
  readToolBlock(name: string | undefined): void {
    if (name === undefined || !CODE_EXECUTION.has(name)) return;
    const { billing } = this.#facts;
    billing.providerTools = { ...billing.providerTools, code_execution: (billing.providerTools?.['code_execution'] ?? 0) + 1 };
  }

  /** The counts of the message leave out the passes that compacted the context before it: those are billed as well. */
  #settle(): void {
    const { billing } = this.#facts;
    const message = usageOf(this.#told);
    if (message.inputTokens === undefined && message.outputTokens === undefined) return;
    const passes = this.#iterations.map((each) => ({ type: asText(each['type']) ?? 'message', usage: usageOf(toldIn(each)) }));
    const unknown = passes.find(({ type }) => type !== 'message' && type !== 'compaction');
    if (unknown !== undefined) billing.unpriceable ??= `${(wordOf(unknown.type) ?? 'other').replaceAll('_', ' ')} pass`;
    const messages = passes.filter(({ type }) => type === 'message').map(({ usage }) => usage);
    const compactions = passes.filter(({ type }) => type === 'compaction').map(({ usage }) => usage);
    const all = [...messages, ...compactions];
    const isSum = isSame(sumUsage(all), message);
    const parts = isSum || isSame(sumUsage(messages), message) ? all : [message, ...compactions];
    this.#facts.usage = isSum || compactions.length === 0 ? message : sumUsage(parts);
    if (parts.length > 1) billing.passes = parts;
  }
}

function toldIn(usage: JsonObject): Told {
  const lives = asObject(usage['cache_creation']);
  const written = asTokens(usage['cache_creation_input_tokens']);
  const apart = lives === undefined ? undefined : Object.values(lives).reduce<number>((sum, count) => sum + (asTokens(count) ?? 0), 0);
  return {
    input: asTokens(usage['input_tokens']),
    output: asTokens(usage['output_tokens']),
    given: asTokens(usage['cache_read_input_tokens']),
    taken: written === undefined && apart === undefined ? undefined : Math.max(written ?? 0, apart ?? 0),
    takenForHour: asTokens(lives?.['ephemeral_1h_input_tokens']),
    thought: asTokens(asObject(usage['output_tokens_details'])?.['thinking_tokens']),
  };
}

/** The total includes what the caches gave and took, as the conventions demand. */
function usageOf({ input, output, given, taken, takenForHour, thought }: Told): LlmUsage {
  const isKnown = input !== undefined || (given ?? 0) + (taken ?? 0) > 0;
  return {
    inputTokens: isKnown ? (input ?? 0) + (given ?? 0) + (taken ?? 0) : undefined,
    outputTokens: output,
    cacheReadTokens: given,
    cacheWriteTokens: taken,
    cacheWriteHourTokens: takenForHour,
    reasoningTokens: thought,
  };
}

function unknownLife(usage: JsonObject): string | undefined {
  const lives = asObject(usage['cache_creation']);
  for (const key of Object.keys(lives ?? {})) {
    const life = LIFE.exec(key)?.[1];
    if (life !== undefined && !LIVES.has(life) && (asTokens(lives?.[key]) ?? 0) > 0) return `cache writes for ${life}`;
  }
  return undefined;
}

function isSame(a: LlmUsage, b: LlmUsage): boolean {
  return a.inputTokens === b.inputTokens && a.outputTokens === b.outputTokens;
}
