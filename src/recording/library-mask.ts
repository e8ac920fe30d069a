/** What a library's span may carry out: the registry's rule for names it knows, else only what cannot be a text. */
import { cutText } from '../semconv/cut-text.ts';
import { scrubStart } from '../semconv/credentials/index.ts';
import {
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_SWARMSCOPE_TOOL_CALL_ARGUMENTS_HASH,
  ATTR_SWARMSCOPE_TOOL_CALL_RESULT_HASH,
  CONTENT_CLASS,
} from '../semconv/index.ts';
import { cleanContent, type Cleaner } from './captured/clean.ts';
import { createMask, type Kept } from './content.ts';
import type { Attributes } from '../semconv/telemetry.ts';

/** Longest name of a span or an event; protects from a "name" that is a document. */
const MAX_NAME_CHARACTERS = 128;
const MAX_ITEMS = 256;
/** Tokens stand on the span of the call alone. */
const USAGE = 'gen_ai.usage.';

/** A package of an organisation, in npm's spelling. */
const PACKAGE = /^@[a-z\d~-][\w.~-]{0,63}\/[a-z\d~-][\w.~-]{0,127}$/;

export interface LibraryMask {
  /** Nothing undefined. */
  attributes(given: Readonly<Record<string, unknown>> | undefined, isInference: boolean): Record<string, Kept>;
  name(given: string): string;
  /** Who makes the spans: mostly the name of a package. */
  scope(given: string): string;
  /** Error texts are content. */
  text(given: string | undefined): string | undefined;
}

/** Content whose hash leaves in every case, and under which name. */
const HASHED: ReadonlyMap<string, string> = new Map([
  [ATTR_GEN_AI_TOOL_CALL_ARGUMENTS, ATTR_SWARMSCOPE_TOOL_CALL_ARGUMENTS_HASH],
  [ATTR_GEN_AI_TOOL_CALL_RESULT, ATTR_SWARMSCOPE_TOOL_CALL_RESULT_HASH],
]);

export function createLibraryMask(isContentCaptured: boolean, cleaner: Cleaner): LibraryMask {
  const known = createMask(isContentCaptured, cleaner);
  const { digest } = cleaner;
  const nameOf = (given: string): string =>
    isContentCaptured ? scrubStart(given, MAX_NAME_CHARACTERS) : cutText(withoutPaths(given), MAX_NAME_CHARACTERS);
  return {
    attributes(given, isInference) {
      const kept: Record<string, Kept> = {};
      const keep = (name: string, value: Kept | undefined): void => {
        if (value !== undefined) kept[name] = value;
      };
      let judged: Attributes | undefined;
      for (const name in given) {
        if (!isInference && name.startsWith(USAGE)) continue;
        const hashName = HASHED.get(name);
        if (hashName !== undefined) keep(hashName, digest(given[name]));
        // `hasOwn`: a library may call an attribute `constructor`.
        if (Object.hasOwn(CONTENT_CLASS, name)) (judged ??= {})[name] = asValue(given[name]);
        else keep(name, unknownValue(name, given[name], isContentCaptured ? cleaner : undefined));
      }
      if (judged !== undefined) known(judged, keep);
      return kept;
    },
    name: nameOf,
    scope: (given) => (PACKAGE.test(given) ? given : nameOf(given)),
    text: (given) => (isContentCaptured && given !== undefined ? cleanContent('', given, cleaner)?.text : undefined),
  };
}

/** Content off: numbers and booleans stay, texts of names nobody has judged go. */
function unknownValue(name: string, value: unknown, cleaner: Cleaner | undefined): Kept | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (cleaner === undefined) return undefined;
  const text = asValue(value);
  if (!Array.isArray(text)) return typeof text === 'string' ? cleanContent(name, text, cleaner)?.text : text;
  const clean = text.map((item) => cleanContent(name, item, cleaner)?.text);
  return clean.some((item) => item === undefined) ? undefined : (clean as string[]);
}

function asValue(value: unknown): Kept | undefined {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (!Array.isArray(value)) return undefined;
  return value.filter((item) => typeof item === 'string').slice(0, MAX_ITEMS);
}

/** A word with a slash, an @, a quote, an equals sign or a backslash is a path, an address or a value, and no name. */
function withoutPaths(name: string): string {
  return name
    .slice(0, 4 * MAX_NAME_CHARACTERS)
    .split(' ')
    .map((word) => (/[/\\@=?'"`]/.test(word) ? '…' : word))
    .join(' ');
}
