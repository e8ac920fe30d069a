/** The request of OpenAI embeddings: its body to facts. What is embedded is no message, and is never captured. */
import { ATTR_GEN_AI_EMBEDDINGS_DIMENSION_COUNT, ATTR_GEN_AI_REQUEST_ENCODING_FORMATS } from '../../semconv/index.ts';
import type { RequestFacts } from '../protocol.ts';
import { asCount, asText, type JsonObject } from '../read/json.ts';

export function readRequest(body: JsonObject): RequestFacts {
  const format = asText(body['encoding_format']);
  return {
    requestModel: asText(body['model']),
    attributes: {
      [ATTR_GEN_AI_EMBEDDINGS_DIMENSION_COUNT]: asCount(body['dimensions']),
      // Any other word is no format that a provider has.
      [ATTR_GEN_AI_REQUEST_ENCODING_FORMATS]: format !== undefined && FORMATS.has(format) ? [format] : undefined,
    },
  };
}

const FORMATS: ReadonlySet<string> = new Set(['float', 'base64', 'int8', 'uint8', 'binary', 'ubinary', 'bfloat16', 'float16']);
