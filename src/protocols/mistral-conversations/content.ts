/** The entries of a Mistral conversation, which go in and come out alike, in the shape of the conventions. */
import { uriPart } from '../../semconv/media.ts';
import { valueOf, type Part } from '../facts/content.ts';
import { asArray, asObject, asText, type JsonObject } from '../read/json.ts';

/** A text alone is what the user says. */
export function entriesIn(inputs: unknown): JsonObject[] {
  if (typeof inputs === 'string') return [{ type: 'message.input', role: 'user', content: inputs }];
  return asArray(inputs)
    .map(asObject)
    .filter((entry) => entry !== undefined);
}

export function roleOf(entry: JsonObject): string {
  const type = asText(entry['type']);
  if (type === 'function.result') return 'tool';
  if (type === 'function.call' || type === 'message.output' || type === 'tool.execution') return 'assistant';
  return asText(entry['role']) ?? 'user';
}

export function partsOf(entry: JsonObject): Part[] {
  const id = asText(entry['tool_call_id']);
  if (entry['type'] === 'function.call') return [{ type: 'tool_call', id, name: entry['name'], arguments: valueOf(entry['arguments']) }];
  if (entry['type'] === 'function.result') return [{ type: 'tool_call_response', id, response: entry['result'] }];
  const { content } = entry;
  return typeof content === 'string' ? [{ type: 'text', content }] : asArray(content).map((chunk) => partOf(asObject(chunk)));
}

function partOf(chunk: JsonObject | undefined): Part {
  const type = asText(chunk?.['type']) ?? 'unknown';
  if (type === 'text') return { type, content: chunk?.['text'] };
  if (type === 'thinking') return { type: 'reasoning', content: textsIn({ content: chunk?.['thinking'] }).join('') };
  if (type === 'image_url') return uriPart('image', asText(chunk?.[type]) ?? asObject(chunk?.[type])?.['url']);
  // Only the type is kept: a chunk of another kind may hold media or names of files.
  return { type };
}

/** `content` is a text, a chunk of one, or a list of them. */
export function textsIn({ content }: JsonObject): readonly string[] {
  const chunks = typeof content === 'object' && !Array.isArray(content) ? [content] : asArray(content);
  return typeof content === 'string' ? [content] : chunks.flatMap((chunk) => asText(asObject(chunk)?.['text']) ?? []);
}
