/** The parts of Ollama's messages in the shape of the conventions, without pictures. */
import { blobPart } from '../../semconv/media.ts';
import { valueOf, type Part } from '../facts/content.ts';
import { asArray, asObject, asText, type JsonObject } from '../read/json.ts';

export function partsOf(message: JsonObject): Part[] {
  const content = asText(message['content']);
  if (message['role'] === 'tool') return [{ type: 'tool_call_response', id: asText(message['tool_call_id']), response: content }];
  const thinking = asText(message['thinking']);
  const pictures = asArray(message['images']).map((data): Part => ({ ...blobPart('image', undefined, data) }));
  const calls = asArray(message['tool_calls']).map((item) => {
    const call = asObject(item);
    const details = asObject(call?.['function']);
    return { type: 'tool_call', id: asText(call?.['id']), name: details?.['name'], arguments: valueOf(details?.['arguments']) };
  });
  return [
    ...(thinking === undefined ? [] : [{ type: 'reasoning', content: thinking }]),
    ...(content === undefined ? [] : [{ type: 'text', content }]),
    ...pictures,
    ...calls,
  ];
}
