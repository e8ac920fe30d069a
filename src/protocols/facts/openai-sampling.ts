/** The parameters of a request that the OpenAI family spells alike. */
import { ATTR_OPENAI_REQUEST_SERVICE_TIER } from '../../semconv/index.ts';
import type { Attributes } from '../../semconv/telemetry.ts';
import { asCount, type JsonObject } from '../read/json.ts';
import { putKnown, samplingAttributes } from './sampling.ts';
import { wordOf } from './usage.ts';

export function openaiSampling(body: JsonObject): Attributes {
  const tier = wordOf(body['service_tier']);
  const told = samplingAttributes({
    temperature: body['temperature'],
    topP: body['top_p'],
    // Not OpenAI's own: vLLM, SGLang, OpenRouter and Together take it.
    topK: body['top_k'],
    frequencyPenalty: body['frequency_penalty'],
    presencePenalty: body['presence_penalty'],
    maxTokens: asCount(body['max_completion_tokens']) ?? asCount(body['max_output_tokens']) ?? body['max_tokens'],
    seed: body['seed'],
    stop: body['stop'],
    choices: body['n'],
  });
  if (tier !== 'auto') putKnown(told, ATTR_OPENAI_REQUEST_SERVICE_TIER, tier);
  return told;
}
