/** The answer to OpenAI embeddings: its body to facts. */
import type { AnswerFacts } from '../facts/answer.ts';
import { toldFailure } from '../facts/failure.ts';
import { OpenaiUsage } from '../facts/openai-usage.ts';
import type { AnswerReader } from '../protocol.ts';
import { asText, type JsonObject } from '../read/json.ts';

export class EmbeddingsAnswer implements AnswerReader {
  readonly #facts: AnswerFacts;
  readonly #usage: OpenaiUsage;

  constructor(facts: AnswerFacts) {
    this.#facts = facts;
    this.#usage = new OpenaiUsage(facts);
  }

  readBody(body: JsonObject): void {
    const facts = this.#facts;
    facts.responseId ??= asText(body['id']);
    facts.responseModel ??= asText(body['model']);
    this.#usage.readBody(body);
    const failure = toldFailure(body);
    if (failure === undefined) facts.isComplete = true;
    else facts.fail(failure);
  }
}
