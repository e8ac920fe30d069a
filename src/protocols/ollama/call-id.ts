/** The id of a tool call, where Ollama gave it. */
import { asText } from '../read/json.ts';

/** Clients that want an id make one up, which Ollama never said: LangChain's are UUIDs. Ollama's own begin with `call_`. */
const MADE_UP = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

export function givenId(id: unknown): string | undefined {
  const told = asText(id);
  return told === undefined || MADE_UP.test(told) ? undefined : told;
}
