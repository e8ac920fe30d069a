/** The answer to an OpenAI completion: its body, or the chunks of its stream, to facts. */
import type { AnswerFacts } from '../facts/answer.ts';
import { failedEnd, namedFailure, toldFailure } from '../facts/failure.ts';
import { FinishReasons } from '../facts/finish-reasons.ts';
import { OpenaiUsage } from '../facts/openai-usage.ts';
import { serverIn } from '../facts/server.ts';
import type { AnswerReader } from '../protocol.ts';
import { nameOf, parseEvent } from '../read/event-text.ts';
import { asArray, asCount, asObject, asText, type JsonObject } from '../read/json.ts';

export class CompletionAnswer implements AnswerReader {
  readonly #facts: AnswerFacts;
  readonly #usage: OpenaiUsage;
  readonly #reasons: FinishReasons;

  constructor(facts: AnswerFacts) {
    this.#facts = facts;
    this.#usage = new OpenaiUsage(facts);
    this.#reasons = new FinishReasons(facts);
  }

  readBody(body: JsonObject): void {
    this.#read(body);
    if (this.#facts.errorType === undefined) this.#facts.isComplete = true;
  }

  readEvent(event: string): boolean {
    const chunk = parseEvent(event);
    if (chunk === undefined) {
      if (event.includes('[DONE]')) this.#facts.isComplete = this.#facts.isOver = true;
      return false;
    }
    if (nameOf(event) !== 'error') return this.#read(chunk);
    this.#facts.fail(namedFailure(chunk));
    return false;
  }

  #read(body: JsonObject): boolean {
    const facts = this.#facts;
    facts.responseId ??= asText(body['id']);
    facts.responseModel ??= asText(body['model']);
    facts.server ??= serverIn(body);
    this.#usage.readBody(body);
    const failure = toldFailure(body);
    if (failure !== undefined) facts.fail(failure);
    let isOutput = this.#readLlamaCpp(body);
    for (const item of asArray(body['choices'])) {
      const choice = asObject(item);
      const index = asCount(choice?.['index']) ?? 0;
      const text =
        asText(choice?.['text']) ?? asText(asObject(choice?.['message'])?.['content']) ?? asText(asObject(choice?.['delta'])?.['content']);
      if (text !== undefined) {
        isOutput = true;
        facts.output?.addText(index, text);
      }
      const reason = asText(choice?.['finish_reason']);
      if (reason === undefined) continue;
      const failed = failedEnd(reason);
      if (failed !== undefined) facts.fail({ type: failed, isOverflow: false });
      this.#reasons.add(index, failed === undefined ? reason : 'error');
      facts.isComplete = true;
    }
    return isOutput;
  }

  /** llama.cpp by its own path: one choice, which is the answer itself. */
  #readLlamaCpp(body: JsonObject): boolean {
    const text = asText(body['content']);
    if (text !== undefined) this.#facts.output?.addText(0, text);
    if (body['stop'] === true) {
      const isLimit = body['stop_type'] === 'limit' || body['stopped_limit'] === true;
      this.#reasons.add(0, isLimit ? 'length' : 'stop');
      this.#facts.isComplete = true;
    }
    return text !== undefined;
  }
}
