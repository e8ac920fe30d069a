/** The answer to a request with or for sound, or the events of its stream, to facts. No sound is kept. */
import { ATTR_SWARMSCOPE_USAGE_AUDIO_DURATION } from '../../semconv/index.ts';
import type { AnswerFacts } from '../facts/answer.ts';
import { namedFailure, toldFailure } from '../facts/failure.ts';
import { OpenaiUsage } from '../facts/openai-usage.ts';
import type { AnswerReader } from '../protocol.ts';
import { nameOf, parseEvent } from '../read/event-text.ts';
import { asNumber, asObject, asText, type JsonObject } from '../read/json.ts';

export class AudioAnswer implements AnswerReader {
  readonly #facts: AnswerFacts;
  readonly #usage: OpenaiUsage;
  #hasText = false;

  constructor(facts: AnswerFacts) {
    this.#facts = facts;
    this.#usage = new OpenaiUsage(facts);
  }

  readBody(body: JsonObject): void {
    const type = asText(body['type']) ?? '';
    if (EVENT.test(type)) return void this.#readEvent(body, type);
    this.#read(body);
    const text = asText(body['text']);
    if (text !== undefined) this.#facts.output?.addText(0, text);
    if (this.#facts.errorType === undefined) this.#facts.isComplete = true;
  }

  /** Words or subtitles, as the request may ask for. */
  readText(text: string): void {
    this.#facts.isComplete = true;
    this.#facts.output?.addText(0, text);
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
    if (type.endsWith('.done')) {
      const text = asText(body['text']);
      if (text !== undefined && !this.#hasText) this.#facts.output?.addText(0, text);
      this.#facts.isComplete = this.#facts.isOver = true;
      return false;
    }
    const delta = type === 'transcript.text.delta' ? asText(body['delta']) : undefined;
    if (delta !== undefined) {
      this.#hasText = true;
      this.#facts.output?.addText(0, delta);
    }
    return type.endsWith('.delta') || type.endsWith('.segment');
  }

  #read(body: JsonObject): void {
    const facts = this.#facts;
    facts.responseModel ??= asText(body['model']);
    this.#usage.readBody(body);
    const usage = asObject(body['usage']);
    const seconds = asNumber(usage?.['seconds']) ?? asNumber(usage?.['prompt_audio_seconds']) ?? asNumber(body['duration']);
    if (seconds !== undefined && seconds >= 0) facts.attributes[ATTR_SWARMSCOPE_USAGE_AUDIO_DURATION] = seconds;
    if (usage?.['type'] === 'duration') facts.billing.unpriceable ??= 'seconds of sound';
    const failure = toldFailure(body);
    if (failure !== undefined) facts.fail(failure);
  }
}

const EVENT = /^(?:transcript\.|speech\.|error$)/;
