/** Captured content on its way out: media go, the user's mask is asked, credentials go, and what is left is JSON within its bound. */
import { boundedItems, MAX_CONTENT_CHARACTERS, stringifyValue, takeOmitted, type Omitted } from '../../semconv/bounded-json.ts';
import { scrubStart, scrubValue, type TextMap } from '../../semconv/credentials/index.ts';
import {
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_GEN_AI_SYSTEM_INSTRUCTIONS,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_GEN_AI_TOOL_DEFINITIONS,
  ATTR_SWARMSCOPE_SNAPSHOT_STATE,
} from '../../semconv/index.ts';
import { withoutMedia, type Digest } from '../../semconv/media.ts';
import type { UserMask } from './user-mask.ts';

/** Attributes whose value is JSON. */
const LISTS: ReadonlySet<string> = new Set([
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_GEN_AI_SYSTEM_INSTRUCTIONS,
  ATTR_GEN_AI_TOOL_DEFINITIONS,
]);
const VALUES: ReadonlySet<string> = new Set([
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_SWARMSCOPE_SNAPSHOT_STATE,
]);
/** Members of messages that say what a part is, and the words of the conventions that they have; any other word is content. */
const STRUCTURE: ReadonlySet<string> = new Set(['type', 'role', 'modality']);
const WORDS: ReadonlySet<string> = new Set(
  (
    'text tool_call tool_call_response server_tool_call server_tool_call_response blob file uri reasoning compaction function ' +
    'system user assistant tool developer image audio video document'
  ).split(' '),
);

export interface Cleaner {
  readonly digest: Digest;
  readonly userMask: UserMask;
}

export interface Clean {
  readonly text: string;
  /** Of messages of a request. */
  readonly omitted?: Omitted | undefined;
}

/** `undefined` where the user's mask failed. Text that is no JSON where there should be some is cleaned as text. */
export function cleanContent(name: string, text: string, { digest, userMask }: Cleaner): Clean | undefined {
  const isList = LISTS.has(name);
  const parsed = isList || VALUES.has(name) ? parsedOf(text) : undefined;
  const write = (mask: TextMap): Clean => written({ text, parsed: isList && !Array.isArray(parsed) ? undefined : parsed, isList }, mask);
  const isWord = (piece: string, member: string): boolean => isList && STRUCTURE.has(member) && WORDS.has(piece);
  const bare: TextMap = (piece) => withoutMedia(piece, digest);
  if (!userMask.isAsked) return write(bare);
  // Twice, so that only the time of the masks counts as theirs.
  const pieces: { text: string; member: string }[] = [];
  write((piece, member) => {
    if (!isWord(piece, member)) pieces.push({ text: bare(piece, member), member });
    return '';
  });
  const masked = userMask.masked(name, pieces);
  let at = 0;
  return masked && write((piece, member) => (isWord(piece, member) ? piece : (masked[at++] ?? '')));
}

function written({ text, parsed, isList }: { text: string; parsed: unknown; isList: boolean }, map: TextMap): Clean {
  if (parsed === undefined) return { text: scrubStart(map(text, ''), MAX_CONTENT_CHARACTERS) };
  if (!isList) return { text: stringifyValue(scrubValue(parsed, map)) };
  const { items, omitted } = takeOmitted(parsed as readonly unknown[]);
  const kept = boundedItems(scrubValue(items, map) as readonly unknown[], omitted);
  return { text: `[${kept.texts.join(',')}]`, omitted: kept.omitted };
}

function parsedOf(text: string): unknown {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // A library's own text.
    return undefined;
  }
}
