/** The request of Bedrock's InvokeModel: Anthropic's messages by their own reader, others by what they have in common. */
import { ATTR_GEN_AI_REQUEST_MAX_TOKENS, ATTR_GEN_AI_REQUEST_TEMPERATURE, ATTR_GEN_AI_REQUEST_TOP_P } from '../../semconv/index.ts';
import type { Attributes } from '../../semconv/telemetry.ts';
import { readRequest as readMessages } from '../anthropic-messages/request.ts';
import { readRequest as readConverse } from '../bedrock-converse/request.ts';
import { readRequest as readChat } from '../openai-chat/request.ts';
import type { Asked, RequestFacts } from '../protocol.ts';
import { asCount, asNumber, asObject, type JsonObject } from '../read/json.ts';

/** The model stands in the path, and so does whether the answer is a stream. */
export function readRequest(body: JsonObject, asked: Asked): RequestFacts {
  return { ...readBody(body, asked), requestModel: undefined, stream: asked.operation.isStream };
}

function readBody(body: JsonObject, asked: Asked): RequestFacts {
  if (body['anthropic_version'] !== undefined) return readMessages(body, asked);
  // Amazon's Nova takes the bodies of Converse.
  if (NOVA.some((name) => body[name] !== undefined)) return readConverse(body, asked);
  if (Array.isArray(body['messages'])) return readChat(body, asked);
  return { attributes: promptAttributes(body) };
}

const NOVA = ['inferenceConfig', 'schemaVersion', 'toolConfig'];

/** Of a prompt that is one text: Llama, Mistral, Titan. */
function promptAttributes(body: JsonObject): Attributes {
  const titan = asObject(body['textGenerationConfig']);
  return {
    [ATTR_GEN_AI_REQUEST_TEMPERATURE]: asNumber(body['temperature'] ?? titan?.['temperature']),
    [ATTR_GEN_AI_REQUEST_TOP_P]: asNumber(body['top_p'] ?? titan?.['topP']),
    [ATTR_GEN_AI_REQUEST_MAX_TOKENS]: asCount(body['max_gen_len'] ?? body['max_tokens'] ?? titan?.['maxTokenCount']),
  };
}
