/** The parts of Converse's messages in the shape of the conventions, without inline media. */
import { blobPart } from '../../semconv/media.ts';
import type { Part } from '../facts/content.ts';
import { asArray, asObject, asText, type JsonObject } from '../read/json.ts';

const MEDIA = ['image', 'audio', 'video'] as const;

export function partsOf(content: unknown): Part[] {
  return asArray(content).map((block) => partOf(asObject(block) ?? {}));
}

function partOf(block: JsonObject): Part {
  const text = asText(block['text']);
  if (text !== undefined) return { type: 'text', content: text };
  const thought = asText(asObject(asObject(block['reasoningContent'])?.['reasoningText'])?.['text']);
  if (thought !== undefined) return { type: 'reasoning', content: thought };
  const call = asObject(block['toolUse']);
  if (call !== undefined) return { type: 'tool_call', id: call['toolUseId'], name: call['name'], arguments: call['input'] };
  const result = asObject(block['toolResult']);
  if (result !== undefined) return { type: 'tool_call_response', id: result['toolUseId'], response: resultOf(result) };
  const medium = MEDIA.find((kind) => block[kind] !== undefined);
  if (medium !== undefined) return { ...mediumIn(medium, asObject(block[medium])) };
  const document = asObject(block['document']);
  if (document !== undefined) return { ...mediumIn('document', document) };
  // Only the kind is kept: a document or an unknown block may hold media.
  return { type: Object.keys(block)[0]?.slice(0, 64) ?? 'unknown' };
}

/** `{ format: 'png', source: { bytes } }`; a source may also be a place in S3. */
function mediumIn(modality: string, holder: JsonObject | undefined): Part {
  const format = asText(holder?.['format']);
  const type = format === undefined ? undefined : `${modality === 'document' ? 'application' : modality}/${format}`;
  return { ...blobPart(modality, type, asObject(holder?.['source'])?.['bytes']) };
}

function resultOf(result: JsonObject): unknown {
  return asArray(result['content']).map((item) => {
    const part = asObject(item);
    return part?.['json'] ?? asText(part?.['text']) ?? partOf(part ?? {});
  });
}
