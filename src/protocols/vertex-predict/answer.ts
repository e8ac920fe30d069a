/** Predictions to facts: what was embedded is counted in each of them, and of pictures how many there are. */
import { ATTR_SWARMSCOPE_USAGE_IMAGES } from '../../semconv/index.ts';
import type { AnswerFacts } from '../facts/answer.ts';
import { toldFailure } from '../facts/failure.ts';
import { asTokens } from '../facts/usage.ts';
import type { AnswerReader, Operation } from '../protocol.ts';
import { asArray, asObject, asText, type JsonObject } from '../read/json.ts';

export class PredictAnswer implements AnswerReader {
  readonly #facts: AnswerFacts;
  readonly #operation: Operation;

  constructor(facts: AnswerFacts, operation: Operation) {
    this.#facts = facts;
    this.#operation = operation;
  }

  readBody(body: JsonObject): void {
    const facts = this.#facts;
    // Of a video that is made later: an address, which holds the name of the project.
    facts.responseId ??= asText(body['name'])?.split('/').at(-1);
    const predictions = asArray(body['predictions']).map(asObject);
    if (this.#operation.name === 'generate_content') this.#countImages(predictions);
    else this.#countTokens(predictions);
    const failure = toldFailure(body);
    if (failure === undefined) facts.isComplete = true;
    else facts.fail(failure);
  }

  #countTokens(predictions: readonly (JsonObject | undefined)[]): void {
    const counts = predictions
      .map((prediction) => asTokens(asObject(asObject(prediction?.['embeddings'])?.['statistics'])?.['token_count']))
      .filter((count) => count !== undefined);
    const sum = asTokens(counts.reduce((all, count) => all + count, 0));
    if (counts.length > 0 && sum !== undefined) this.#facts.usage = { inputTokens: sum };
    // Vectors of pictures and videos are billed by the piece.
    else if (predictions.length > 0) this.#facts.billing.unpriceable ??= 'vectors of media';
  }

  #countImages(predictions: readonly (JsonObject | undefined)[]): void {
    const images = predictions.filter((prediction) => IMAGES.some((name) => asText(prediction?.[name]) !== undefined)).length;
    if (images > 0) {
      this.#facts.attributes[ATTR_SWARMSCOPE_USAGE_IMAGES] = images;
      this.#facts.billing.unpriceable ??= 'pictures';
    }
    if (predictions.some((prediction) => asText(prediction?.['raiFilteredReason']) !== undefined))
      this.#facts.finishReasons = ['content_filter'];
  }
}

const IMAGES = ['bytesBase64Encoded', 'gcsUri'];
