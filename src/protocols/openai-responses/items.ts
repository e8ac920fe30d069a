/** The items of OpenAI responses, which go in and come out alike: which are tool calls, and who runs them. */
import { asObject, asText, type JsonObject } from '../read/json.ts';

export interface Call {
  readonly name: string | undefined;
  readonly id: string | undefined;
  /** The provider runs it itself: nobody sends a result. */
  readonly isProvidersOwn: boolean;
  /** As text: JSON, code or a patch. */
  readonly input: string | undefined;
}

type Reader = (item: JsonObject) => Call;

/** A tool that the program runs, under the name that it was offered by. */
const named: Reader = (item) => ({
  name: asText(item['name']),
  id: asText(item['call_id']) ?? asText(item['id']),
  isProvidersOwn: false,
  input: asText(item['arguments']) ?? asText(item['input']),
});
/** A tool of OpenAI's that the program runs for it. */
const forClient =
  (name: string): Reader =>
  (item) => ({ name, id: asText(item['call_id']) ?? asText(item['id']), isProvidersOwn: false, input: undefined });
/** A tool of OpenAI's that it runs itself. */
const builtIn =
  (name: string): Reader =>
  (item) => ({ name, id: asText(item['id']), isProvidersOwn: true, input: asText(item['code']) });

const CALLS: Readonly<Record<string, Reader>> = {
  function_call: named,
  custom_tool_call: named,
  computer_call: forClient('computer'),
  local_shell_call: forClient('local_shell'),
  apply_patch_call: forClient('apply_patch'),
  // In a container of OpenAI's, or on the program's machine.
  shell_call: (item) => ({
    ...forClient('shell')(item),
    isProvidersOwn: asText(asObject(item['environment'])?.['type'])?.startsWith('container') === true,
  }),
  tool_search_call: (item) => ({ ...forClient('tool_search')(item), isProvidersOwn: item['execution'] !== 'client' }),
  web_search_call: builtIn('web_search'),
  file_search_call: builtIn('file_search'),
  code_interpreter_call: builtIn('code_interpreter'),
  image_generation_call: builtIn('image_generation'),
  mcp_call: (item) => ({ name: asText(item['name']), id: asText(item['id']), isProvidersOwn: true, input: asText(item['arguments']) }),
};

/** `undefined` for an item that is no call of a tool. */
export function callIn(item: JsonObject | undefined): Call | undefined {
  const type = asText(item?.['type']);
  return item !== undefined && type !== undefined && Object.hasOwn(CALLS, type) ? CALLS[type]?.(item) : undefined;
}

/** The id of the call whose result the item is. */
export function resultIn(item: JsonObject): string | undefined {
  return asText(item['type'])?.endsWith('_call_output') === true ? asText(item['call_id']) : undefined;
}

/** What OpenAI bills for a built-in tool beside its tokens, by the type of the item; opening a page that was found is free. */
const BILLED: Readonly<Record<string, string>> = {
  web_search_call: 'web_search',
  file_search_call: 'file_search',
  code_interpreter_call: 'code_interpreter',
  image_generation_call: 'image_generation',
};

export function billedToolIn(item: JsonObject): string | undefined {
  const type = asText(item['type']);
  const action = asText(asObject(item['action'])?.['type']) ?? 'search';
  return type === undefined || action !== 'search' || !Object.hasOwn(BILLED, type) ? undefined : BILLED[type];
}
