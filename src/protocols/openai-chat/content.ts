/** The parts of OpenAI's messages in the shape of the conventions, without inline media. */
import type { Part } from '../facts/content.ts';
import { asArray, asObject, asText, type JsonObject } from '../read/json.ts';

export function partsOf(message: JsonObject): Part[] {
  const { content } = message;
  const texts = typeof content === 'string' ? [{ type: 'text', content }] : asArray(content).map((part) => partOf(asObject(part)));
  if (message['role'] === 'tool')
    return [{ type: 'tool_call_response', id: message['tool_call_id'], response: typeof content === 'string' ? content : texts }];
  const calls = asArray(message['tool_calls']).map((item) => {
    const call = asObject(item);
    const details = asObject(call?.['function']) ?? asObject(call?.['custom']);
    return { type: 'tool_call', id: call?.['id'], name: details?.['name'], arguments: details?.['arguments'] ?? details?.['input'] };
  });
  return [...texts, ...calls];
}

function partOf(part: JsonObject | undefined): Part {
  const type = asText(part?.['type']) ?? 'unknown';
  if (type === 'text' || type === 'refusal') return { type: 'text', content: part?.[type] };
  if (type === 'image_url') return { type: 'uri', modality: 'image', uri: asObject(part?.['image_url'])?.['url'] };
  if (type === 'input_audio') return { type: 'blob', modality: 'audio', content: '[removed]' };
  // Only the type is kept: an unknown part may hold media.
  return { type };
}
