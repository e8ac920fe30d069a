/** Which tool calls a request brings the results of, and to which conversation each of them belongs. */
import { asArray, asObject, type JsonObject } from '../read/json.ts';
import { MAX_TOOLS_CALLED } from './called-tools.ts';

export interface ToolResult {
  readonly callId: string;
  /** Its place among the results of its message, by which a call without an id is known (`CallIds`). */
  readonly place?: string | undefined;
  /** The name of the tool, where the request repeats the call. */
  readonly name: string | undefined;
  /** The conversation before the answer that asked for it. */
  readonly history: number | undefined;
  /** The stored answer that asked for it, where the request continues one instead of repeating the conversation. */
  readonly responseId?: string | undefined;
  /** No answer stands behind it: it is new, or this request is sent again. */
  readonly isLast: boolean;
  /** The tool failed, as far as the protocol has a word for it. */
  readonly isError: boolean;
  /** What the tool gave back, as it came. A function, so that facts hold no content. */
  content(): unknown;
}

/** What one message says of tools. */
export interface Turn {
  readonly isAnswer: boolean;
  readonly calls: readonly { readonly id: string; readonly name: string | undefined }[];
  /** Of the calls whose results it holds: their ids, what the tools gave back, and `ToolResult.place`. */
  readonly results: readonly { readonly id: string; readonly content: unknown; readonly place?: string }[];
  /** Ids of `results` that tell that the tool failed. Default: none. */
  readonly failed?: readonly string[];
  /** Ids and texts by which the message is told from others; instructions have none, since they often name the time. */
  readonly texts: readonly string[];
}

export interface ToolHistory {
  /** The newest ones, in their order. */
  readonly results: readonly ToolResult[];
  /** The whole conversation, before the answer to come. */
  readonly history: number | undefined;
}

/** Messages that are read; the newest of a longer conversation. */
const MAX_MESSAGES = 4_096;

/** Ids of tool calls are unique within a conversation at best, so each is told together with the history before it. */
export function toolHistory(messages: unknown, read: (message: JsonObject) => Turn): ToolHistory {
  const all = asArray(messages);
  const newest = all.length > MAX_MESSAGES ? all.slice(-MAX_MESSAGES) : all;
  return historyOf(newest.map((message) => read(asObject(message) ?? {})));
}

/** `responseId`: the stored answer that the turns continue. */
export function historyOf(turns: readonly Turn[], responseId?: string): ToolHistory {
  let calls: Map<string, { name: string | undefined; history: number }> | undefined;
  let results: ToolResult[] | undefined;
  let lastAnswer = turns.length - 1;
  while (lastAnswer >= 0 && turns[lastAnswer]?.isAnswer !== true) lastAnswer -= 1;
  let history = 0;
  for (let at = 0; at < turns.length; at += 1) {
    const turn = turns[at] as Turn;
    for (const { id, name } of turn.calls) (calls ??= new Map()).set(id, { name, history });
    for (const { id: callId, content, place: among } of turn.results) {
      const call = calls?.get(callId);
      const stored = call === undefined && responseId !== undefined ? { responseId } : undefined;
      const isError = turn.failed?.includes(callId) === true;
      const place = { history: call?.history, isLast: at > lastAnswer };
      (results ??= []).push({ callId, place: among, name: call?.name, ...place, isError, content: () => content, ...stored });
    }
    for (const text of turn.texts) history = digest(text, history);
  }
  return { results: results?.slice(-MAX_TOOLS_CALLED) ?? NONE, history };
}

const NONE: readonly never[] = [];

/** Characters looked at on both ends of a text; the middle of a long one is not worth its time. */
const END_CHARACTERS = 48;

/** Looked up once: `Math` of a `vm` context, such as a test runner's, costs 100 ns at each look. */
const { imul } = Math;

/** A hash (FNV-1a) that never leaves the process. A text counts the same alone and as the only part of a list. */
function digest(text: string, start: number): number {
  let hash = start ^ text.length;
  const { length } = text;
  const head = length < END_CHARACTERS ? length : END_CHARACTERS;
  const tail = length < 2 * END_CHARACTERS ? END_CHARACTERS : length - END_CHARACTERS;
  for (let at = 0; at < head; at += 1) hash = imul(hash ^ text.charCodeAt(at), 0x01000193);
  for (let at = tail; at < length; at += 1) hash = imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash;
}
