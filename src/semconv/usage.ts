/** The token counts of a call, by the attributes that carry them on a span. */
import * as names from './generated/attributes.ts';
import type { LlmUsage } from './telemetry.ts';

const CARRIED_BY = {
  inputTokens: names.ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  outputTokens: names.ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  cacheReadTokens: names.ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  cacheWriteTokens: names.ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
  reasoningTokens: names.ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
  audioInputTokens: names.ATTR_GEN_AI_USAGE_AUDIO_INPUT_TOKENS,
  audioOutputTokens: names.ATTR_GEN_AI_USAGE_AUDIO_OUTPUT_TOKENS,
  imageInputTokens: names.ATTR_GEN_AI_USAGE_IMAGE_INPUT_TOKENS,
  imageOutputTokens: names.ATTR_GEN_AI_USAGE_IMAGE_OUTPUT_TOKENS,
} as const satisfies Partial<Record<keyof LlmUsage, string>>;

/** A program may write what it likes: a negative count, a fraction or a text is none. */
export function tokenCount(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** What `read` makes of each attribute of usage. */
export function usageBy<Count>(read: (attribute: string) => Count): Record<keyof typeof CARRIED_BY, Count> {
  // Written out: made of entries, it is a tenth of the analysis of a long run.
  return {
    inputTokens: read(CARRIED_BY.inputTokens),
    outputTokens: read(CARRIED_BY.outputTokens),
    cacheReadTokens: read(CARRIED_BY.cacheReadTokens),
    cacheWriteTokens: read(CARRIED_BY.cacheWriteTokens),
    reasoningTokens: read(CARRIED_BY.reasoningTokens),
    audioInputTokens: read(CARRIED_BY.audioInputTokens),
    audioOutputTokens: read(CARRIED_BY.audioOutputTokens),
    imageInputTokens: read(CARRIED_BY.imageInputTokens),
    imageOutputTokens: read(CARRIED_BY.imageOutputTokens),
  };
}
