/** Rows of Gemini CLI's chats: messages, told again whenever they change, and patches with all messages so far. */
import { basename, dirname } from 'node:path';
import { readSmall } from '../../config/small-file.ts';
import { tokenCount } from '../../semconv/usage.ts';
import { sessionOfFile, type RowReader, type SessionFile } from '../format.ts';
import { listOf, nameOf, objectOf, pathOf, sumOf, timeOf, type Row } from '../json-values.ts';
import { noteFailure, noteState, noteTool } from '../session-state.ts';
import type { SessionStore } from '../store.ts';
import type { CallTokens, Session } from '../types.ts';

const AGENT = 'gemini';
const ROOT_FILE = '.project_root';

export function openGemini(file: SessionFile, store: SessionStore): RowReader {
  let session: Session | undefined;
  let directory: string | undefined;
  /** When the model was last given something, and the message that answered it: told again, it is answered still. */
  let given: { readonly atMs: number; answer?: string } | undefined;

  /** The header names the session; the chat of a sub-agent lies in a folder with the name of its parent's. */
  function readHeader(row: Row): void {
    const id = nameOf(row['sessionId']);
    if (id === undefined || session !== undefined) return;
    const folder = dirname(file.path);
    const parent = basename(folder) === 'chats' ? undefined : basename(folder);
    const isChild = row['kind'] === 'subagent' && parent !== undefined;
    session = sessionOfFile(store.session(AGENT, id), file);
    if (isChild) session.parentKey = `${AGENT}:${parent}`;
    directory = folderOf(isChild ? dirname(dirname(folder)) : dirname(folder));
    const atMs = timeOf(row['startTime']);
    if (atMs !== undefined) noteState(session, { atMs, directory });
  }

  function readMessage(row: Row): void {
    // The end of a long file, read before its beginning: its header is not known yet.
    session ??= headOf(file, store);
    const [id, atMs] = [nameOf(row['id']), timeOf(row['timestamp'])];
    if (session === undefined || id === undefined || atMs === undefined) return;
    const key = `${AGENT}:${session.id}:${id}`;
    if (row['type'] === 'user') {
      const isResult = listOf(row['content']).some((part) => objectOf(part)?.['functionResponse'] !== undefined);
      const isContext = listOf(row['content']).some((part) => isSessionContext(objectOf(part)?.['text']));
      if (!isResult && !isContext && store.isNew(`turn:${key}`)) session.turns++;
      noteState(session, { atMs, doing: 'model' });
      if (given === undefined || atMs > given.atMs) given = { atMs };
    }
    if (row['type'] !== 'gemini') return;
    const model = nameOf(row['model']);
    const told = objectOf(row['tokens']);
    const tools = listOf(row['toolCalls']).flatMap((tool): Row[] => [objectOf(tool) ?? {}]);
    for (const tool of tools) readTool(session, tool);
    const tokens = told === undefined ? undefined : tokensOf(told);
    const isOpen = tools.some(({ status }) => status !== 'success' && status !== 'error' && status !== 'cancelled');
    noteState(session, { atMs, doing: isOpen ? 'tool' : tools.length > 0 ? 'model' : 'idle', model, context: tokens });
    if (tokens === undefined) return;
    const sentMs = given !== undefined && given.atMs <= atMs && (given.answer ??= id) === id ? given.atMs : undefined;
    store.addCall(session, { key, atMs, sentMs, tokens, model, provider: 'gcp.gemini', directory: session.directory });
  }

  function readTool(of: Session, tool: Row): void {
    const [id, name] = [nameOf(tool['id']), nameOf(tool['name'])];
    if (id === undefined || name === undefined) return;
    const unique = `${of.id}:${id}:${String(tool['timestamp'])}`;
    noteTool(store, of, { id: unique, name });
    if (tool['status'] === 'error') noteFailure(store, of, { id: unique, name });
  }

  return (row) => {
    const set = objectOf(row['$set']);
    if (set === undefined) {
      if (row['id'] === undefined) readHeader(row);
      else readMessage(row);
    }
    // Older versions write one value with all messages.
    for (const message of listOf(set === undefined ? row['messages'] : set['messages'])) {
      const one = objectOf(message);
      if (one !== undefined) readMessage(one);
    }
  };
}

/** What Gemini CLI puts before the first request of the user. */
function isSessionContext(text: unknown): boolean {
  return typeof text === 'string' && text.startsWith('<session_context>');
}

/** `tmp/<name>/.project_root` holds the path; of a folder with a hash for a name it is not known. */
function folderOf(folder: string): string | undefined {
  return pathOf(readSmall(`${folder}/${ROOT_FILE}`, 4_096)?.text.trim());
}

/** By the beginning of the file. */
function headOf(file: SessionFile, store: SessionStore): Session | undefined {
  const id = /"sessionId":"([^"]{1,128})"/.exec(readSmall(file.path, 4_096)?.text ?? '')?.[1];
  return id === undefined ? undefined : sessionOfFile(store.session(AGENT, id), file);
}

/** Gemini's input holds what was cached; thoughts stand beside the output, and what tools gave beside the input. */
function tokensOf(told: Row): CallTokens {
  const reasoningTokens = tokenCount(told['thoughts']);
  return {
    inputTokens: sumOf(tokenCount(told['input']), tokenCount(told['tool'])),
    outputTokens: sumOf(tokenCount(told['output']), reasoningTokens),
    cacheReadTokens: tokenCount(told['cached']),
    reasoningTokens,
  };
}
