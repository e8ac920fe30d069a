/** The parameters of a request that the OpenAI family spells alike. */
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
  ATTR_OPENAI_REQUEST_SERVICE_TIER,
} from '../../semconv/index.ts';
import type { Attributes } from '../../semconv/telemetry.ts';
import { asCount, asNumber, asTexts, type JsonObject } from '../read/json.ts';
import { wordOf } from './usage.ts';

export function samplingAttributes(body: JsonObject): Attributes {
  const choices = asCount(body['n']);
  const tier = wordOf(body['service_tier']);
  return {
    [ATTR_GEN_AI_REQUEST_TEMPERATURE]: asNumber(body['temperature']),
    [ATTR_GEN_AI_REQUEST_TOP_P]: asNumber(body['top_p']),
    // Not OpenAI's own: vLLM, SGLang, OpenRouter and Together take it.
    [ATTR_GEN_AI_REQUEST_TOP_K]: asCount(body['top_k']),
    [ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY]: asNumber(body['frequency_penalty']),
    [ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY]: asNumber(body['presence_penalty']),
    [ATTR_GEN_AI_REQUEST_MAX_TOKENS]:
      asCount(body['max_completion_tokens']) ?? asCount(body['max_output_tokens']) ?? asCount(body['max_tokens']),
    [ATTR_GEN_AI_REQUEST_SEED]: asNumber(body['seed']),
    [ATTR_GEN_AI_REQUEST_STOP_SEQUENCES]: asTexts(body['stop'])?.slice(0, 16),
    [ATTR_OPENAI_REQUEST_SERVICE_TIER]: tier === 'auto' ? undefined : tier,
    [ATTR_GEN_AI_REQUEST_CHOICE_COUNT]: choices === 1 ? undefined : choices,
  };
}
