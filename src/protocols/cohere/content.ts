/** The parts of Cohere's messages in the shape of the conventions, without pictures and documents. */
import { uriPart } from '../../semconv/media.ts';
import { valueOf, type Part } from '../facts/content.ts';
import { asArray, asObject, asText, type JsonObject } from '../read/json.ts';

export function partsOf(message: JsonObject): Part[] {
  const { content } = message;
  const texts = typeof content === 'string' ? [{ type: 'text', content }] : asArray(content).map((part) => partOf(asObject(part)));
  if (message['role'] === 'tool')
    return [{ type: 'tool_call_response', id: message['tool_call_id'], response: typeof content === 'string' ? content : texts }];
  const plan = asText(message['tool_plan']);
  const calls = asArray(message['tool_calls']).map((item) => {
    const call = asObject(item);
    const details = asObject(call?.['function']);
    return { type: 'tool_call', id: call?.['id'], name: details?.['name'], arguments: valueOf(details?.['arguments']) };
  });
  return [...(plan === undefined ? [] : [{ type: 'reasoning', content: plan }]), ...texts, ...calls];
}

function partOf(part: JsonObject | undefined): Part {
  const type = asText(part?.['type']) ?? 'unknown';
  if (type === 'text') return { type, content: part?.['text'] };
  if (type === 'thinking') return { type: 'reasoning', content: part?.['thinking'] };
  if (type === 'image_url') return uriPart('image', asObject(part?.['image_url'])?.['url']);
  // Only the type is kept: a document may be long, and an unknown part may hold media.
  return { type };
}
