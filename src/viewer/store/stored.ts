/** Opens a stored run for reading: a regular file of ours with our tables and nothing else that SQLite would execute. */
import type { DatabaseSync } from 'node:sqlite';
import { isOurs, statusOf } from '../../config/small-file.ts';
import { ViewerError } from '../error.ts';
import { newerError, openDatabase } from './sqlite.ts';
import { createTables, SCHEMA_VERSION, versionOf } from './tables.ts';

/** SQLite opens these too, and would wait for the writer of a FIFO. */
const SUFFIXES = ['', '-wal', '-shm', '-journal'];
/** Ours are some ten tables and their indexes; protects from a long list of others. */
const MAX_ENTRIES = 200;

/** @throws ViewerError `store_odd`, `store_newer`, or what SQLite throws */
export function withStored<T>(path: string, read: (database: DatabaseSync) => T, lockMs?: number): T {
  for (const suffix of SUFFIXES) assertFile(path + suffix);
  const database = openDatabase(path, { readOnly: true, lockMs });
  try {
    defend(database);
    if (versionOf(database) > SCHEMA_VERSION) throw newerError(path);
    assertTables(path, database);
    return read(database);
  } finally {
    database.close();
  }
}

function assertFile(path: string): void {
  const found = statusOf(path);
  if (found === undefined) return;
  if (!found.isFile()) throw oddError(path, 'it is no regular file');
  if (!isOurs(found)) throw oddError(path, 'it belongs to another user');
}

/** What a schema names is not trusted, and no statement of ours may write into it. */
function defend(database: DatabaseSync & { enableDefensive?: (isOn: boolean) => void }): void {
  database.enableDefensive?.(true);
  database.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA query_only = ON;');
}

/** A view, a trigger or a generated column in the place of a table of ours runs as long as its author likes. */
function assertTables(path: string, database: DatabaseSync): void {
  const entries = database.prepare(`SELECT type, name, sql FROM sqlite_schema LIMIT ${MAX_ENTRIES}`).all();
  for (const { type, name, sql } of entries) {
    const isTable = type === 'table' && ourTables.has(String(name)) && !/^\s*CREATE\s+VIRTUAL/i.test(String(sql));
    // An index without a text belongs to a PRIMARY KEY.
    const isIndex = type === 'index' && sql === null;
    if (!isTable && !isIndex) throw oddError(path, `it holds a ${String(type).slice(0, 20)} that is not ours`);
    if (isTable && hasHiddenColumns(database, String(name))) throw oddError(path, 'it holds a table that is not ours');
  }
}

/** Hidden or generated, by the last column of https://www.sqlite.org/pragma.html#pragma_table_xinfo. */
function hasHiddenColumns(database: DatabaseSync, table: string): boolean {
  return database
    .prepare('SELECT hidden FROM pragma_table_xinfo(?)')
    .all(table)
    .some(({ hidden }) => hidden !== 0);
}

/** Those of this version; files of earlier ones have some of them. */
const ourTables: ReadonlySet<string> = new Set(
  [...createTables.matchAll(/CREATE TABLE IF NOT EXISTS (\w+)/g)].map(([, name]) => String(name)),
);

function oddError(path: string, why: string): ViewerError {
  return new ViewerError('store_odd', `The run file ${path} is not used, since ${why}; remove it.`);
}
