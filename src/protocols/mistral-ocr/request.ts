/** A request to read a document: its body to facts. A document is no message, and is never captured. */
import { ATTR_GEN_AI_OUTPUT_TYPE } from '../../semconv/index.ts';
import type { RequestFacts } from '../protocol.ts';
import { asObject, asText, type JsonObject } from '../read/json.ts';

export function readRequest(body: JsonObject): RequestFacts {
  const isJson = asObject(body['document_annotation_format']) !== undefined;
  return { requestModel: asText(body['model']), attributes: { [ATTR_GEN_AI_OUTPUT_TYPE]: isJson ? 'json' : 'text' } };
}
