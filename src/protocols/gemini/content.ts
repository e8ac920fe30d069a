/** The parts of Gemini's messages in the shape of the conventions, without inline media. */
import { blobPart } from '../../semconv/media.ts';
import type { Part } from '../facts/content.ts';
import { asObject, asText, valueIn, type JsonObject } from '../read/json.ts';
import { member, partsIn } from './parts.ts';

const ROLES: Readonly<Record<string, string>> = { model: 'assistant', function: 'tool' };

/** The role by the conventions' word; results of tools come in the user's name. */
export function roleOf(content: JsonObject): string {
  const role = asText(content['role']) ?? 'user';
  const isResult = partsIn(content).some((part) => member(part, 'functionResponse') !== undefined);
  return isResult ? 'tool' : (valueIn(ROLES, role) ?? role);
}

export function partsOf(content: JsonObject): Part[] {
  return partsIn(content).map(partOf);
}

function partOf(part: JsonObject): Part {
  if (typeof part['text'] === 'string') return { type: part['thought'] === true ? 'reasoning' : 'text', content: part['text'] };
  const call = asObject(member(part, 'functionCall'));
  if (call !== undefined) return { type: 'tool_call', id: asText(call['id']), name: call['name'], arguments: call['args'] };
  const result = asObject(member(part, 'functionResponse'));
  if (result !== undefined) return { type: 'tool_call_response', id: asText(result['id']), response: result['response'] };
  const inline = asObject(member(part, 'inlineData'));
  if (inline !== undefined) return { ...blobPart(undefined, member(inline, 'mimeType'), inline['data']) };
  const file = asObject(member(part, 'fileData'));
  if (file !== undefined) return { type: 'uri', ...mediaType(file), uri: member(file, 'fileUri') };
  // Only the kind is kept: an unknown part may hold media.
  return { type: Object.keys(part)[0]?.slice(0, 64) ?? 'unknown' };
}

function mediaType(data: JsonObject): Part {
  const type = asText(member(data, 'mimeType'));
  return { modality: type?.split('/')[0], mime_type: type };
}
