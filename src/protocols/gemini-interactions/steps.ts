/** The steps of Gemini's interactions, which go in and come out alike: texts, thoughts, and calls of tools. */
import { blobPart, uriPart } from '../../semconv/media.ts';
import { valueOf, type Part } from '../facts/content.ts';
import { asArray, asObject, asText, type JsonObject } from '../read/json.ts';

/** A text alone, or contents without steps around them, are what the user says. */
export function stepsIn(input: unknown): JsonObject[] {
  const given = typeof input === 'string' ? [{ type: 'text', text: input }] : Array.isArray(input) ? asArray(input) : [input];
  const items = given.map(asObject).filter((item) => item !== undefined);
  const isContent = items.length > 0 && items.every((item) => CONTENTS.has(asText(item['type']) ?? ''));
  return isContent ? [{ type: 'user_input', content: items }] : items;
}

const CONTENTS: ReadonlySet<string> = new Set(['text', 'image', 'audio', 'video', 'document']);

/** The tool that a step calls; `undefined` for a step that is no call. */
export function callIn(step: JsonObject): { name: string | undefined; isProvidersOwn: boolean } | undefined {
  const type = asText(step['type']) ?? '';
  if (type === 'function_call') return { name: asText(step['name']), isProvidersOwn: false };
  if (!type.endsWith('_call')) return undefined;
  // Of an MCP server the tool has a name of its own.
  return { name: asText(step['name']) ?? type.slice(0, -'_call'.length).slice(0, 64), isProvidersOwn: true };
}

export function roleOf(step: JsonObject): string {
  if (step['type'] === 'function_result') return 'tool';
  return step['type'] === 'user_input' ? 'user' : 'assistant';
}

export function textsIn(step: JsonObject): readonly string[] {
  const { content } = step;
  return typeof content === 'string' ? [content] : asArray(content).flatMap((each) => asText(asObject(each)?.['text']) ?? []);
}

export function partsOf(step: JsonObject): Part[] {
  if (step['type'] === 'function_call')
    return [{ type: 'tool_call', id: asText(step['id']), name: step['name'], arguments: valueOf(step['arguments']) }];
  if (step['type'] === 'function_result') return [{ type: 'tool_call_response', id: asText(step['call_id']), response: step['result'] }];
  if (step['type'] === 'thought') return [{ type: 'reasoning', content: textsIn({ content: step['summary'] }).join('') }];
  const { content } = step;
  if (typeof content === 'string') return [{ type: 'text', content }];
  const parts = asArray(content).map(asObject);
  return parts.length === 0 ? [{ type: asText(step['type'])?.slice(0, 64) ?? 'unknown' }] : parts.map(partOf);
}

/** Of media that the step holds itself: type, size and hash. */
function partOf(part: JsonObject | undefined): Part {
  const type = asText(part?.['type']) ?? 'unknown';
  if (type === 'text') return { type, content: part?.['text'] };
  if (!CONTENTS.has(type)) return { type: type.slice(0, 64) };
  return part?.['uri'] === undefined ? { ...blobPart(type, part?.['mime_type'], part?.['data']) } : uriPart(type, part['uri']);
}
