/** The answer of Bedrock's InvokeModel: by the reader of the vendor whose shape it has; counts that the service adds to a stream. */
import { AnthropicAnswer } from '../anthropic-messages/answer.ts';
import { ConverseAnswer } from '../bedrock-converse/answer.ts';
import type { AnswerFacts } from '../facts/answer.ts';
import { asTokens, keepKnown } from '../facts/usage.ts';
import { OpenaiAnswer } from '../openai-chat/answer.ts';
import type { AnswerReader } from '../protocol.ts';
import { asArray, asObject, asText, parseJson, valueIn, type JsonObject } from '../read/json.ts';

/** Where the service tells the counts of a stream, beside its last part. */
const METRICS = 'amazon-bedrock-invocationMetrics';
/** Longest part of a stream that is decoded; a part is a piece of text. */
const MAX_PART_CHARACTERS = 1024 * 1024;

/** Why the answer ended, by the words of Llama, Titan and Mistral, where the conventions have another. */
const FINISH_REASONS: Readonly<Record<string, string>> = {
  FINISH: 'stop',
  FINISHED: 'stop',
  LENGTH: 'length',
  CONTENT_FILTERED: 'content_filter',
};

export class InvokeAnswer implements AnswerReader {
  readonly #facts: AnswerFacts;
  readonly #anthropic: AnthropicAnswer;
  readonly #openai: OpenaiAnswer;
  readonly #converse: ConverseAnswer;

  constructor(facts: AnswerFacts) {
    this.#facts = facts;
    this.#anthropic = new AnthropicAnswer(facts);
    this.#openai = new OpenaiAnswer(facts);
    this.#converse = new ConverseAnswer(facts);
  }

  readBody(body: JsonObject): void {
    this.readPart(body);
    if (this.#facts.errorType === undefined && asText(body['type'])?.startsWith('content_block') !== true) this.#facts.isComplete = true;
  }

  /** A part of a stream stands in base64 in its message: `{ bytes }`. */
  readPart(part: JsonObject): boolean {
    const bytes = asText(part['bytes']);
    const body = bytes === undefined ? part : decoded(bytes);
    return body !== undefined && this.#read(body);
  }

  #read(body: JsonObject): boolean {
    const type = asText(body['type']);
    const isOutput = this.#readVendor(body, type);
    this.#readMetrics(asObject(body[METRICS]));
    return isOutput;
  }

  #readVendor(body: JsonObject, type: string | undefined): boolean {
    if (type !== undefined && (type === 'message' || ANTHROPIC_EVENT.test(type))) {
      this.#anthropic.readBody(body);
      return type === 'content_block_delta';
    }
    if (body['choices'] !== undefined) {
      const isPart = asArray(body['choices']).some((choice) => asObject(choice)?.['delta'] !== undefined);
      this.#openai.readBody(body);
      return isPart;
    }
    const nova = NOVA_EVENTS.find((name) => body[name] !== undefined);
    if (nova !== undefined) return this.#converse.readPart(asObject(body[nova]) ?? {}, nova);
    if (body['output'] !== undefined) return this.#converse.readPart(body);
    return this.#readText(body);
  }

  /** Llama, Titan, Mistral, and embeddings, which have counts alone. */
  #readText(body: JsonObject): boolean {
    const holders = [body, ...asArray(body['results']).map(asObject), ...asArray(body['outputs']).map(asObject)];
    let isOutput = false;
    for (const holder of holders) {
      const text = asText(holder?.['generation']) ?? asText(holder?.['outputText']) ?? asText(holder?.['text']);
      if (text !== undefined) this.#facts.output?.addText(0, text);
      isOutput ||= text !== undefined;
      this.#readReason(asText(holder?.['stop_reason']) ?? asText(holder?.['completionReason']));
      this.#addCounts({
        inputTokens: asTokens(holder?.['prompt_token_count'] ?? holder?.['inputTextTokenCount']),
        outputTokens: asTokens(holder?.['generation_token_count'] ?? holder?.['tokenCount'] ?? holder?.['totalOutputTextTokenCount']),
      });
    }
    return isOutput;
  }

  #readReason(reason: string | undefined): void {
    if (reason === undefined) return;
    this.#facts.finishReasons = [valueIn(FINISH_REASONS, reason) ?? reason.toLowerCase().slice(0, 64)];
    this.#facts.isComplete = true;
  }

  /** The vendor's own counts are finer; these stand where it told none. */
  #readMetrics(metrics: JsonObject | undefined): void {
    if (metrics === undefined) return;
    this.#facts.isComplete = true;
    const { usage } = this.#facts;
    this.#addCounts({
      inputTokens: usage?.inputTokens === undefined ? asTokens(metrics['inputTokenCount']) : undefined,
      outputTokens: usage?.outputTokens === undefined ? asTokens(metrics['outputTokenCount']) : undefined,
    });
  }

  #addCounts(counts: { inputTokens: number | undefined; outputTokens: number | undefined }): void {
    const isTold = counts.inputTokens !== undefined || counts.outputTokens !== undefined;
    if (isTold) this.#facts.usage = keepKnown(this.#facts.usage ?? {}, counts);
  }
}

const ANTHROPIC_EVENT = /^(?:message_|content_block_|error$|ping$)/;
/** Parts of Nova's streams: events of Converse, each under its name. */
const NOVA_EVENTS = ['messageStart', 'contentBlockStart', 'contentBlockDelta', 'contentBlockStop', 'messageStop', 'metadata'];

function decoded(bytes: string): JsonObject | undefined {
  return bytes.length > MAX_PART_CHARACTERS ? undefined : asObject(parseJson(Buffer.from(bytes, 'base64').toString('utf8')));
}
