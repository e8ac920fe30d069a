/** Parts of Gemini's messages: what each of them is, by whatever spelling it has. */
import { asArray, asObject, asText, type JsonObject } from '../read/json.ts';

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

/**
 * Ids for calls and results of one message. The service leaves ids out as a rule; then the place among the calls of the
 * same name stands for one.
 */
export class CallIds {
  readonly #counts = new Map<string, number>();

  of(call: JsonObject | undefined): string {
    const id = asText(call?.['id']);
    if (id !== undefined) return id;
    const name = (asText(call?.['name']) ?? '').slice(0, 128);
    const count = this.#counts.get(name) ?? 0;
    if (this.#counts.size < MAX_NAMES || count > 0) this.#counts.set(name, count + 1);
    return `${name}#${count}`;
  }
}

/** Names counted in one message; protects from an endless one. */
const MAX_NAMES = 256;
