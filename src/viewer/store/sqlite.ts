/** Node's built-in SQLite, loaded at first use, without its warning about being experimental, and its errors told apart. */
import type { DatabaseSync } from 'node:sqlite';
import { ViewerError, type ViewerErrorCode } from '../error.ts';

type Sqlite = typeof import('node:sqlite');

let loaded: Sqlite | undefined;

/** Every other warning passes; the replacement lasts only while the module loads. */
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

export function openDatabase(path: string, options: { readOnly?: boolean } = {}): DatabaseSync {
  const { DatabaseSync: Database } = loadSqlite();
  return new Database(path, { readOnly: options.readOnly === true, timeout: 1_000 });
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
  store_full: 'cannot grow; free some space on its disk',
};

/** The typed form of what SQLite or the file system threw. */
export function storeError(path: string, cause: unknown): ViewerError {
  if (cause instanceof ViewerError) return cause;
  const { errcode, code: systemCode } = cause as { errcode?: number; code?: string };
  const code: ViewerErrorCode = systemCode === 'ENOSPC' ? 'store_full' : (codes[(errcode ?? 14) & 0xff] ?? 'store_corrupt');
  return new ViewerError(code, `The run file ${path} ${advice[code] ?? ''}.`, { cause });
}
