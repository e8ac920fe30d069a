/** Parts of Gemini's messages: what each of them is, by whatever spelling it has. */
import { asArray, asObject, type JsonObject } from '../read/json.ts';

/** A member in camel case, as Google's own libraries write it, or in snake case, which the service takes as well. */
export function member(holder: JsonObject | undefined, name: string): unknown {
  return holder?.[name] ?? holder?.[name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)];
}

export function partsIn(content: unknown): JsonObject[] {
  return asArray(asObject(content)?.['parts'])
    .map(asObject)
    .filter((part) => part !== undefined);
}

/** Code Assist wraps what it hands on: `{ model, project, request }`, `{ response, traceId }`. */
export function unwrapped(body: JsonObject, wrapper: 'request' | 'response'): JsonObject {
  return asObject(body[wrapper]) ?? body;
}
