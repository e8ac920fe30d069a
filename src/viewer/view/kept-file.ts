/** The file beside a large run that has ended, with what its page is told: written after the first look at the whole, and read in parts. */
import { renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { gunzipSync, gzipSync } from 'node:zlib';
import { CATEGORIES } from '../../analysis/categories.ts';
import { isOurs, statusOf } from '../../config/small-file.ts';
import { openDatabase } from '../store/sqlite.ts';
import { makePrivateFile } from '../store/private-file.ts';

export const KEPT_FILE = 'view.sqlite';

export const keptPath = (runFile: string): string => join(dirname(runFile), KEPT_FILE);

/** Increased when what is in the file means something else. */
const FORMAT = 1;

/** `lanes`: some segments of one lane. `members`: a page of the spans of a task, by the cursor that asks for it. */
const TABLES = `
CREATE TABLE about (what TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE parts (name TEXT PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE lanes (lane INTEGER NOT NULL, part INTEGER NOT NULL, from_ms REAL NOT NULL, to_ms REAL NOT NULL, body BLOB NOT NULL, PRIMARY KEY (lane, part));
CREATE TABLE members (task INTEGER NOT NULL, cursor TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (task, cursor));
`;

/** Of this swarmscope, for the run as it is stored now. */
export const markOf = (version: string, stamp: string): string => [FORMAT, version, CATEGORIES.join(), stamp].join('|');

/** Fast rather than small: a tenth of what the run itself takes. */
export const packed = (text: string): Uint8Array => gzipSync(text, { level: 1 });
export const unpacked = (body: unknown): string => gunzipSync(body as Uint8Array).toString('utf8');

/** Under a name of its own until it is whole: who opens the run meanwhile reads the run. Throws where the folder cannot be written. */
export function writeKept(runFile: string, mark: string, fill: (database: DatabaseSync) => void): void {
  const path = keptPath(runFile);
  const made = `${path}.${process.pid}`;
  rmSync(made, { force: true });
  try {
    makePrivateFile(made);
    const database = openDatabase(made);
    try {
      // What a power cut leaves is not taken for whole: its mark is written last.
      database.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;');
      database.exec(TABLES);
      database.exec('BEGIN');
      fill(database);
      database.prepare('INSERT INTO about VALUES (?, ?)').run('mark', mark);
      database.exec('COMMIT');
    } finally {
      database.close();
    }
    renameSync(made, path);
  } finally {
    rmSync(made, { force: true });
  }
}

/** Undefined where there is none, or it is of another state of the run or of another version. Never throws. */
export function openKept(runFile: string, mark: string): DatabaseSync | undefined {
  const path = keptPath(runFile);
  const found = statusOf(path);
  if (found?.isFile() !== true || !isOurs(found)) return undefined;
  let database: DatabaseSync | undefined;
  try {
    database = openDatabase(path, { readOnly: true });
    database.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA query_only = ON;');
    if (database.prepare('SELECT value FROM about WHERE what = ?').get('mark')?.['value'] === mark) return database;
  } catch {
    // Damaged or another program's: the run itself is read.
  }
  database?.close();
  return undefined;
}
