/** Tells an LLM call from its method and path. Every request of the app passes here; arming.cjs holds no readers. */
import * as catalogue from './catalogue.ts';
import type { Operation, Protocol } from './protocol.ts';

export interface Recognised {
  readonly protocol: Protocol;
  readonly operation: Operation;
  /** Where the path names it. */
  readonly model: string | undefined;
  /** Of the response that it asks for. */
  readonly responseId?: string | undefined;
}

interface Entry {
  readonly protocol: Protocol;
  readonly operation: Operation;
  /** Compiled when a path ends with its word for the first time. */
  pattern: RegExp | undefined;
}

/** By the last word of the path, behind a slash or a colon: one look settles nearly every request that is no LLM call. */
let entries: ReadonlyMap<string, readonly Entry[]> | undefined;
let longestWord = 0;

/** `undefined` for a request that is no LLM call. @example recognise({ method: 'POST', path: '/v1/messages' })?.operation.name */
export function recognise({ method, path }: { readonly method: string; readonly path: string }): Recognised | undefined {
  const isGet = method === 'GET';
  if (!isGet && method !== 'POST') return undefined;
  const query = path.indexOf('?');
  let end = query === -1 ? path.length : query;
  if (path.charCodeAt(end - 1) === SLASH) end -= 1;
  // What is fetched has its id at the end.
  const wordEnd = isGet ? path.lastIndexOf('/', end - 1) : end;
  entries ??= indexed();
  let start = wordEnd;
  for (const first = wordEnd - longestWord; start > 0 && start >= first; start -= 1) {
    const before = path.charCodeAt(start - 1);
    if (before === SLASH || before === COLON) break;
  }
  if (start < 1 || start >= wordEnd || wordEnd - start > longestWord) return undefined;
  const candidates = entries.get(path.slice(start, wordEnd));
  return candidates === undefined ? undefined : firstOf(candidates, method, path.slice(0, end));
}

function firstOf(candidates: readonly Entry[], method: string, path: string): Recognised | undefined {
  for (const entry of candidates) {
    const { protocol, operation } = entry;
    if ((operation.method ?? 'POST') !== method) continue;
    const match = (entry.pattern ??= compiled(operation.path)).exec(path);
    if (match === null) continue;
    const { model, response, id } = match.groups ?? {};
    return { protocol, operation, model: decoded(model), responseId: (response ?? id)?.slice(0, MAX_MODEL_CHARACTERS) };
  }
  return undefined;
}

function indexed(): ReadonlyMap<string, readonly Entry[]> {
  const all = Object.values<Protocol>(catalogue).flatMap((protocol) =>
    protocol.operations.map((operation): Entry => ({ protocol, operation, pattern: undefined })),
  );
  const byWord = new Map<string, Entry[]>();
  for (const entry of all.sort((one, other) => weight(other) - weight(one))) {
    const { method, path } = entry.operation;
    const word = (method === 'GET' ? path.slice(0, path.lastIndexOf('/')) : path).split(/[/:]/).at(-1) ?? '';
    longestWord = Math.max(longestWord, word.length);
    byWord.set(word, [...(byWord.get(word) ?? []), entry]);
  }
  return byWord;
}

/** The characters of a pattern that are no variables. */
function weight({ operation }: Entry): number {
  return operation.path.replaceAll(/\{\w+\}/g, '').length;
}

/** What is told of a call by its path. */
const VARIABLES: Readonly<Record<string, string | undefined>> = {
  '{model}': '(?<model>[^/]+)',
  '{embedding_model}': '(?<model>[^/]*embed[^/]*)',
  '{response}': '(?<response>resp_[\\w-]+)',
  '{id}': '(?<id>[\\w-]+)',
};

function compiled(path: string): RegExp {
  const source = path
    .split(/(\{\w+\})/)
    .map((part) => VARIABLES[part] ?? (part.startsWith('{') ? '[^/]+' : part.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&')));
  return new RegExp(`${source.join('')}$`);
}

/** Longest name of a model that a path gives: an ARN is long, a made-up path longer. */
const MAX_MODEL_CHARACTERS = 512;

function decoded(model: string | undefined): string | undefined {
  if (model === undefined) return undefined;
  try {
    const name = decodeURIComponent(model).slice(0, MAX_MODEL_CHARACTERS);
    // The name of a resource of AWS holds the number of the account.
    return name.startsWith('arn:') ? name.slice(name.lastIndexOf('/') + 1) : name;
  } catch {
    // A lone percent sign: the name as it was sent.
    return model.slice(0, MAX_MODEL_CHARACTERS);
  }
}

const SLASH = 0x2f;
const COLON = 0x3a;
