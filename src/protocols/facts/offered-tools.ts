/** The tools that a request offers, by name. */
import { asArray, asObject, type JsonObject } from '../read/json.ts';

/** `undefined` where none is offered. `nameOf` may find none in an entry, or several. */
export function offeredNames(
  tools: unknown,
  nameOf: (tool: JsonObject) => string | readonly string[] | undefined,
): readonly string[] | undefined {
  if (tools === undefined) return undefined;
  const names = asArray(tools).flatMap((item) => nameOf(asObject(item) ?? {}) ?? []);
  return names.length === 0 ? undefined : names;
}
