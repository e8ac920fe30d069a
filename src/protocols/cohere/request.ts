/** The request of Cohere's chat, embed and rerank: its body to facts. */
import { ATTR_GEN_AI_INPUT_MESSAGES, ATTR_GEN_AI_OUTPUT_TYPE, ATTR_GEN_AI_TOOL_DEFINITIONS } from '../../semconv/index.ts';
import type { Attributes } from '../../semconv/telemetry.ts';
import { inputMessages, toolDefinitions } from '../facts/content.ts';
import { offeredNames } from '../facts/offered-tools.ts';
import { samplingAttributes } from '../facts/sampling.ts';
import { toolHistory } from '../facts/tool-results.ts';
import { toolName, turnOf } from '../openai-chat/request.ts';
import type { Asked, RequestFacts } from '../protocol.ts';
import { asObject, asText, valueIn, type JsonObject } from '../read/json.ts';
import { partsOf } from './content.ts';

export function readRequest(body: JsonObject, { isContentCaptured }: Asked): RequestFacts {
  return {
    requestModel: asText(body['model']),
    stream: body['stream'] === true ? true : undefined,
    toolsOffered: offeredTools(body),
    tools: toolHistory(body['messages'], turnOf),
    attributes: { ...requestAttributes(body), ...(isContentCaptured ? requestContent(body) : undefined) },
  };
}

const OUTPUT_TYPES: Readonly<Record<string, string>> = { text: 'text', json_object: 'json' };

function requestAttributes(body: JsonObject): Attributes {
  return {
    ...samplingAttributes({
      temperature: body['temperature'],
      topP: body['p'],
      topK: body['k'],
      frequencyPenalty: body['frequency_penalty'],
      presencePenalty: body['presence_penalty'],
      maxTokens: body['max_tokens'],
      seed: body['seed'],
      stop: body['stop_sequences'],
    }),
    [ATTR_GEN_AI_OUTPUT_TYPE]: valueIn(OUTPUT_TYPES, asText(asObject(body['response_format'])?.['type'])),
  };
}

function offeredTools(body: JsonObject): readonly string[] | undefined {
  return offeredNames(body['tools'], toolName);
}

function requestContent(body: JsonObject): Attributes {
  return {
    [ATTR_GEN_AI_INPUT_MESSAGES]: inputMessages(body['messages'], partsOf),
    [ATTR_GEN_AI_TOOL_DEFINITIONS]: toolDefinitions(offeredTools(body)),
  };
}
