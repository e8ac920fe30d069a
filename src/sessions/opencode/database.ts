/** opencode's sessions: a database of SQLite, opened for reading alone, asked for what has changed. */
import type { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { statusOf } from '../../config/small-file.ts';
import { tokenCount } from '../../semconv/usage.ts';
import type { SessionFile } from '../format.ts';
import { nameOf, objectOf, parseRow, pathOf, sumOf, timeOf, type Row } from '../json-values.ts';
import { noteFailure, noteState, noteTool } from '../session-state.ts';
import type { SessionStore } from '../store.ts';
import type { CallTokens } from '../types.ts';

const AGENT = 'opencode';
/** Rows of one question; more are asked for at the next look. */
const MAX_ROWS = 20_000;
/** A row that is written with an older time than the newest that was seen, by another process. */
const OVERLAP_MS = 5_000;
const WANTED: Readonly<Record<string, readonly string[]>> = {
  session: ['id', 'parent_id', 'directory', 'version', 'time_created', 'time_updated'],
  message: ['id', 'session_id', 'time_updated', 'data'],
};
/** Of the parts of messages only tools are asked for, and of those only names: what was said stays in the database. */
const TOOLS = `
  SELECT session_id, time_updated, json_extract(data, '$.callID') AS id, json_extract(data, '$.tool') AS name,
    json_extract(data, '$.state.status') AS status, json_extract(data, '$.state.time.start') AS started
  FROM part WHERE time_updated > ? AND json_extract(data, '$.type') = 'tool' ORDER BY time_updated LIMIT ${MAX_ROWS}`;
const SESSIONS = `SELECT ${WANTED['session']?.join()} FROM session WHERE time_updated > ? ORDER BY time_updated LIMIT ${MAX_ROWS}`;
const MESSAGES = `SELECT ${WANTED['message']?.join()} FROM message WHERE time_updated > ? ORDER BY time_updated LIMIT ${MAX_ROWS}`;

export function openOpencode(file: SessionFile, store: SessionStore): { poll(): void } {
  const since = { session: 0, message: 0, part: 0 };

  function rows(database: DatabaseSync, table: keyof typeof since, question: string): Row[] {
    for (;;) {
      const found = database.prepare(question).all(since[table]) as Row[];
      const newest = found.reduce((latest, row) => Math.max(latest, Number(row['time_updated']) || 0), 0);
      // So many of one time: the next question would bring the same ones.
      if (found.length === MAX_ROWS && newest - OVERLAP_MS <= since[table]) since[table] = newest;
      else if (newest > 0) since[table] = Math.max(since[table], newest - OVERLAP_MS);
      return found;
    }
  }

  return {
    poll() {
      const database = openDatabase(file.path);
      try {
        checkTables(database);
        for (const row of rows(database, 'session', SESSIONS)) readSession(file, store, row);
        for (const row of rows(database, 'message', MESSAGES)) readMessage(file, store, row);
        for (const row of rows(database, 'part', TOOLS)) readTool(store, row);
      } finally {
        database.close();
      }
    },
  };
}

/** Nothing is written, no lock and no journal: where nobody has the database open, as a file that does not change. */
function openDatabase(path: string): DatabaseSync {
  if (statusOf(path)?.isFile() !== true) throw new Error('no regular file');
  const { DatabaseSync: Database } = process.getBuiltinModule('node:sqlite');
  if (statusOf(`${path}-shm`) !== undefined) return new Database(path, { readOnly: true, timeout: 200 });
  const url = pathToFileURL(path);
  url.searchParams.set('immutable', '1');
  return new Database(url, { readOnly: true });
}

/** Versions move their tables: one that lacks a column is not read. */
function checkTables(database: DatabaseSync): void {
  for (const [table, columns] of Object.entries(WANTED)) {
    const found = new Set(
      database
        .prepare('SELECT name FROM pragma_table_info(?)')
        .all(table)
        .map(({ name }) => name),
    );
    if (columns.some((column) => !found.has(column))) throw new Error(`an unknown version: ${table}`);
  }
}

function readSession(file: SessionFile, store: SessionStore, row: Row): void {
  const id = nameOf(row['id']);
  if (id === undefined) return;
  const session = store.session(AGENT, id);
  session.paths.add(file.path);
  const parent = nameOf(row['parent_id']);
  if (parent !== undefined) session.parentKey = `${AGENT}:${parent}`;
  session.bornMs = timeOf(row['time_created']) ?? session.bornMs;
  const atMs = timeOf(row['time_created']);
  if (atMs !== undefined) noteState(session, { atMs, directory: pathOf(row['directory']), version: nameOf(row['version']) });
}

function readMessage(file: SessionFile, store: SessionStore, row: Row): void {
  const [sessionId, id] = [nameOf(row['session_id']), nameOf(row['id'])];
  const data = parseRow(String(row['data']));
  store.counts.rows++;
  if (data === undefined) store.counts.unreadableRows++;
  if (data === undefined || sessionId === undefined || id === undefined) return;
  const session = store.session(AGENT, sessionId);
  session.paths.add(file.path);
  const time = objectOf(data['time']);
  const [sentMs, endMs] = [timeOf(time?.['created']), timeOf(time?.['completed'])];
  if (sentMs === undefined) return;
  if (data['role'] === 'user') {
    // A fork copies its messages under new ids and leaves their times.
    if (sentMs >= session.bornMs && store.isNew(`turn:${AGENT}:${id}`)) session.turns++;
    return noteState(session, { atMs: sentMs, doing: 'model' });
  }
  if (data['role'] !== 'assistant') return;
  const directory = pathOf(objectOf(data['path'])?.['cwd']);
  const [model, provider] = [nameOf(data['modelID']), nameOf(data['providerID'])];
  const tokens = tokensOf(objectOf(data['tokens']) ?? {});
  const isEnded = endMs !== undefined && (tokens.inputTokens ?? 0) + (tokens.outputTokens ?? 0) > 0;
  const doing = endMs === undefined ? 'model' : data['finish'] === 'tool-calls' ? 'tool' : 'idle';
  noteState(session, { atMs: endMs ?? sentMs, doing, directory, model, provider, ...(isEnded ? { context: tokens } : {}) });
  // Zeros stand there from the beginning: what has not ended has told nothing yet.
  if (!isEnded) return;
  const cost = typeof data['cost'] === 'number' && data['cost'] > 0 ? data['cost'] : undefined;
  store.addCall(session, {
    key: `${AGENT}:${sentMs}:${endMs}:${provider}:${model}:${tokens.inputTokens}:${tokens.outputTokens}`,
    ...{ atMs: endMs, sentMs, isCopied: sentMs < session.bornMs, tokens, model, provider, toldCost: cost, directory },
  });
}

function readTool(store: SessionStore, row: Row): void {
  const [sessionId, id, name] = [nameOf(row['session_id']), nameOf(row['id']), nameOf(row['name'])];
  if (sessionId === undefined || id === undefined || name === undefined) return;
  const session = store.session(AGENT, sessionId);
  // Copied with a history, as messages are: it keeps the time of its first run.
  const startedMs = timeOf(row['started']);
  if (startedMs !== undefined && startedMs < session.bornMs) return;
  const unique = `${sessionId}:${id}`;
  noteTool(store, session, { id: unique, name });
  if (row['status'] === 'error') noteFailure(store, session, { id: unique, name });
}

/** opencode takes the cache out of the input and the thoughts out of the output: both are put back. */
function tokensOf(told: Row): CallTokens {
  const cache = objectOf(told['cache']);
  const [cacheReadTokens, cacheWriteTokens] = [tokenCount(cache?.['read']), tokenCount(cache?.['write'])];
  const reasoningTokens = tokenCount(told['reasoning']);
  return {
    inputTokens: sumOf(tokenCount(told['input']), cacheReadTokens, cacheWriteTokens),
    outputTokens: sumOf(tokenCount(told['output']), reasoningTokens),
    ...{ cacheReadTokens, cacheWriteTokens, reasoningTokens },
  };
}
