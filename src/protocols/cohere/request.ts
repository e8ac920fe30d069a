/** The request of Cohere's chat, embed and rerank: its body to facts. */
import {
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OUTPUT_TYPE,
  ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY,
  ATTR_GEN_AI_REQUEST_MAX_TOKENS,
  ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY,
  ATTR_GEN_AI_REQUEST_SEED,
  ATTR_GEN_AI_REQUEST_STOP_SEQUENCES,
  ATTR_GEN_AI_REQUEST_TEMPERATURE,
  ATTR_GEN_AI_REQUEST_TOP_K,
  ATTR_GEN_AI_REQUEST_TOP_P,
  ATTR_GEN_AI_TOOL_DEFINITIONS,
} from '../../semconv/index.ts';
import type { Attributes } from '../../semconv/telemetry.ts';
import { inputMessages, toolDefinitions } from '../facts/content.ts';
import { toolHistory } from '../facts/tool-results.ts';
import { toolName, turnOf } from '../openai-chat/request.ts';
import type { Asked, RequestFacts } from '../protocol.ts';
import { asArray, asCount, asNumber, asObject, asText, asTexts, valueIn, type JsonObject } from '../read/json.ts';
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
    [ATTR_GEN_AI_REQUEST_TEMPERATURE]: asNumber(body['temperature']),
    [ATTR_GEN_AI_REQUEST_TOP_P]: asNumber(body['p']),
    [ATTR_GEN_AI_REQUEST_TOP_K]: asCount(body['k']),
    [ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY]: asNumber(body['frequency_penalty']),
    [ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY]: asNumber(body['presence_penalty']),
    [ATTR_GEN_AI_REQUEST_MAX_TOKENS]: asCount(body['max_tokens']),
    [ATTR_GEN_AI_REQUEST_SEED]: asNumber(body['seed']),
    [ATTR_GEN_AI_REQUEST_STOP_SEQUENCES]: asTexts(body['stop_sequences'])?.slice(0, 16),
    [ATTR_GEN_AI_OUTPUT_TYPE]: valueIn(OUTPUT_TYPES, asText(asObject(body['response_format'])?.['type'])),
  };
}

function offeredTools(body: JsonObject): readonly string[] | undefined {
  const names = asArray(body['tools']).flatMap((tool) => toolName(asObject(tool)) ?? []);
  return names.length === 0 ? undefined : names;
}

function requestContent(body: JsonObject): Attributes {
  return {
    [ATTR_GEN_AI_INPUT_MESSAGES]: inputMessages(body['messages'], partsOf),
    [ATTR_GEN_AI_TOOL_DEFINITIONS]: toolDefinitions(offeredTools(body)),
  };
}
