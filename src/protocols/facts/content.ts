/** Captured content: messages in the JSON shape of the conventions, cut to size before they become text. */
import { MAX_CONTENT_CHARACTERS, stringifyBounded } from '../../semconv/bounded-json.ts';
import { asArray, asObject, asText, parseJson, type JsonObject } from '../read/json.ts';
import type { CalledTool } from './called-tools.ts';

export { stringifyBounded };

export type Part = Readonly<Record<string, unknown>>;

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

/** Gathers what the model said, per choice, within the bound of one attribute. */
export class OutputText {
  readonly #choices = new Map<number, { text: string; reasoning: string }>();
  #left = MAX_CONTENT_CHARACTERS;
  #cut = 0;

  addText(choice: number, text: string): void {
    const piece = this.#take(text);
    if (piece !== '') this.#choice(choice).text += piece;
  }

  addReasoning(choice: number, text: string): void {
    const piece = this.#take(text);
    if (piece !== '') this.#choice(choice).reasoning += piece;
  }

  /** With the calls of tools of the same answer. */
  /** Characters that were said, also those that are not kept. */
  get length(): number {
    return MAX_CONTENT_CHARACTERS - this.#left + this.#cut;
  }

  toJson(calls: readonly CalledTool[]): string | undefined {
    const said = new Map([...this.#choices].map(([choice, { text, reasoning }]) => [choice, partsSaid(text, reasoning)]));
    for (const call of calls) {
      const parts = said.get(call.choice);
      if (parts === undefined) said.set(call.choice, [partOf(call)]);
      else parts.push(partOf(call));
    }
    if (this.#cut > 0) [...said.values()].at(-1)?.push({ type: 'text', content: `… ${this.#cut} characters left out …` });
    return said.size === 0 ? undefined : stringifyBounded([...said.values()].map((parts) => ({ role: 'assistant', parts })));
  }

  #take(text: string): string {
    const piece = text.slice(0, this.#left);
    this.#left -= piece.length;
    this.#cut += text.length - piece.length;
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
  return isProvidersOwn ? serverToolCall(told.id, name, input) : { type: 'tool_call', ...told, arguments: valueOf(input) };
}

/** A call of a tool that the provider runs itself. */
export function serverToolCall(id: unknown, name: unknown, input: unknown): Part {
  const type = typeof name === 'string' ? name : 'unknown';
  return { type: 'server_tool_call', id, name: type, server_tool_call: { type, arguments: valueOf(input) } };
}

/** Arguments are a value; a text that is none stays one. */
export function valueOf(input: unknown): unknown {
  return (typeof input === 'string' && /^\s*[{[]/.test(input) ? parseJson(input) : undefined) ?? input;
}
