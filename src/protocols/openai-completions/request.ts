/** The request of an OpenAI completion: its body to facts. */
import { ATTR_GEN_AI_INPUT_MESSAGES } from '../../semconv/index.ts';
import { inputMessages } from '../facts/content.ts';
import { openaiSampling } from '../facts/openai-sampling.ts';
import type { Asked, RequestFacts } from '../protocol.ts';
import { asText, asTexts, type JsonObject } from '../read/json.ts';

export function readRequest(body: JsonObject, { isContentCaptured }: Asked): RequestFacts {
  return {
    requestModel: asText(body['model']),
    stream: body['stream'] === true ? true : undefined,
    attributes: { ...openaiSampling(body), ...(isContentCaptured ? { [ATTR_GEN_AI_INPUT_MESSAGES]: prompts(body) } : undefined) },
  };
}

/** Each prompt is a conversation of its own; as tokens (numbers) it is no text. */
function prompts(body: JsonObject): string {
  const messages = (asTexts(body['prompt']) ?? []).map((content) => ({ role: 'user', content }));
  return inputMessages(messages, ({ content }) => [{ type: 'text', content }]);
}
