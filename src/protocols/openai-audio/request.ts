/** A request with sound, or for sound: its body, JSON or a form, to facts. */
import {
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OUTPUT_TYPE,
  ATTR_GEN_AI_REQUEST_TEMPERATURE,
  ATTR_SWARMSCOPE_USAGE_CHARACTERS,
} from '../../semconv/index.ts';
import { inputMessages } from '../facts/content.ts';
import type { Asked, RequestFacts } from '../protocol.ts';
import { asNumber, asText, type JsonObject } from '../read/json.ts';

export function readRequest(body: JsonObject, { operation, isContentCaptured }: Asked): RequestFacts {
  const isSpeech = operation.path.endsWith('/speech');
  const text = asText(body[isSpeech ? 'input' : 'prompt']);
  const messages = text === undefined ? [] : [{ role: 'user', content: text }];
  return {
    requestModel: asText(body['model']),
    stream: body['stream'] === true || body['stream_format'] === 'sse' ? true : undefined,
    attributes: {
      [ATTR_GEN_AI_OUTPUT_TYPE]: isSpeech ? 'speech' : 'text',
      [ATTR_GEN_AI_REQUEST_TEMPERATURE]: asNumber(body['temperature']),
      // Most models that speak are billed by it.
      [ATTR_SWARMSCOPE_USAGE_CHARACTERS]: isSpeech ? text?.length : undefined,
      [ATTR_GEN_AI_INPUT_MESSAGES]: isContentCaptured ? inputMessages(messages, ({ content }) => [{ type: 'text', content }]) : undefined,
    },
  };
}
