/** Captured content: messages in the JSON shape of the conventions, cut to size before they become text. */
import { asArray, asObject, asText, type JsonObject } from '../read/json.ts';
import type { CalledTool } from './called-tools.ts';

/** Longest attribute with content; protects the exporter's queue. The recorder's mask cuts at the same length. */
const MAX_CONTENT_CHARACTERS = 64 * 1024;
/** Messages of one request: the newest are kept. */
const MAX_MESSAGES = 200;

export type Part = Readonly<Record<string, unknown>>;

/** The text, cut to what a whole attribute may hold. Of media (a `data:` URL) only the type stays. */
function clip(text: string): string {
  if (text.startsWith('data:') && text.includes(';base64,')) return `${text.slice(0, Math.min(text.indexOf(','), 100))},[removed]`;
  return text.length > MAX_CONTENT_CHARACTERS ? `${text.slice(0, MAX_CONTENT_CHARACTERS)}…` : text;
}

/** The newest items that fit; the result is always whole JSON. */
export function stringifyBounded(items: readonly unknown[]): string {
  const kept: string[] = [];
  let left = MAX_CONTENT_CHARACTERS - 2;
  for (let index = items.length - 1; index >= 0 && kept.length < MAX_MESSAGES; index -= 1) {
    // `undefined` where the space left is too small for any message.
    const text = JSON.stringify(boundedCopy(items[index], { left })) as string | undefined;
    if (text === undefined || text.length + 1 > left) break;
    left -= text.length + 1;
    kept.unshift(text);
  }
  return `[${kept.join(',')}]`;
}

/** `gen_ai.input.messages`. What is no message is left out. */
export function inputMessages(messages: unknown, partsOf: (message: JsonObject) => readonly Part[]): string {
  const read = asArray(messages)
    .map(asObject)
    .filter((message) => message !== undefined);
  return stringifyBounded(read.map((message) => ({ role: asText(message['role']) ?? 'user', parts: partsOf(message) })));
}

/** `gen_ai.tool.definitions`, without the schemas. */
export function toolDefinitions(names: readonly string[] | undefined): string | undefined {
  return names === undefined ? undefined : stringifyBounded(names.map((name) => ({ type: 'function', name })));
}

/** A copy whose strings together fit the space left (escapes may double a string's length). */
function boundedCopy(value: unknown, budget: { left: number }, depth = 0): unknown {
  if (typeof value === 'string') {
    const text = clip(value).slice(0, Math.max(0, Math.floor(budget.left / 2) - 64));
    budget.left -= text.length * 2 + 4;
    return text.length < value.length && text.length > 0 && !text.endsWith('[removed]') ? `${text}…` : text;
  }
  if (typeof value !== 'object' || value === null) {
    budget.left -= 24;
    return value;
  }
  if (depth > 8 || budget.left < 64) return undefined;
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    for (const item of value as unknown[]) {
      if (budget.left < 64) break;
      items.push(boundedCopy(item, budget, depth + 1));
    }
    return items;
  }
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    if (budget.left < 64) break;
    budget.left -= key.length + 6;
    copy[key] = boundedCopy((value as Record<string, unknown>)[key], budget, depth + 1);
  }
  return copy;
}

/** Gathers what the model said, per choice, within the bound of one attribute. */
export class OutputText {
  readonly #choices = new Map<number, { text: string; reasoning: string }>();
  #left = MAX_CONTENT_CHARACTERS;

  addText(choice: number, text: string): void {
    const piece = this.#take(text);
    if (piece !== '') this.#choice(choice).text += piece;
  }

  addReasoning(choice: number, text: string): void {
    const piece = this.#take(text);
    if (piece !== '') this.#choice(choice).reasoning += piece;
  }

  /** With the calls of tools of the same answer. */
  toJson(calls: readonly CalledTool[]): string | undefined {
    const said = new Map([...this.#choices].map(([choice, { text, reasoning }]) => [choice, partsSaid(text, reasoning)]));
    for (const call of calls) {
      const parts = said.get(call.choice);
      if (parts === undefined) said.set(call.choice, [partOf(call)]);
      else parts.push(partOf(call));
    }
    return said.size === 0 ? undefined : stringifyBounded([...said.values()].map((parts) => ({ role: 'assistant', parts })));
  }

  #take(text: string): string {
    const piece = text.slice(0, this.#left);
    this.#left -= piece.length;
    return piece;
  }

  #choice(index: number) {
    let choice = this.#choices.get(index);
    if (choice === undefined) this.#choices.set(index, (choice = { text: '', reasoning: '' }));
    return choice;
  }
}

function partsSaid(text: string, reasoning: string): Part[] {
  return [
    ...(reasoning === '' ? [] : [{ type: 'reasoning', content: reasoning }]),
    ...(text === '' ? [] : [{ type: 'text', content: text }]),
  ];
}

function partOf({ id, hasNoId, name, input, isProvidersOwn }: CalledTool): Part {
  const told = { id: hasNoId === true ? undefined : id, name };
  return isProvidersOwn ? { type: 'server_tool_call', ...told } : { type: 'tool_call', ...told, arguments: input };
}
