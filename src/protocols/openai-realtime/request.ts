/** What a response of OpenAI Realtime is asked with: the session's configuration, and what `response.create` changes in it. */
import {
  ATTR_GEN_AI_OUTPUT_TYPE,
  ATTR_GEN_AI_REQUEST_MAX_TOKENS,
  ATTR_GEN_AI_REQUEST_TEMPERATURE,
  ATTR_GEN_AI_SYSTEM_INSTRUCTIONS,
  ATTR_GEN_AI_TOOL_DEFINITIONS,
} from '../../semconv/index.ts';
import { stringifyBounded, toolDefinitions } from '../facts/content.ts';
import { offeredNames } from '../facts/offered-tools.ts';
import type { Asked, RequestFacts } from '../protocol.ts';
import { asCount, asNumber, asText, asTexts, type JsonObject } from '../read/json.ts';

/** `body` is a configuration: `session` of `session.update`, `response` of `response.create`, or both in one. */
export function readRequest(body: JsonObject, { isContentCaptured }: Asked): RequestFacts {
  const tools = offeredNames(body['tools'], (tool) => asText(tool['name']) ?? asText(tool['server_label']) ?? asText(tool['type']));
  const kinds = asTexts(body['output_modalities'] ?? body['modalities']) ?? [];
  const instructions = asText(body['instructions']);
  return {
    requestModel: asText(body['model']),
    toolsOffered: tools,
    attributes: {
      // GA, then beta.
      [ATTR_GEN_AI_REQUEST_MAX_TOKENS]: asCount(body['max_output_tokens'] ?? body['max_response_output_tokens']),
      [ATTR_GEN_AI_REQUEST_TEMPERATURE]: asNumber(body['temperature']),
      [ATTR_GEN_AI_OUTPUT_TYPE]: kinds.includes('audio') ? 'speech' : kinds.length > 0 ? 'text' : undefined,
      ...(isContentCaptured && {
        [ATTR_GEN_AI_SYSTEM_INSTRUCTIONS]:
          instructions === undefined ? undefined : stringifyBounded([{ type: 'text', content: instructions }]),
        [ATTR_GEN_AI_TOOL_DEFINITIONS]: toolDefinitions(tools),
      }),
    },
  };
}
