/** The answer with pictures, or the events of its stream, to facts. No picture is kept. */
import { ATTR_SWARMSCOPE_USAGE_IMAGES } from '../../semconv/index.ts';
import type { AnswerFacts } from '../facts/answer.ts';
import { namedFailure, toldFailure } from '../facts/failure.ts';
import { OpenaiUsage } from '../facts/openai-usage.ts';
import type { AnswerReader } from '../protocol.ts';
import { nameOf, parseEvent } from '../read/event-text.ts';
import { asArray, asObject, asText, type JsonObject } from '../read/json.ts';

export class ImagesAnswer implements AnswerReader {
  readonly #facts: AnswerFacts;
  readonly #usage: OpenaiUsage;
  #images = 0;

  constructor(facts: AnswerFacts) {
    this.#facts = facts;
    this.#usage = new OpenaiUsage(facts);
  }

  readBody(body: JsonObject): void {
    const type = asText(body['type']);
    if (type?.startsWith('image_') === true) return void this.#readEvent(body, type);
    this.#read(body);
    this.#count(asArray(body['data']).length);
    if (this.#facts.errorType === undefined) this.#facts.isComplete = true;
  }

  readEvent(event: string): boolean {
    const body = parseEvent(event);
    if (body !== undefined) return this.#readEvent(body, asText(body['type']) ?? nameOf(event) ?? '');
    if (event.includes('[DONE]')) this.#facts.isComplete = this.#facts.isOver = true;
    return false;
  }

  #readEvent(body: JsonObject, type: string): boolean {
    this.#read(body);
    if (type === 'error') this.#facts.fail(namedFailure(body));
    const isLast = type.endsWith('.completed');
    if (isLast) {
      this.#count(1);
      this.#facts.isComplete = true;
    }
    return isLast || type.endsWith('.partial_image');
  }

  #read(body: JsonObject): void {
    const facts = this.#facts;
    facts.responseModel ??= asText(body['model']);
    this.#usage.readBody(body);
    const failure = toldFailure(body);
    if (failure !== undefined) facts.fail(failure);
    const { usage } = facts;
    // What comes out is pictures, where the usage does not tell it apart.
    const isTold = asObject(asObject(body['usage'])?.['output_tokens_details']) !== undefined;
    if (usage?.outputTokens !== undefined && !isTold) facts.usage = { ...usage, imageOutputTokens: usage.outputTokens };
  }

  #count(images: number): void {
    this.#images += images;
    if (this.#images === 0) return;
    this.#facts.attributes[ATTR_SWARMSCOPE_USAGE_IMAGES] = this.#images;
    // A service that counts no tokens bills by the picture, its size and its quality.
    if (this.#facts.usage === undefined) this.#facts.billing.unpriceable ??= 'pictures';
  }
}
