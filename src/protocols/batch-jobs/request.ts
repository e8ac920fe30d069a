/** A batch that is handed in: its model, where it is not in a file. */
import type { RequestFacts } from '../protocol.ts';
import { asText, type JsonObject } from '../read/json.ts';

export function readRequest(body: JsonObject): RequestFacts {
  const model = asText(body['model']) ?? asText(body['modelId']);
  // Vertex and Bedrock may name it by an address, which holds the number of the account.
  return { requestModel: model?.split('/').at(-1) };
}
