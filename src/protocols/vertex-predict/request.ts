/** A request for a prediction: its body to facts. The model stands in the path. */
import {
  ATTR_GEN_AI_EMBEDDINGS_DIMENSION_COUNT,
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OUTPUT_TYPE,
  ATTR_GEN_AI_REQUEST_CHOICE_COUNT,
  ATTR_GEN_AI_REQUEST_SEED,
} from '../../semconv/index.ts';
import { inputMessages } from '../facts/content.ts';
import { choiceCount } from '../facts/sampling.ts';
import type { Asked, RequestFacts } from '../protocol.ts';
import { asArray, asCount, asNumber, asObject, asText, type JsonObject } from '../read/json.ts';

export function readRequest(body: JsonObject, { operation, isContentCaptured }: Asked): RequestFacts {
  const parameters = asObject(body['parameters']);
  const isImage = operation.name === 'generate_content';
  const prompts = asArray(body['instances']).map((instance) => ({ role: 'user', content: asText(asObject(instance)?.['prompt']) }));
  return {
    attributes: {
      [ATTR_GEN_AI_OUTPUT_TYPE]: isImage ? 'image' : undefined,
      [ATTR_GEN_AI_EMBEDDINGS_DIMENSION_COUNT]: asCount(parameters?.['outputDimensionality']),
      [ATTR_GEN_AI_REQUEST_CHOICE_COUNT]: choiceCount(parameters?.['sampleCount']),
      [ATTR_GEN_AI_REQUEST_SEED]: asNumber(parameters?.['seed']),
      [ATTR_GEN_AI_INPUT_MESSAGES]:
        isImage && isContentCaptured ? inputMessages(prompts, ({ content }) => [{ type: 'text', content }]) : undefined,
    },
  };
}
