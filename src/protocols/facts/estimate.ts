/** Tokens of a call that told none, guessed by lengths: wrong by a third for code and for languages other than English. */
import { isInference, type LlmAnswer, type LlmOperation } from '../../semconv/telemetry.ts';
import type { AnswerFacts } from './answer.ts';

/** The rule of thumb that OpenAI and Google give for English. */
const CHARACTERS_PER_TOKEN = 4;

export interface EstimateOptions {
  /** The tokens of an answer that tells none are guessed. Default: false. */
  readonly estimatesTokens?: boolean | undefined;
  readonly recognised: { readonly operation: { readonly name: LlmOperation } };
}

/**
 * A request counts as it was sent, with its JSON; of an answer its texts do. `undefined` where nothing is to be guessed: the
 * service has told, the model said nothing, or the request holds pictures or sound.
 */
export function estimateOf(
  { estimatesTokens = false, recognised }: EstimateOptions,
  { textBytes }: { readonly textBytes: number | undefined },
  facts: AnswerFacts,
): LlmAnswer['estimate'] {
  if (!estimatesTokens || textBytes === undefined || !isInference(recognised.operation.name)) return undefined;
  const { usage, length } = facts;
  if (length === 0 || usage?.inputTokens !== undefined || usage?.outputTokens !== undefined) return undefined;
  return { inputTokens: tokensOf(textBytes), outputTokens: tokensOf(length) };
}

function tokensOf(characters: number): number {
  return Math.ceil(characters / CHARACTERS_PER_TOKEN);
}
