/** One response of OpenAI Realtime, by the events of GA and beta, to facts. `response.done` repeats all that matters. */
import { ATTR_GEN_AI_CONVERSATION_ID, ATTR_SWARMSCOPE_USAGE_AUDIO_DURATION } from '../../semconv/index.ts';
import type { AnswerFacts } from '../facts/answer.ts';
import { namedFailure, toldFailure } from '../facts/failure.ts';
import { OpenaiUsage } from '../facts/openai-usage.ts';
import { callIn } from '../openai-responses/items.ts';
import type { AnswerReader } from '../protocol.ts';
import { asArray, asNumber, asObject, asText, valueIn, type JsonObject } from '../read/json.ts';
import { TRANSCRIPTION } from './transcriptions.ts';

const DONE = 'response.done';
const FINISH_REASONS: Readonly<Record<string, string>> = { max_output_tokens: 'length' };
/** What a model says or writes, in the words of GA and of the beta. */
const TEXT_DELTA = /^response\.(?:output_)?(?:text|audio_transcript)\.delta$/;

export class RealtimeAnswer implements AnswerReader {
  readonly #facts: AnswerFacts;
  readonly #usage: OpenaiUsage;
  #hasText = false;

  constructor(facts: AnswerFacts) {
    this.#facts = facts;
    this.#usage = new OpenaiUsage(facts);
  }

  readBody(body: JsonObject): void {
    this.readPart(body);
  }

  readPart(body: JsonObject): boolean {
    const type = asText(body['type']) ?? '';
    const response = asObject(body['response']);
    if (type.startsWith(TRANSCRIPTION)) this.#readTranscription(body, type);
    else if (response !== undefined) this.#readResponse(response, type === DONE);
    else if (type === 'error' || body['error'] !== undefined) this.#facts.fail(namedFailure(body));
    else if (type.endsWith('.delta')) {
      const delta = asText(body['delta']);
      if (delta !== undefined && TEXT_DELTA.test(type)) {
        this.#hasText = true;
        this.#facts.output?.addText(0, delta);
      }
      return true;
    }
    return false;
  }

  #readTranscription(body: JsonObject, type: string): void {
    const facts = this.#facts;
    this.#usage.readBody(body);
    const usage = asObject(body['usage']);
    const seconds = usage?.['type'] === 'duration' ? asNumber(usage['seconds']) : undefined;
    if (seconds !== undefined && seconds >= 0) {
      facts.attributes[ATTR_SWARMSCOPE_USAGE_AUDIO_DURATION] = seconds;
      facts.billing.unpriceable ??= 'seconds of sound';
    }
    if (type.endsWith('.failed')) facts.fail(namedFailure(body));
    else facts.output?.addText(0, asText(body['transcript']) ?? '');
    facts.isComplete = facts.isOver = true;
  }

  #readResponse(response: JsonObject, isDone: boolean): void {
    const facts = this.#facts;
    facts.responseId ??= asText(response['id']);
    facts.responseModel ??= asText(response['model']);
    facts.attributes[ATTR_GEN_AI_CONVERSATION_ID] ??= asText(response['conversation_id']);
    this.#usage.readBody(response);
    if (!isDone) return;
    for (const item of asArray(response['output']).map(asObject)) if (item !== undefined) this.#readItem(item);
    this.#readEnd(response);
    facts.isComplete = facts.isOver = true;
  }

  #readItem(item: JsonObject): void {
    const { tools, output } = this.#facts;
    const call = callIn(item);
    if (call !== undefined) {
      const known = tools.whole({ id: call.id, name: call.name });
      if (known === undefined) return;
      known.isProvidersOwn = call.isProvidersOwn;
      tools.setInput(known, call.input);
    } else if (!this.#hasText) {
      for (const part of asArray(item['content']).map(asObject)) {
        const text = asText(part?.['text']) ?? asText(part?.['transcript']);
        if (text !== undefined) output?.addText(0, text);
      }
    }
  }

  /** A response that is cancelled, by the program or since somebody spoke, is no failure. */
  #readEnd(response: JsonObject): void {
    const facts = this.#facts;
    const status = asText(response['status']);
    const details = asObject(response['status_details']);
    const reason = asText(details?.['reason']);
    if (status === 'failed') {
      facts.fail(toldFailure(details ?? {}) ?? { type: status, isOverflow: false });
      facts.finishReasons = ['error'];
    } else if (status === 'completed') {
      facts.finishReasons = [facts.tools.named().some(({ isProvidersOwn }) => !isProvidersOwn) ? 'tool_call' : 'stop'];
    } else if (status === 'cancelled' || status === 'incomplete') {
      facts.finishReasons = [valueIn(FINISH_REASONS, reason) ?? reason ?? status];
    }
    if (status !== 'completed') facts.responseStatus = status;
  }
}
