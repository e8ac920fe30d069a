/** The parts of OpenAI's messages in the shape of the conventions, without inline media. */
import { blobPart, filePart, uriPart } from '../../semconv/media.ts';
import { valueOf, type Part } from '../facts/content.ts';
import { asArray, asObject, asText, type JsonObject } from '../read/json.ts';

export function partsOf(message: JsonObject): Part[] {
  const { content } = message;
  const texts = typeof content === 'string' ? [{ type: 'text', content }] : asArray(content).map((part) => partOf(asObject(part)));
  if (message['role'] === 'tool')
    return [{ type: 'tool_call_response', id: message['tool_call_id'], response: typeof content === 'string' ? content : texts }];
  const calls = asArray(message['tool_calls']).map((item) => {
    const call = asObject(item);
    const details = asObject(call?.['function']) ?? asObject(call?.['custom']);
    return {
      type: 'tool_call',
      id: call?.['id'],
      name: details?.['name'],
      arguments: valueOf(details?.['arguments'] ?? details?.['input']),
    };
  });
  return [...texts, ...calls];
}

function partOf(part: JsonObject | undefined): Part {
  const type = asText(part?.['type']) ?? 'unknown';
  if (type === 'text' || type === 'refusal') return { type: 'text', content: part?.[type] };
  if (type === 'image_url') return uriPart('image', asObject(part?.['image_url'])?.['url']);
  if (type === 'input_audio') return soundOf(asObject(part?.['input_audio']));
  if (type === 'file') return fileOf(asObject(part?.['file']));
  // Only the type is kept: an unknown part may hold media.
  return { type };
}

function soundOf(sound: JsonObject | undefined): Part {
  const format = asText(sound?.['format']);
  return { ...blobPart('audio', format === undefined ? undefined : `audio/${format}`, sound?.['data']) };
}

function fileOf(file: JsonObject | undefined): Part {
  const id = asText(file?.['file_id']);
  return id === undefined ? filePart('document', file?.['file_data']) : { type: 'file', modality: 'document', file_id: id };
}
