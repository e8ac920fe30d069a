/**
 * A conversation that comes back far smaller was compacted by somebody, whether it is told or not. Two calls are surely of one
 * conversation when the second brings the result of a tool that the first asked for: it holds all of the first, and more.
 */
import {
  ATTR_SWARMSCOPE_CONTEXT_COMPACTION_TRIGGER,
  ATTR_SWARMSCOPE_TOOL_PROVIDER_NAMES,
  SWARMSCOPE_CONTEXT_COMPACTION_TRIGGER_VALUE_INFERRED,
} from '../../semconv/index.ts';
import type { LlmAnswer } from '../../semconv/telemetry.ts';

/** A larger share than this may be thinking that services leave out of later calls. */
const LARGEST_SHARE = 2 / 3;
/** Counts of small conversations differ by their tools and by what a service puts in. */
const LEAST_TOKENS_LESS = 1_000;

/** How much of the model's window a call took. */
export interface ContextSize {
  /** Another model counts otherwise. */
  readonly model: string | undefined;
  readonly tokens: number;
}

/** `undefined` where it is not told, or where the service put in what its own tools found. */
export function contextSizeOf({ usage, billing, attributes, responseModel }: LlmAnswer): ContextSize | undefined {
  const hasOwnTools = billing?.providerTools !== undefined || attributes?.[ATTR_SWARMSCOPE_TOOL_PROVIDER_NAMES] !== undefined;
  const tokens = usage?.inputTokens;
  return tokens === undefined || hasOwnTools || billing?.passes !== undefined ? undefined : { model: responseModel, tokens };
}

/** The answer, with a mark where the conversation is far smaller than it was `before`. */
export function withInferredCompaction(answer: LlmAnswer, before: ContextSize | undefined): LlmAnswer {
  if (before === undefined) return answer;
  const now = contextSizeOf(answer);
  if (now === undefined || now.model !== before.model) return answer;
  if (now.tokens > before.tokens * LARGEST_SHARE || before.tokens - now.tokens < LEAST_TOKENS_LESS) return answer;
  const trigger = answer.attributes?.[ATTR_SWARMSCOPE_CONTEXT_COMPACTION_TRIGGER] ?? SWARMSCOPE_CONTEXT_COMPACTION_TRIGGER_VALUE_INFERRED;
  return { ...answer, attributes: { ...answer.attributes, [ATTR_SWARMSCOPE_CONTEXT_COMPACTION_TRIGGER]: trigger } };
}
