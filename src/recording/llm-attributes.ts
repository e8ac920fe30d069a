/** The attributes and the name of the span of an LLM call: what its start, its request and its end tell. */
import {
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_REQUEST_STREAM,
  ATTR_GEN_AI_RESPONSE_FINISH_REASONS,
  ATTR_GEN_AI_RESPONSE_ID,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_GEN_AI_RESPONSE_STATUS,
  ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK,
  ATTR_GEN_AI_USAGE_AUDIO_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_AUDIO_OUTPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_IMAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_IMAGE_OUTPUT_TOKENS,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
  ATTR_HTTP_REQUEST_RESEND_COUNT,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_OPENAI_RESPONSE_SERVICE_TIER,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_SWARMSCOPE_CONTEXT_LIMIT,
  ATTR_SWARMSCOPE_CONTEXT_USAGE,
  ATTR_SWARMSCOPE_CONTEXT_UTILIZATION,
  ATTR_SWARMSCOPE_COST_AMOUNT,
  ATTR_SWARMSCOPE_COST_CURRENCY,
  ATTR_SWARMSCOPE_COST_PRICE_TABLE_VERSION,
  ATTR_SWARMSCOPE_COST_SOURCE,
  ATTR_SWARMSCOPE_COST_ESTIMATED,
  ATTR_SWARMSCOPE_COST_UNPRICED,
  ATTR_SWARMSCOPE_USAGE_ESTIMATED_INPUT_TOKENS,
  ATTR_SWARMSCOPE_USAGE_ESTIMATED_OUTPUT_TOKENS,
  ATTR_SWARMSCOPE_TOOL_AVAILABLE_COUNT,
  ATTR_SWARMSCOPE_TOOL_CALLED_NAMES,
  ATTR_SWARMSCOPE_TOOL_OFFERED_NAMES,
} from '../semconv/index.ts';
import { isInference, type Attributes } from '../semconv/telemetry.ts';
import type { LlmCallStart } from './llm-call-types.ts';
import type { LlmFacts } from './llm-metrics.ts';

/** Tool names put on one span. */
const MAX_TOOL_NAMES = 128;

export function spanName(start: LlmCallStart): string {
  return start.requestModel === undefined ? start.operation : `${start.operation} ${start.requestModel}`;
}

export function startAttributes(start: LlmCallStart): Attributes {
  const known = learntAttributes(start);
  known[ATTR_GEN_AI_PROVIDER_NAME] = start.provider;
  known[ATTR_SERVER_ADDRESS] = start.serverAddress;
  known[ATTR_SERVER_PORT] = start.serverPort;
  if (start.resendCount !== undefined && start.resendCount > 0) known[ATTR_HTTP_REQUEST_RESEND_COUNT] = start.resendCount;
  return start.attributes === undefined ? known : Object.assign(known, start.attributes);
}

/** Whose service is asked, and where it is. */
export function serviceAttributes({ provider, serverAddress, serverPort }: LlmCallStart): Attributes {
  return { [ATTR_GEN_AI_PROVIDER_NAME]: provider, [ATTR_SERVER_ADDRESS]: serverAddress, [ATTR_SERVER_PORT]: serverPort };
}

/** What is known only once the request was read; further attributes of the request beside it. */
export function learntAttributes(start: Partial<LlmCallStart>): Attributes {
  return {
    [ATTR_GEN_AI_OPERATION_NAME]: start.operation,
    [ATTR_GEN_AI_REQUEST_MODEL]: start.requestModel,
    [ATTR_GEN_AI_REQUEST_STREAM]: start.stream === true ? true : undefined,
    [ATTR_SWARMSCOPE_TOOL_AVAILABLE_COUNT]: start.toolsOffered?.length,
    [ATTR_SWARMSCOPE_TOOL_OFFERED_NAMES]: start.toolsOffered?.slice(0, MAX_TOOL_NAMES),
  };
}

/** All but the attributes that the answer itself brings. */
export function endAttributes({ start, end, cost, estimatedCost, unpriced, contextUsed, contextWindow }: LlmFacts): Attributes {
  const { usage } = end;
  return {
    [ATTR_GEN_AI_REQUEST_MODEL]: start.requestModel,
    [ATTR_GEN_AI_RESPONSE_MODEL]: end.responseModel,
    [ATTR_GEN_AI_RESPONSE_ID]: end.responseId,
    // An inference that has ended in good order is nothing else.
    [ATTR_GEN_AI_RESPONSE_STATUS]: isInference(start.operation) && end.responseStatus === 'completed' ? undefined : end.responseStatus,
    [ATTR_GEN_AI_RESPONSE_FINISH_REASONS]: end.finishReasons,
    [ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK]: end.timeToFirstChunk,
    [ATTR_GEN_AI_USAGE_INPUT_TOKENS]: usage?.inputTokens,
    [ATTR_GEN_AI_USAGE_OUTPUT_TOKENS]: usage?.outputTokens,
    [ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS]: usage?.cacheReadTokens,
    [ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS]: usage?.cacheWriteTokens,
    [ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS]: usage?.reasoningTokens,
    [ATTR_GEN_AI_USAGE_AUDIO_INPUT_TOKENS]: someOf(usage?.audioInputTokens),
    [ATTR_GEN_AI_USAGE_AUDIO_OUTPUT_TOKENS]: someOf(usage?.audioOutputTokens),
    [ATTR_GEN_AI_USAGE_IMAGE_INPUT_TOKENS]: someOf(usage?.imageInputTokens),
    [ATTR_GEN_AI_USAGE_IMAGE_OUTPUT_TOKENS]: someOf(usage?.imageOutputTokens),
    // The conventions have a name for it at OpenAI alone.
    [ATTR_OPENAI_RESPONSE_SERVICE_TIER]: start.provider === 'openai' ? end.billing?.serviceTier : undefined,
    [ATTR_HTTP_RESPONSE_STATUS_CODE]: end.statusCode,
    [ATTR_ERROR_TYPE]: end.errorType,
    [ATTR_SWARMSCOPE_TOOL_CALLED_NAMES]: end.toolsCalled?.slice(0, MAX_TOOL_NAMES),
    [ATTR_SWARMSCOPE_COST_AMOUNT]: cost?.amount,
    [ATTR_SWARMSCOPE_COST_CURRENCY]: cost === undefined ? undefined : 'USD',
    [ATTR_SWARMSCOPE_COST_SOURCE]: cost?.source,
    [ATTR_SWARMSCOPE_COST_PRICE_TABLE_VERSION]: cost?.tableVersion,
    [ATTR_SWARMSCOPE_COST_UNPRICED]: unpriced,
    [ATTR_SWARMSCOPE_USAGE_ESTIMATED_INPUT_TOKENS]: end.estimate?.inputTokens,
    [ATTR_SWARMSCOPE_USAGE_ESTIMATED_OUTPUT_TOKENS]: end.estimate?.outputTokens,
    [ATTR_SWARMSCOPE_COST_ESTIMATED]: estimatedCost,
    [ATTR_SWARMSCOPE_CONTEXT_USAGE]: contextUsed,
    [ATTR_SWARMSCOPE_CONTEXT_LIMIT]: contextWindow,
    [ATTR_SWARMSCOPE_CONTEXT_UTILIZATION]:
      contextUsed === undefined || contextWindow === undefined ? undefined : contextUsed / contextWindow,
  };
}

/** Most answers name a kind of token only to say that there was none. */
function someOf(tokens: number | undefined): number | undefined {
  return tokens === 0 ? undefined : tokens;
}
