// The database of opencode: read while it is written, never changed, and not guessed at.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from '@jest/globals';
import { openLibrary } from '../../src/sessions/index.ts';
import { freshFolder } from '../harness/index.ts';
import { callsOf } from './reading.ts';

/** The tables of opencode 1.18 as far as they are read. */
const TABLES = `
  CREATE TABLE session (id text PRIMARY KEY, parent_id text, directory text NOT NULL, title text, version text NOT NULL,
    time_created integer NOT NULL, time_updated integer NOT NULL);
  CREATE TABLE message (id text PRIMARY KEY, session_id text NOT NULL, time_created integer NOT NULL, time_updated integer NOT NULL, data text NOT NULL);
  CREATE TABLE part (id text PRIMARY KEY, message_id text NOT NULL, session_id text NOT NULL, time_created integer NOT NULL,
    time_updated integer NOT NULL, data text NOT NULL);
  PRAGMA journal_mode = WAL`;
const T = 1_796_050_000_000;
const message = (created: number, completed: number | undefined, tokens: object): string =>
  JSON.stringify({
    ...{ role: 'assistant', modelID: 'claude-sonnet-4-5', providerID: 'anthropic', cost: 0.0033, finish: 'stop', tokens },
    ...{ path: { cwd: '/work/project' }, time: { created, ...(completed === undefined ? {} : { completed }) } },
  });
const tokens = { input: 100, output: 20, reasoning: 5, cache: { read: 300, write: 40 } };
const nothing = { input: 0, output: 0, reasoning: 0, cache: { read: 0, write: 0 } };

function newDatabase(): {
  folder: string;
  database: DatabaseSync;
  session: (id: string, at: number, parent?: string) => void;
  say: (id: string, session: string, at: number, data: string) => void;
} {
  const folder = freshFolder('opencode');
  const database = new DatabaseSync(join(folder, 'opencode.db'));
  database.exec(TABLES);
  return {
    folder,
    database,
    session: (id, at, parent) =>
      void database
        .prepare('INSERT INTO session VALUES (?, ?, ?, ?, ?, ?, ?)')
        .run(id, parent ?? null, '/work/project', 'SECRET', '1.18.33', at, at),
    say: (id, session, at, data) =>
      void database.prepare('INSERT OR REPLACE INTO message VALUES (?, ?, ?, ?, ?)').run(id, session, at, at, data),
  };
}

function libraryOf(folder: string): ReturnType<typeof openLibrary> {
  const library = openLibrary();
  library.look([{ home: '/nonexistent', environment: { OPENCODE_DATA_DIR: folder } }], 0);
  library.read({ bytes: Infinity });
  return library;
}

test('cache and thoughts are put back into input and output, and the cost is the one that was written', () => {
  const { folder, session, say } = newDatabase();
  session('ses_1', T);
  say('msg_1', 'ses_1', T + 1_000, message(T + 500, T + 1_000, tokens));
  const [call] = callsOf(libraryOf(folder));
  expect(call).toMatchObject({
    toldCost: 0.0033,
    startMs: T + 500,
    endMs: T + 1_000,
    model: 'claude-sonnet-4-5',
    directory: '/work/project',
  });
  expect(call?.tokens).toEqual({ inputTokens: 440, outputTokens: 25, cacheReadTokens: 300, cacheWriteTokens: 40, reasoningTokens: 5 });
});

test('the zeros of an answer that is being written are no call; it is one when it has ended', () => {
  const { folder, session, say } = newDatabase();
  session('ses_1', T);
  say('msg_1', 'ses_1', T + 500, message(T + 500, undefined, nothing));
  const library = libraryOf(folder);
  expect(callsOf(library)).toEqual([]);
  expect(library.store.sessions.get('opencode:ses_1')?.doing).toBe('model');
  say('msg_1', 'ses_1', T + 1_000, message(T + 500, T + 1_000, tokens));
  library.read({ bytes: Infinity });
  expect(callsOf(library)).toHaveLength(1);
});

test('a fork copies messages under new ids: they are told once, by the session that made them', () => {
  const { folder, database, session, say } = newDatabase();
  const user = JSON.stringify({ role: 'user', time: { created: T + 100 } });
  const tool = JSON.stringify({ type: 'tool', tool: 'bash', callID: 'o1', state: { status: 'completed', time: { start: T + 700 } } });
  for (const [id, of] of [
    ['a', 'ses_1'],
    ['b', 'ses_2'],
  ] as const) {
    say(`user_${id}`, of, T + 60_000, user);
    database.prepare('INSERT INTO part VALUES (?, ?, ?, ?, ?, ?)').run(`prt_${id}`, `msg_${id}`, of, T + 60_000, T + 60_000, tool);
  }
  session('ses_2', T + 60_000);
  session('ses_1', T);
  say('msg_9', 'ses_2', T + 60_000, message(T + 500, T + 1_000, tokens));
  say('msg_1', 'ses_1', T + 1_000, message(T + 500, T + 1_000, tokens));
  const library = libraryOf(folder);
  expect(callsOf(library).map(({ session: { id } }) => id)).toEqual(['ses_1']);
  expect(['ses_1', 'ses_2'].map((id) => library.store.sessions.get(`opencode:${id}`)).map((one) => [one?.turns, one?.tools.size])).toEqual([
    [1, 1],
    [0, 0],
  ]);
});

test('tools are counted by name, and nothing of the texts beside them is asked for', () => {
  const { folder, database, session } = newDatabase();
  session('ses_1', T);
  const part = { type: 'tool', tool: 'bash', callID: 'o1', state: { status: 'error', input: { command: 'SECRET' } } };
  database.prepare('INSERT INTO part VALUES (?, ?, ?, ?, ?, ?)').run('prt_1', 'msg_1', 'ses_1', T, T, JSON.stringify(part));
  const [read] = [...libraryOf(folder).store.sessions.values()];
  expect(read?.tools).toEqual(new Map([['bash', { calls: 1, failed: 1 }]]));
});

test('nothing is written beside a database that nobody has open', () => {
  const { folder, database, session, say } = newDatabase();
  session('ses_1', T);
  say('msg_1', 'ses_1', T + 1_000, message(T + 500, T + 1_000, tokens));
  database.close();
  const before = readdirSync(folder).map((name) => [name, statSync(join(folder, name)).mtimeMs]);
  expect(callsOf(libraryOf(folder))).toHaveLength(1);
  expect(readdirSync(folder).map((name) => [name, statSync(join(folder, name)).mtimeMs])).toEqual(before);
});

test('a database of an unknown version is counted and not guessed at', () => {
  const folder = freshFolder('opencode');
  new DatabaseSync(join(folder, 'opencode.db')).exec('CREATE TABLE session_v9 (id text)');
  const library = libraryOf(folder);
  expect(callsOf(library)).toEqual([]);
  expect(library.store.counts.unreadableFiles).toBe(1);
});
