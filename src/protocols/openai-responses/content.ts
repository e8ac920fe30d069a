/** The items of OpenAI responses in the shape of the conventions, without inline media. */
import { blobPart, filePart, uriPart } from '../../semconv/media.ts';
import { serverToolCall, valueOf, type Part } from '../facts/content.ts';
import { asArray, asObject, asText, valueIn, type JsonObject } from '../read/json.ts';
import { callIn, resultIn } from './items.ts';

/** As messages whose parts `partsOf` gives: a text alone is one of the user. */
export function messagesIn(input: unknown): readonly JsonObject[] {
  if (typeof input === 'string') return [{ role: 'user', content: input }];
  return asArray(input).map((item) => {
    const object = asObject(item) ?? {};
    return { ...object, role: asText(object['role']) ?? roleOf(object) };
  });
}

function roleOf(item: JsonObject): string {
  return resultIn(item) === undefined ? 'assistant' : 'tool';
}

export function partsOf(item: JsonObject): readonly Part[] {
  const call = callIn(item);
  if (call !== undefined) {
    const { id, name, input } = call;
    return [call.isProvidersOwn ? serverToolCall(id, name, input) : { type: 'tool_call', id, name, arguments: valueOf(input) }];
  }
  const result = resultIn(item);
  if (result !== undefined) return [{ type: 'tool_call_response', id: result, response: responseOf(item['output']) }];
  if (item['type'] === 'reasoning') return reasoningIn(item).map((content) => ({ type: 'reasoning', content }));
  const { content } = item;
  if (typeof content === 'string') return [{ type: 'text', content }];
  if (Array.isArray(content)) return content.map((part) => partOf(asObject(part)));
  // Only the type is kept: an unknown item may hold media.
  return [{ type: asText(item['type']) ?? 'unknown' }];
}

/** Its summary, and the text where the model gives it. */
export function reasoningIn(item: JsonObject): string[] {
  return [...asArray(item['summary']), ...asArray(item['content'])].flatMap((part) => asText(asObject(part)?.['text']) ?? []);
}

function responseOf(output: unknown): unknown {
  if (typeof output === 'string') return output;
  return Array.isArray(output) ? output.map((part) => partOf(asObject(part))) : partOf(asObject(output));
}

function partOf(part: JsonObject | undefined): Part {
  const type = asText(part?.['type']) ?? 'unknown';
  return valueIn(PARTS, type)?.(part ?? {}) ?? { type };
}

const text = (part: JsonObject): Part => ({ type: 'text', content: part['text'] });
const image = (part: JsonObject): Part => {
  const fileId = asText(part['file_id']);
  return fileId === undefined ? uriPart('image', part['image_url']) : { type: 'file', modality: 'image', file_id: fileId };
};

/** By an address, or in the request itself. */
function documentOf(part: JsonObject): Part {
  const { file_url: address, file_data: data } = part;
  return address === undefined ? filePart('document', data) : uriPart('document', address);
}

const PARTS: Readonly<Record<string, (part: JsonObject) => Part>> = {
  input_text: text,
  output_text: text,
  text,
  summary_text: text,
  refusal: (part) => ({ type: 'text', content: part['refusal'] }),
  input_image: image,
  computer_screenshot: image,
  input_file: (part) =>
    asText(part['file_id']) === undefined ? documentOf(part) : { type: 'file', modality: 'document', file_id: part['file_id'] },
  input_audio: (part) => {
    const sound = asObject(part['input_audio']);
    const format = asText(sound?.['format']);
    return { ...blobPart('audio', format === undefined ? undefined : `audio/${format}`, sound?.['data'] ?? part['data']) };
  },
};
