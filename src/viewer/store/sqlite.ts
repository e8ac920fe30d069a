/** Node's built-in SQLite: loaded at first use, without its warning about being experimental, and with typed errors. */
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { ViewerError, type ViewerErrorCode } from '../error.ts';

type Sqlite = typeof import('node:sqlite');

let loaded: Sqlite | undefined;

/** Suppresses that one warning, and only while the module loads. */
function loadSqlite(): Sqlite {
  if (loaded !== undefined) return loaded;
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = (warning: string | Error, ...rest: unknown[]) => {
    if (String(warning).startsWith('SQLite is an experimental feature')) return;
    Reflect.apply(emitWarning, process, [warning, ...rest]);
  };
  try {
    loaded = process.getBuiltinModule('node:sqlite');
  } finally {
    process.emitWarning = emitWarning;
  }
  return loaded;
}

/** Longest wait for the lock of another process while reading. Nothing else is waiting for us then. */
const READ_LOCK_MS = 1_000;
/** The same while writing. It is short, since senders wait for our answer: rows are kept in memory instead. */
const WRITE_LOCK_MS = 50;

export function openDatabase(path: string, options: { readOnly?: boolean; lockMs?: number | undefined } = {}): DatabaseSync {
  const { DatabaseSync: Database } = loadSqlite();
  const readOnly = options.readOnly === true;
  const database = new Database(path, { readOnly, timeout: options.lockMs ?? (readOnly ? READ_LOCK_MS : WRITE_LOCK_MS) });
  if (path !== ':memory:') keepTemporaryFiles(database, dirname(path));
  return database;
}

/**
 * What is sorted on disk lies where the run lies, for its owner alone: the temporary folder may be memory, which is short
 * when a run is large. The setting is one for the process; where it cannot be written, SQLite goes on to the usual places.
 */
function keepTemporaryFiles(database: DatabaseSync, folder: string): void {
  try {
    database.exec(`PRAGMA temp_store_directory = '${folder.replaceAll("'", "''")}'`);
  } catch {
    // Not writable, or a SQLite without this setting.
  }
}

// https://www.sqlite.org/rescode.html: the low byte is the primary code.
const codes: Readonly<Record<number, ViewerErrorCode>> = {
  5: 'store_locked',
  6: 'store_locked',
  8: 'store_unwritable',
  10: 'store_unwritable',
  11: 'store_corrupt',
  13: 'store_full',
  14: 'store_unwritable',
  23: 'store_unwritable',
  26: 'store_corrupt',
};

const advice: Readonly<Partial<Record<ViewerErrorCode, string>>> = {
  store_locked: 'is in use by another process; wait until it ends',
  store_unwritable: 'cannot be opened or written; check its permissions, or set XDG_DATA_HOME to a writable folder',
  store_corrupt: 'is no readable run; remove it',
  store_newer: 'was written by a newer swarmscope; read it with that one, or remove it',
  store_full: 'cannot grow: its disk is full, or it has reached the largest size of one run',
};

export function storeError(path: string, cause: unknown): ViewerError {
  if (cause instanceof ViewerError) return cause;
  const { errcode, syscall, code: systemCode } = cause as { errcode?: number; syscall?: string; code?: string };
  const code: ViewerErrorCode =
    systemCode === 'ENOSPC' || systemCode === 'EDQUOT' || systemCode === 'EFBIG'
      ? 'store_full'
      : syscall !== undefined
        ? 'store_unwritable'
        : ((errcode === undefined ? undefined : codes[errcode & 0xff]) ?? 'store_corrupt');
  return new ViewerError(code, `The run file ${path} ${advice[code] ?? ''}.`, { cause });
}

export function newerError(path: string): ViewerError {
  return new ViewerError('store_newer', `The run file ${path} ${advice.store_newer ?? ''}.`);
}
