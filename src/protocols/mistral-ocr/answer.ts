/** The pages that were read, to facts: how many they are, and none of their text. */
import { ATTR_SWARMSCOPE_USAGE_PAGES } from '../../semconv/index.ts';
import type { AnswerFacts } from '../facts/answer.ts';
import { toldFailure } from '../facts/failure.ts';
import type { AnswerReader } from '../protocol.ts';
import { asArray, asCount, asObject, asText, type JsonObject } from '../read/json.ts';

export class PagesAnswer implements AnswerReader {
  readonly #facts: AnswerFacts;

  constructor(facts: AnswerFacts) {
    this.#facts = facts;
  }

  readBody(body: JsonObject): void {
    const facts = this.#facts;
    facts.responseModel ??= asText(body['model']);
    const listed = asArray(body['pages']).length;
    const pages = asCount(asObject(body['usage_info'])?.['pages_processed']) ?? (listed === 0 ? undefined : listed);
    if (pages !== undefined && pages <= MAX_PAGES) {
      facts.attributes[ATTR_SWARMSCOPE_USAGE_PAGES] = pages;
      facts.billing.unpriceable ??= 'pages';
    }
    const failure = toldFailure(body);
    if (failure === undefined) facts.isComplete = true;
    else facts.fail(failure);
  }
}

/** Most pages that one document can have: protects every sum from a number that is none. */
const MAX_PAGES = 1_000_000;
