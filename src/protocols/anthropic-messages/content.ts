/** The parts of Anthropic's messages in the shape of the conventions, without inline media. */
import { blobPart, uriPart } from '../../semconv/media.ts';
import { serverToolCall, type Part } from '../facts/content.ts';
import { asArray, asObject, asText, valueIn, type JsonObject } from '../read/json.ts';

/** How deep results inside results are read; protects the stack from a body that is made to be deep. */
const MAX_DEPTH = 4;

/** `content` of a message, or the system prompt, which is written alike. */
export function partsOf(content: unknown, depth = 0): Part[] {
  if (typeof content === 'string') return [{ type: 'text', content }];
  return depth > MAX_DEPTH ? [] : asArray(content).map((block) => partOf(asObject(block), depth));
}

function partOf(block: JsonObject | undefined, depth: number): Part {
  const type = asText(block?.['type']) ?? 'unknown';
  return valueIn(PARTS, type)?.(block ?? {}, depth) ?? { type };
}

/** Of a type that is not listed only its name is kept: it may hold media. */
const PARTS: Readonly<Record<string, (block: JsonObject, depth: number) => Part>> = {
  text: (block) => ({ type: 'text', content: block['text'] }),
  thinking: (block) => ({ type: 'reasoning', content: block['thinking'] }),
  tool_use: (block) => ({ type: 'tool_call', id: block['id'], name: block['name'], arguments: block['input'] }),
  server_tool_use: (block) => serverToolCall(block['id'], block['name'], block['input']),
  tool_result: (block, depth) => ({
    type: 'tool_call_response',
    id: block['tool_use_id'],
    response: typeof block['content'] === 'string' ? block['content'] : partsOf(block['content'], depth + 1),
  }),
  image: (block) => mediumOf('image', block),
  document: (block) => mediumOf('document', block),
};

/** In the request itself, at an address, or in Anthropic's file store. */
function mediumOf(modality: string, block: JsonObject): Part {
  const source = asObject(block['source']);
  const file = asText(source?.['file_id']);
  if (file !== undefined) return { type: 'file', modality, file_id: file };
  if (source?.['type'] === 'url') return uriPart(modality, source['url']);
  return { ...blobPart(modality, source?.['media_type'], source?.['data']) };
}
