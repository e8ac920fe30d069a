/** A request for pictures: its body to facts. */
import { ATTR_GEN_AI_INPUT_MESSAGES, ATTR_GEN_AI_OUTPUT_TYPE, ATTR_GEN_AI_REQUEST_CHOICE_COUNT } from '../../semconv/index.ts';
import { inputMessages } from '../facts/content.ts';
import { choiceCount } from '../facts/sampling.ts';
import type { Asked, RequestFacts } from '../protocol.ts';
import { asText, type JsonObject } from '../read/json.ts';

export function readRequest(body: JsonObject, { isContentCaptured }: Asked): RequestFacts {
  const prompt = asText(body['prompt']);
  const messages = prompt === undefined ? [] : [{ role: 'user', content: prompt }];
  return {
    requestModel: asText(body['model']),
    stream: body['stream'] === true ? true : undefined,
    attributes: {
      [ATTR_GEN_AI_OUTPUT_TYPE]: 'image',
      [ATTR_GEN_AI_REQUEST_CHOICE_COUNT]: choiceCount(body['n']),
      [ATTR_GEN_AI_INPUT_MESSAGES]: isContentCaptured ? inputMessages(messages, ({ content }) => [{ type: 'text', content }]) : undefined,
    },
  };
}
