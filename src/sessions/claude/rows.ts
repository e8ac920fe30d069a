/** Rows of Claude Code's sessions: one JSON object a line, one row for each block of an answer. */
import { basename, dirname } from 'node:path';
import { tokenCount } from '../../semconv/usage.ts';
import { sessionOfFile, type RowReader, type SessionFile } from '../format.ts';
import { listOf, nameOf, objectOf, pathOf, sumOf, timeOf, type Row } from '../json-values.ts';
import { noteFailure, noteState, noteTool } from '../session-state.ts';
import type { SessionStore } from '../store.ts';
import type { CallTokens, Doing, Session } from '../types.ts';

const AGENT = 'claude';
/** Requests and calls of tools whose end has not come; protects memory from ends that never come. */
const MAX_OPEN = 1_000;
/** Rows are written a little later than they are stamped, and not always in order. */
const DISORDER_MS = 5_000;
/** The model of rows that Claude Code writes itself, such as the text of an error. */
const NO_MODEL = '<synthetic>';
const PROVIDER_TOOLS = { web_search_requests: 'web_search', web_fetch_requests: 'web_fetch' } as const;

export function openClaude(file: SessionFile, store: SessionStore): RowReader {
  const place = placeOf(file.path);
  const openTools = new Map<string, string>();
  const sent = new Map<string, number>();
  let headMs: number | undefined;

  /** A fork begins with the rows of its parent under its own name. They keep their time: older than what stands before. */
  function isCopy(row: Row, atMs: number): boolean {
    return row['forkedFrom'] !== undefined || atMs < (headMs ?? atMs) - DISORDER_MS;
  }

  function sessionOf(row: Row): Session {
    const id = nameOf(row['sessionId']) ?? place.sessionId;
    // The conversation of a sub-agent has a file of its own; older versions wrote it between the rows of its session.
    const subagent = place.subagent ?? (row['isSidechain'] === true ? nameOf(row['agentId']) : undefined);
    const session = store.session(AGENT, id, subagent);
    return id === place.sessionId ? sessionOfFile(session, file) : session;
  }

  return (row) => {
    const atMs = timeOf(row['timestamp']);
    const type = row['type'];
    if (atMs === undefined) return;
    headMs ??= atMs;
    const session = sessionOf(row);
    if (type === 'api-request') {
      const id = nameOf(row['id']);
      if (id !== undefined && sent.size < MAX_OPEN) sent.set(id, atMs);
      return noteState(session, { atMs, doing: 'model' });
    }
    if (type !== 'assistant' && type !== 'user' && type !== 'system') return;
    const from = nameOf(objectOf(row['forkedFrom'])?.['sessionId']);
    if (from !== undefined) session.forkedFrom ??= from;
    const isCopied = isCopy(row, atMs);
    const state = {
      atMs,
      directory: pathOf(row['cwd']),
      branch: nameOf(row['gitBranch']),
      version: nameOf(row['version']),
    };
    const message = objectOf(row['message']);
    if (type === 'system') {
      if (row['subtype'] === 'compact_boundary' && !isCopied && isNewRow(store, row)) session.compactions++;
      noteState(session, state);
      return;
    }
    const content = listOf(message?.['content']).flatMap((block): Row[] => [objectOf(block) ?? {}]);
    if (type === 'user') {
      const results = content.filter((block) => block['type'] === 'tool_result');
      for (const result of results) endTool(store, session, openTools, result);
      const isTurn = results.length === 0 && row['isMeta'] !== true && row['isCompactSummary'] !== true && row['isSidechain'] !== true;
      if (isTurn && !isCopied && isNewRow(store, row)) session.turns++;
      noteState(session, { ...state, doing: 'model' });
      return;
    }
    const model = nameOf(message?.['model']);
    const tools = content.filter((block) => block['type'] === 'tool_use');
    if (!isCopied) for (const tool of tools) startTool(store, session, openTools, tool);
    const usage = objectOf(message?.['usage']);
    const tokens = model === undefined || model === NO_MODEL || usage === undefined ? undefined : tokensOf(usage);
    const doing = doingAfter(message?.['stop_reason'], tools.length > 0);
    noteState(session, { ...state, doing, ...(tokens === undefined ? {} : { model, context: tokens }) });
    if (tokens === undefined || model === undefined || usage === undefined) return;
    const responseId = nameOf(message?.['id']);
    const requestId = nameOf(row['requestId']);
    const id = responseId ?? requestId ?? nameOf(row['uuid']);
    if (id === undefined) return;
    const ref = nameOf(row['requestRef']);
    const sentMs = ref === undefined ? undefined : sent.get(ref);
    if (ref !== undefined && doing !== 'model') sent.delete(ref);
    store.addCall(from === undefined ? session : store.session(AGENT, from), {
      key: `${AGENT}:${id}`,
      atMs,
      sentMs,
      isCopied,
      tokens,
      provider: providerOf(responseId, model),
      model,
      responseId,
      requestId,
      serviceTier: nameOf(usage['service_tier']),
      speed: nameOf(usage['speed']),
      providerTools: providerToolsOf(usage),
      directory: state.directory,
      branch: state.branch,
    });
  };
}

/** `<sessionId>.jsonl`, or `<sessionId>/subagents/agent-<id>.jsonl`. */
export function placeOf(path: string): { sessionId: string; subagent: string | undefined } {
  const name = basename(path, '.jsonl');
  const folder = dirname(path);
  if (basename(folder) !== 'subagents') return { sessionId: name, subagent: undefined };
  return { sessionId: basename(dirname(folder)), subagent: name.replace(/^agent-/, '') };
}

function isNewRow(store: SessionStore, row: Row): boolean {
  const uuid = nameOf(row['uuid']);
  return uuid !== undefined && store.isNew(`row:${AGENT}:${uuid}`);
}

function startTool(store: SessionStore, session: Session, open: Map<string, string>, block: Row): void {
  const [id, name] = [nameOf(block['id']), nameOf(block['name'])];
  if (id === undefined || name === undefined) return;
  noteTool(store, session, { id, name });
  if (open.size < MAX_OPEN) open.set(id, name);
}

function endTool(store: SessionStore, session: Session, open: Map<string, string>, block: Row): void {
  const id = nameOf(block['tool_use_id']);
  if (id === undefined) return;
  if (block['is_error'] === true) noteFailure(store, session, { id, name: open.get(id) });
  open.delete(id);
}

/** A row stands for one block of the answer: more may follow while no reason for its end is told. */
function doingAfter(stopReason: unknown, hasTool: boolean): Doing {
  if (hasTool || stopReason === 'tool_use') return 'tool';
  return stopReason === 'end_turn' || stopReason === 'stop_sequence' || stopReason === 'max_tokens' || stopReason === 'refusal'
    ? 'idle'
    : 'model';
}

/** Anthropic tells four classes apart that do not overlap: the input of the convention is three of them. */
function tokensOf(usage: Row): CallTokens {
  const cacheReadTokens = tokenCount(usage['cache_read_input_tokens']);
  const cacheWriteTokens = tokenCount(usage['cache_creation_input_tokens']);
  return {
    inputTokens: sumOf(tokenCount(usage['input_tokens']), cacheReadTokens, cacheWriteTokens),
    outputTokens: tokenCount(usage['output_tokens']),
    cacheReadTokens,
    cacheWriteTokens,
    cacheWriteHourTokens: tokenCount(objectOf(usage['cache_creation'])?.['ephemeral_1h_input_tokens']),
    reasoningTokens: tokenCount(objectOf(usage['output_tokens_details'])?.['thinking_tokens']),
  };
}

function providerToolsOf(usage: Row): Record<string, number> | undefined {
  const told = objectOf(usage['server_tool_use']);
  const runs = Object.entries(PROVIDER_TOOLS).flatMap(([field, tool]): [string, number][] => {
    const count = tokenCount(told?.[field]) ?? 0;
    return count > 0 ? [[tool, count]] : [];
  });
  return runs.length === 0 ? undefined : Object.fromEntries(runs);
}

/** Who answered. Not told by the file, but by the form of the answer's id; another vendor's model has no known price. */
function providerOf(responseId: string | undefined, model: string): string | undefined {
  if (responseId?.startsWith('msg_bdrk_') === true) return 'aws.bedrock';
  if (responseId?.startsWith('msg_vrtx_') === true) return 'gcp.vertex_ai';
  return model.startsWith('claude-') ? 'anthropic' : undefined;
}
