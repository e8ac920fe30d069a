/** The tables of a run file. */
import type { DatabaseSync } from 'node:sqlite';
import type { Owner } from '../../analysis/model.ts';
import { EVENT_TABLES } from './event-table.ts';

/** Increased with each table that is added: an older version takes a table that it does not know for another program's. 2: events. */
export const SCHEMA_VERSION = 2;

export const createTables = `
CREATE TABLE IF NOT EXISTS run (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, command TEXT NOT NULL, start_ms REAL NOT NULL, end_ms REAL, exit_code INTEGER, signal TEXT,
  pid INTEGER
);
CREATE TABLE IF NOT EXISTS lives (pid INTEGER NOT NULL, start_ms REAL NOT NULL, end_ms REAL NOT NULL);
CREATE TABLE IF NOT EXISTS spans (
  span_id TEXT NOT NULL, trace_id TEXT NOT NULL, parent_span_id TEXT, name TEXT NOT NULL, kind INTEGER NOT NULL, start_ms REAL NOT NULL, end_ms REAL,
  is_error INTEGER NOT NULL, attributes TEXT NOT NULL, links TEXT, scope_name TEXT NOT NULL, service_name TEXT NOT NULL, pid INTEGER, sender TEXT,
  parent_trace_id TEXT,
  PRIMARY KEY (span_id, trace_id)
);
CREATE TABLE IF NOT EXISTS series (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, unit TEXT NOT NULL, kind TEXT NOT NULL, is_monotonic INTEGER NOT NULL, attributes TEXT NOT NULL, instance_id TEXT NOT NULL, buckets TEXT,
  owner TEXT
);
CREATE TABLE IF NOT EXISTS points (
  series_id INTEGER NOT NULL, time_ms REAL NOT NULL, value REAL NOT NULL, sum REAL, max REAL, PRIMARY KEY (series_id, time_ms)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS logs (
  time_ms REAL NOT NULL, event_name TEXT NOT NULL, body TEXT, severity INTEGER NOT NULL, trace_id TEXT, span_id TEXT, attributes TEXT NOT NULL, service_name TEXT NOT NULL,
  owner TEXT
);
${EVENT_TABLES}
CREATE TABLE IF NOT EXISTS ledgers (sender TEXT PRIMARY KEY, process TEXT NOT NULL, is_ended INTEGER NOT NULL, signals TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS losses (what TEXT PRIMARY KEY, count INTEGER NOT NULL);
`;

/** Columns that tables have gained. */
const LATER = [
  ['spans', 'sender'],
  ['spans', 'parent_trace_id'],
  ['series', 'owner'],
  ['logs', 'owner'],
] as const;

/** Of the file; 0 of a new one. */
export function versionOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
}

/** Once the tables hold what this version has in them. */
export function setVersion(database: DatabaseSync): void {
  database.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
}

/** Whether the table of spans has this column: a file of an older version may lack it. */
export function hasColumn(database: DatabaseSync, name: string, table = 'spans'): boolean {
  return database.prepare('SELECT 1 FROM pragma_table_info(?) WHERE name = ?').get(table, name) !== undefined;
}

/** A file of an older version that is written to again: its run was killed, and its processes have left something. */
export function addColumns(database: DatabaseSync): void {
  for (const [table, name] of LATER) if (!hasColumn(database, name, table)) database.exec(`ALTER TABLE ${table} ADD COLUMN ${name} TEXT`);
}

/** The place of an owner in one column, and back. */
export const ownerText = (owner: Owner | undefined): string | null => (owner === undefined ? null : `${owner.traceId} ${owner.spanId}`);

export function ownerIn(text: unknown): Owner | undefined {
  if (typeof text !== 'string') return undefined;
  const [traceId = '', spanId = ''] = text.split(' ');
  return { traceId, spanId };
}
