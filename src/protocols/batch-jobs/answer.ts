/** What a service says to a batch: its id. The calls in it have not been made. */
import type { AnswerFacts } from '../facts/answer.ts';
import { toldFailure } from '../facts/failure.ts';
import type { AnswerReader } from '../protocol.ts';
import { asText, type JsonObject } from '../read/json.ts';

export class BatchAnswer implements AnswerReader {
  readonly #facts: AnswerFacts;

  constructor(facts: AnswerFacts) {
    this.#facts = facts;
  }

  readBody(body: JsonObject): void {
    const facts = this.#facts;
    // Vertex and Bedrock give an address, which holds the number of the account.
    facts.responseId ??= (asText(body['id']) ?? asText(body['name']) ?? asText(body['jobArn']))?.split('/').at(-1);
    facts.responseModel ??= asText(body['model'])?.split('/').at(-1);
    const failure = toldFailure(body);
    if (failure === undefined) facts.isComplete = true;
    else facts.fail(failure);
  }
}
