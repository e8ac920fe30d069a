/** Rows of Codex's rollouts: what was said, and after each answer the tokens of it and of the whole session. */
import { basename } from 'node:path';
import { tokenCount } from '../../semconv/usage.ts';
import { sessionOfFile, type RowReader, type SessionFile } from '../format.ts';
import { nameOf, objectOf, pathOf, timeOf, type Row } from '../json-values.ts';
import { noteFailure, noteState, noteTool } from '../session-state.ts';
import type { SessionStore } from '../store.ts';
import type { CallTokens, Doing, Session } from '../types.ts';

const AGENT = 'codex';
/** A fork begins with the rows of its parent, written within this time of its own first one. */
const FORK_BURST_MS = 1_000;
const FIELDS = ['input_tokens', 'cached_input_tokens', 'output_tokens', 'reasoning_output_tokens', 'cache_write_input_tokens'] as const;

/** The beginning of a rollout names its session, and whose history it repeats. */
interface Head {
  readonly atMs: number;
  readonly session: Session;
  readonly parentId: string | undefined;
}

export function openCodex(file: SessionFile, store: SessionStore): RowReader {
  let head: Head | undefined;
  let model: string | undefined;
  let total: readonly (number | undefined)[] | undefined;
  /** When the model was last given something, and the answer that it gave: its tokens are told after the tools that it asked for. */
  let givenMs: number | undefined;
  let answer: { readonly sentMs: number | undefined; endMs: number; isCounted?: boolean } | undefined;
  let isAnswered = true;

  function noteAnswer(type: unknown, payload: Row, atMs: number): void {
    if (isGiven(type, payload)) [givenMs, isAnswered] = [atMs, false];
    if (!isAnswer(type, payload)) return;
    if (isAnswered && answer !== undefined) answer.endMs = atMs;
    else [answer, isAnswered] = [{ sentMs: givenMs, endMs: atMs }, true];
  }

  function headOf(atMs: number): Head {
    if (head !== undefined) return head;
    // The end of a long file, read before its beginning: its name tells whose it is.
    const session = sessionOfFile(store.session(AGENT, rolloutId(file.path) ?? basename(file.path)), file);
    return { atMs, session, parentId: session.forkedFrom };
  }

  function readHead(payload: Row, atMs: number): void {
    const id = nameOf(payload['id']) ?? rolloutId(file.path);
    // Behind the head of a fork stand those of its ancestors.
    if (head !== undefined || id === undefined) return;
    const session = sessionOfFile(store.session(AGENT, id), file);
    const spawn = objectOf(objectOf(objectOf(payload['source'])?.['subagent'])?.['thread_spawn']);
    const spawnedBy = nameOf(spawn?.['parent_thread_id']) ?? nameOf(payload['parent_thread_id']);
    if (spawnedBy !== undefined) session.parentKey = `${AGENT}:${spawnedBy}`;
    const parentId = nameOf(payload['forked_from_id']) ?? spawnedBy;
    session.forkedFrom ??= parentId;
    head = { atMs, session, parentId };
    const provider = nameOf(payload['model_provider']);
    const branch = nameOf(objectOf(payload['git'])?.['branch']);
    noteState(session, { atMs, directory: pathOf(payload['cwd']), branch, version: nameOf(payload['cli_version']), provider });
  }

  function readTokens(info: Row, atMs: number, { session, parentId, atMs: forkMs }: Head): void {
    const now = countsOf(objectOf(info['total_token_usage']));
    const last = objectOf(info['last_token_usage']);
    const before = total;
    total = now;
    const contextWindow = tokenCount(info['model_context_window']);
    // Told again with the same sum: the limits have changed, and no call was made.
    if (before !== undefined && signature(before) === signature(now)) return;
    const counts = last === undefined ? difference(before, now) : countsOf(last);
    if (counts === undefined || counts.every((count) => (count ?? 0) === 0)) return;
    const tokens = tokensOf(counts);
    noteState(session, { atMs, model, contextWindow, context: tokens });
    const of = answer?.isCounted === true ? undefined : answer;
    if (of !== undefined) of.isCounted = true;
    const isAtFork = parentId !== undefined && atMs - forkMs <= FORK_BURST_MS;
    store.addCall(session, {
      key: `${AGENT}:${session.id}:${signature(now)}`,
      atMs: of?.endMs ?? atMs,
      sentMs: of?.sentMs,
      tokens,
      model,
      provider: session.provider,
      directory: session.directory,
      branch: session.branch,
      repeats: isAtFork ? { key: `${AGENT}:${parentId}:${signature(now)}`, sessionKey: `${AGENT}:${parentId}` } : undefined,
    });
  }

  /** Newer versions name each answer; the sum of the session joins it with the row that older readers know. */
  function readRecord(payload: Row, atMs: number): void {
    const [thread, usage] = [nameOf(payload['thread_id']), objectOf(payload['usage'])];
    const sum = objectOf(payload['thread_token_usage']);
    if (thread === undefined || usage === undefined || sum === undefined) return;
    const session = store.session(AGENT, thread);
    const { directory, branch, provider } = session;
    store.addCall(session, {
      key: `${AGENT}:${thread}:${signature(countsOf(sum))}`,
      atMs,
      sentMs: answer?.sentMs,
      tokens: tokensOf(countsOf(usage)),
      responseId: nameOf(payload['response_id']),
      ...{ model, provider, directory, branch },
    });
  }

  return (row) => {
    const [payload, atMs] = [objectOf(row['payload']), timeOf(row['timestamp'])];
    if (payload === undefined || atMs === undefined) return;
    if (row['type'] === 'session_meta') return readHead(payload, atMs);
    const at = headOf(atMs);
    const { session } = at;
    const isRepeated = at.parentId !== undefined && head !== undefined && atMs - at.atMs <= FORK_BURST_MS;
    if (row['type'] === 'turn_context') {
      model = nameOf(payload['model']) ?? model;
      noteState(session, { atMs, directory: pathOf(payload['cwd']), model });
      return;
    }
    noteAnswer(row['type'], payload, atMs);
    if (row['type'] === 'token_usage_record') return readRecord(payload, atMs);
    if (row['type'] === 'compacted' && !isRepeated && store.isNew(`compacted:${session.key}:${atMs}`)) session.compactions++;
    const kind = payload['type'];
    if (row['type'] === 'response_item') readItem(store, session, payload, { atMs, isRepeated });
    if (row['type'] !== 'event_msg') return;
    const info = objectOf(payload['info']);
    if (kind === 'token_count' && info !== undefined) readTokens(info, atMs, at);
    if (kind === 'task_started' || kind === 'turn_started') {
      const turn = nameOf(payload['turn_id']) ?? `${session.key}:${atMs}`;
      if (!isRepeated && store.isNew(`turn:${AGENT}:${turn}`)) session.turns++;
    }
    const doing = DOING[String(kind)];
    if (doing !== undefined) noteState(session, { atMs, doing });
  };
}

/** What is said to the model: a request of the user, and what a tool gave. */
function isGiven(type: unknown, { type: kind, role }: Row): boolean {
  if (type === 'event_msg') return kind === 'user_message';
  return type === 'response_item' && (/_output$/.test(String(kind)) || (kind === 'message' && role === 'user'));
}

function isAnswer(type: unknown, { type: kind, role }: Row): boolean {
  if (type === 'token_usage_record') return true;
  return type === 'response_item' && (/_call$|^reasoning$/.test(String(kind)) || (kind === 'message' && role === 'assistant'));
}

const DOING: Readonly<Record<string, Doing>> = {
  user_message: 'model',
  task_started: 'model',
  turn_started: 'model',
  task_complete: 'idle',
  turn_complete: 'idle',
  turn_aborted: 'idle',
};

function readItem(store: SessionStore, session: Session, item: Row, { atMs, isRepeated }: { atMs: number; isRepeated: boolean }): void {
  const kind = String(item['type']);
  const id = nameOf(item['call_id']) ?? nameOf(item['id']);
  if (/_call$/.test(kind) && id !== undefined) {
    if (!isRepeated) noteTool(store, session, { id, name: nameOf(item['name']) ?? kind.replace(/_call$/, '') });
    noteState(session, { atMs, doing: 'tool' });
  } else if (/_output$/.test(kind)) {
    const isFailed = objectOf(item['output'])?.['success'] === false;
    if (isFailed && id !== undefined) noteFailure(store, session, { id });
    noteState(session, { atMs, doing: 'model' });
  }
}

/** `rollout-2026-11-30T14-40-00-<id>.jsonl` */
export function rolloutId(path: string): string | undefined {
  return /([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.jsonl$/.exec(path)?.[1];
}

function countsOf(usage: Row | undefined): readonly (number | undefined)[] {
  return FIELDS.map((field) => tokenCount(usage?.[field]));
}

const signature = (counts: readonly (number | undefined)[]): string => counts.map((count) => count ?? '').join('/');

/** A sum that has become smaller began anew, as after a compaction. Without the sum before, nothing is known. */
function difference(
  before: readonly (number | undefined)[] | undefined,
  now: readonly (number | undefined)[],
): readonly (number | undefined)[] | undefined {
  if (before === undefined) return undefined;
  const isAnew = now.some((count, at) => (count ?? 0) < (before[at] ?? 0));
  return now.map((count, at) => (count === undefined || isAnew ? count : count - (before[at] ?? 0)));
}

/** OpenAI's input holds what was cached, and its output what was thought: as the convention counts. */
function tokensOf([inputTokens, cacheReadTokens, outputTokens, reasoningTokens, cacheWriteTokens]: readonly (
  number | undefined
)[]): CallTokens {
  return { inputTokens, cacheReadTokens, outputTokens, reasoningTokens, cacheWriteTokens };
}
