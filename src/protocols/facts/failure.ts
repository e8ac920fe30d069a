/** What a provider's answer says of a failure: a name for `error.type`, and whether the prompt was too long for it. */
import { isOverflowCode, tellsOverflow } from '../../semconv/context-overflow.ts';
import { refusalOf } from '../../semconv/refusal.ts';
import { asArray, asObject, asText, type JsonObject } from '../read/json.ts';
import { codeIn, OTHER } from './error-type.ts';
import { refusedIn, type Refused } from './rate-limits.ts';

export interface Failure {
  /** `undefined` for an error without code and type: then a status of 400 and more says more. */
  readonly type: string | undefined;
  readonly isOverflow: boolean;
  /** What it says of limits and waiting. */
  readonly refused?: Refused | undefined;
}

/** The failure that an answer tells by itself, whatever its status is: in a body, or in an event of a stream. */
export function toldFailure(document: JsonObject): Failure | undefined {
  const holder = errorIn(document) ?? (isErrorItself(document) ? document : undefined);
  if (holder === undefined) return undefined;
  const failure = failureOf(holder, document, undefined);
  return { ...failure, type: failure.type ?? OTHER };
}

/** The failure that an event named `error` is: many servers write no `error` into its data. */
export function namedFailure(document: JsonObject | undefined): Failure {
  const failure = toldFailure(document ?? {}) ?? failureOf(document ?? true, document, undefined);
  return { ...failure, type: failure.type ?? OTHER };
}

/** The failure in the body of an answer with this status, which is 400 or more. `document` is JSON or else its text. */
export function statusFailure(document: unknown, statusCode: number): Failure {
  if (typeof document === 'string') return failureOf(true, document.startsWith('<') ? undefined : document, statusCode);
  // Gemini's compatible endpoint answers with a list.
  const body = asObject(document) ?? asObject(asArray(document)[0]) ?? {};
  return failureOf(errorIn(body) ?? body, body, statusCode);
}

/** Ends of an answer that are no ends of the model's: what it was to say is missing. Filters and limits are none of them. */
const FAILED_ENDS: ReadonlySet<string> = new Set([
  'error', // OpenRouter, Mistral, Together
  'insufficient_system_resource', // DeepSeek
  'malformed_function_call', // Gemini
  'unexpected_tool_call',
  'network_error', // Z.ai
  'abort', // vLLM, SGLang
  'timeout',
]);

/** Most ends: they need no closer look. */
const GOOD_ENDS: ReadonlySet<string> = new Set(['stop', 'tool_calls', 'length', 'end_turn', 'STOP']);

/** The `error.type` of a finish reason that tells of a failure. @example failedEnd('insufficient_system_resource') */
export function failedEnd(reason: string): string | undefined {
  if (GOOD_ENDS.has(reason)) return undefined;
  // Gemini's compatible endpoint writes `function_call_filter: MALFORMED_FUNCTION_CALL`.
  const word = reason.slice(0, 128).split(' ').at(-1)?.toLowerCase() ?? '';
  if (!FAILED_ENDS.has(word)) return undefined;
  return word === 'error' ? OTHER : word;
}

type Holder = JsonObject | string | true;

/** What stands under `error`. An empty one is written by servers that have none. */
function errorIn({ error, base_resp: minimax }: JsonObject): Holder | undefined {
  const object = asObject(error);
  if (object !== undefined) return Object.keys(object).length === 0 ? undefined : object;
  if (error === true) return true;
  const base = asObject(minimax);
  return asText(error) ?? (typeof base?.['status_code'] === 'number' && base['status_code'] !== 0 ? base : undefined);
}

/** vLLM and Mistral (`object`), Anthropic's event (`type`). */
function isErrorItself({ object, type }: JsonObject): boolean {
  return object === 'error' || type === 'error';
}

function failureOf(holder: Holder, document: unknown, statusCode: number | undefined): Failure {
  const codes = codesOf(holder);
  const type = codes[0];
  if (codes.some(isOverflowCode)) return { type, isOverflow: true };
  const isRefused = refusalOf({ statusCode, errorType: type }) !== undefined;
  const refused = typeof holder === 'object' ? refusedIn(holder) : undefined;
  return { type, isOverflow: !isRefused && textsIn(document).some(tellsOverflow), refused };
}

/** AWS names a failure in a header, with an address behind it, or in the body, behind a name space. @example 'a.b#SomeException' */
export function nameOfAws(value: unknown): string | undefined {
  return codeIn(asText(value)?.slice(0, 256).split('#').at(-1)?.split(':')[0]);
}

/** Its words for the failure, the finest first: a code before a kind, and a bare status last. */
function codesOf(holder: Holder): string[] {
  if (holder === true) return [];
  if (typeof holder === 'string') return [codeIn(holder)].filter((code) => code !== undefined);
  const { code, type, status, __type: aws, status_code: minimax } = holder;
  const inner = asObject(holder['error']);
  return [
    ...[code, type, status, nameOfAws(aws)].map((word) => (word === 'error' ? undefined : codeIn(word))),
    ...(inner === undefined ? [] : codesOf(inner)),
    statusIn(code) ?? MINIMAX_STATUS.get(minimax),
  ].filter((word) => word !== undefined);
}

/** Too many requests, too many tokens a minute; the other numbers have no status like them. */
const MINIMAX_STATUS: ReadonlyMap<unknown, string> = new Map([
  [1002, '429'],
  [1039, '429'],
]);

/** OpenRouter writes the status as a number, LiteLLM as digits. */
function statusIn(code: unknown): string | undefined {
  const status = typeof code === 'string' && /^\d{3}$/.test(code) ? Number(code) : code;
  return typeof status === 'number' && status >= 400 && status < 600 ? String(status) : undefined;
}

/** Where providers put what they say. Other members may hold what was asked: FastAPI's `input`, Groq's `failed_generation`. */
const SAYING: ReadonlySet<string> = new Set([
  ...['error', 'errors', 'message', 'msg', 'detail', 'details', 'reason', 'title', 'description', 'innererror', 'metadata', 'raw'],
  ...['status_msg', 'base_resp', 'error_description'],
]);
const MAX_TEXTS = 16;
const MAX_DEPTH = 5;

function textsIn(value: unknown, texts: string[] = [], depth = 0): string[] {
  if (texts.length >= MAX_TEXTS || depth > MAX_DEPTH) return texts;
  if (typeof value === 'string') texts.push(value);
  else if (Array.isArray(value)) for (const item of value.slice(0, MAX_TEXTS)) textsIn(item, texts, depth + 1);
  else for (const [name, inner] of Object.entries(asObject(value) ?? {})) if (SAYING.has(name)) textsIn(inner, texts, depth + 1);
  return texts;
}
