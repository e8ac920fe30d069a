/** How the model is to choose its words: what a request gives, under each service's own names, in those of the conventions. */
import {
  ATTR_GEN_AI_REQUEST_CHOICE_COUNT,
  ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY,
  ATTR_GEN_AI_REQUEST_MAX_TOKENS,
  ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY,
  ATTR_GEN_AI_REQUEST_SEED,
  ATTR_GEN_AI_REQUEST_STOP_SEQUENCES,
  ATTR_GEN_AI_REQUEST_TEMPERATURE,
  ATTR_GEN_AI_REQUEST_TOP_K,
  ATTR_GEN_AI_REQUEST_TOP_P,
} from '../../semconv/index.ts';
import type { Attributes, AttributeValue } from '../../semconv/telemetry.ts';
import { asCount, asNumber, asTexts } from '../read/json.ts';

/** Stop sequences on one span. */
const MAX_STOPS = 16;

/** Values as they came; one of the wrong type is left out. */
export interface Sampling {
  readonly temperature?: unknown;
  readonly topP?: unknown;
  readonly topK?: unknown;
  readonly frequencyPenalty?: unknown;
  readonly presencePenalty?: unknown;
  readonly maxTokens?: unknown;
  readonly seed?: unknown;
  /** A text or a list of them. */
  readonly stop?: unknown;
  /** 1, which is what everybody gets, is not told. */
  readonly choices?: unknown;
}

/** An object of its own: most requests give two or three of them, and whoever adds more adds it there. */
export function samplingAttributes(given: Sampling): Attributes {
  const told: Attributes = {};
  putKnown(told, ATTR_GEN_AI_REQUEST_TEMPERATURE, asNumber(given.temperature));
  putKnown(told, ATTR_GEN_AI_REQUEST_TOP_P, asNumber(given.topP));
  putKnown(told, ATTR_GEN_AI_REQUEST_TOP_K, asCount(given.topK));
  putKnown(told, ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY, asNumber(given.frequencyPenalty));
  putKnown(told, ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY, asNumber(given.presencePenalty));
  putKnown(told, ATTR_GEN_AI_REQUEST_MAX_TOKENS, asCount(given.maxTokens));
  putKnown(told, ATTR_GEN_AI_REQUEST_SEED, asNumber(given.seed));
  putKnown(told, ATTR_GEN_AI_REQUEST_STOP_SEQUENCES, asTexts(given.stop)?.slice(0, MAX_STOPS));
  putKnown(told, ATTR_GEN_AI_REQUEST_CHOICE_COUNT, choiceCount(given.choices));
  return told;
}

/** An object that gains few members is small; one with all that might be known is not. */
export function putKnown(attributes: Attributes, name: string, value: AttributeValue | undefined): void {
  if (value !== undefined) attributes[name] = value;
}

export function choiceCount(given: unknown): number | undefined {
  const choices = asCount(given);
  return choices === 1 ? undefined : choices;
}
