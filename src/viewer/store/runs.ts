/** The folder of stored runs: starting one, listing, reading back, and removing the oldest. */
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { RunData, RunRow } from '../../analysis/model.ts';
import { ViewerError } from '../error.ts';
import { newerError, openDatabase, storeError } from './sqlite.ts';
import { SCHEMA_VERSION } from './tables.ts';
import { readRunData, readRunRow } from './read-run.ts';
import { openStore, type Store } from './store.ts';

export interface StoredRun {
  id: string;
  path: string;
  bytes: number;
  /** Last write, epoch ms. */
  changedMs: number;
  /** undefined: the file cannot be read; `problem` says why. */
  run: RunRow | undefined;
  problem: ViewerError | undefined;
}

/** Bounds of the folder of runs. Beyond them the oldest runs are removed. */
export interface Retention {
  maxRuns: number;
  maxBytes: number;
}

const retentionDefault: Retention = { maxRuns: 50, maxBytes: 2 * 1024 ** 3 };
/** Largest file of one run. What comes later is not stored, only counted. */
const MAX_RUN_BYTES = 1024 ** 3;
/** A run without an end whose file is older than this was killed: a run that lives writes every few seconds. */
const ABANDONED_AFTER_MS = 24 * 3_600_000;
const RUN_ID = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}$/;

/** @throws ViewerError `bad_run_id`: an id becomes a folder name. */
export function runPath(dataFolder: string, runId: string): string {
  if (!RUN_ID.test(runId)) throw new ViewerError('bad_run_id', `"${runId.slice(0, 60)}" is no run id: letters, digits, - _ . only.`);
  return join(dataFolder, 'runs', runId, 'run.sqlite');
}

/** In memory, with a `warning`, when the folder cannot be written: the run itself matters more than its record. */
export function startRunStore({ dataFolder, run }: { dataFolder: string; run: RunRow }): { store: Store; warning: string | undefined } {
  let warning: string | undefined;
  let store: Store;
  try {
    store = openStore(runPath(dataFolder, run.id), { maxBytes: MAX_RUN_BYTES });
  } catch (error) {
    if (!(error instanceof ViewerError) || error.code === 'bad_run_id') throw error;
    warning = `${error.message} This run is kept in memory only: its report will be printed, but "swarmscope report" will not find it later.`;
    store = openStore(':memory:');
  }
  store.startRun(run);
  store.flush();
  return { store, warning };
}

/** Newest first; an unreadable run is listed with its problem. A missing folder is an empty list. */
export function listRuns(dataFolder: string): StoredRun[] {
  const folder = join(dataFolder, 'runs');
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    // Not there yet, or not ours to read: no runs either way.
    return [];
  }
  const runs = names.filter((name) => RUN_ID.test(name)).map((name) => describe(dataFolder, name));
  return runs.filter((run) => run !== undefined).sort((a, b) => (b.run?.startMs ?? b.changedMs) - (a.run?.startMs ?? a.changedMs));
}

function describe(dataFolder: string, id: string): StoredRun | undefined {
  const path = runPath(dataFolder, id);
  let bytes = 0;
  let changedMs = 0;
  for (const suffix of ['', '-wal']) {
    const stat = statSync(path + suffix, { throwIfNoEntry: false });
    bytes += stat?.size ?? 0;
    changedMs = Math.max(changedMs, stat?.mtimeMs ?? 0);
  }
  if (changedMs === 0) return undefined;
  try {
    return { id, path, bytes, changedMs, run: withDatabase(path, readRunRow), problem: undefined };
  } catch (cause) {
    return { id, path, bytes, changedMs, run: undefined, problem: storeError(path, cause) };
  }
}

/** By id, by its beginning or `latest`. @throws ViewerError `run_not_found`, `store_(corrupt|locked|unwritable)` */
export function readRun(dataFolder: string, idOrLatest: string): RunData {
  const runs = listRuns(dataFolder);
  const found = idOrLatest === 'latest' ? runs.slice(0, 1) : runs.filter(({ id }) => id === idOrLatest);
  const matches = found.length > 0 ? found : runs.filter(({ id }) => id.startsWith(idOrLatest));
  const [run] = matches;
  if (run === undefined || matches.length > 1) {
    const why =
      runs.length === 0
        ? 'No run is stored yet; "swarmscope run -- <command>" makes one.'
        : `${matches.length === 0 ? 'No stored run begins' : `${matches.length} stored runs begin`} with "${idOrLatest.slice(0, 60)}"; "swarmscope runs" lists them.`;
    throw new ViewerError('run_not_found', why);
  }
  try {
    return withDatabase(run.path, (database) => readRunData(run.path, database));
  } catch (cause) {
    throw storeError(run.path, cause);
  }
}

function withDatabase<T>(path: string, read: (database: ReturnType<typeof openDatabase>) => T): T {
  const database = openDatabase(path, { readOnly: true });
  try {
    const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
    if (version > SCHEMA_VERSION) throw newerError(path);
    return read(database);
  } finally {
    database.close();
  }
}

/** Removes the oldest complete runs beyond the bounds, never `keepId`. Returns the removed ids. Never throws. */
export function removeOldRuns(options: { dataFolder: string; keepId?: string; retention?: Partial<Retention>; nowMs?: number }): string[] {
  const { maxRuns, maxBytes } = { ...retentionDefault, ...options.retention };
  const nowMs = options.nowMs ?? Date.now();
  const removed: string[] = [];
  let count = 0;
  let bytes = 0;
  for (const stored of listRuns(options.dataFolder)) {
    count++;
    bytes += stored.bytes;
    const isOver = stored.run?.endMs !== undefined || nowMs - stored.changedMs > ABANDONED_AFTER_MS;
    if ((count <= maxRuns && bytes <= maxBytes) || !isOver || stored.id === options.keepId) continue;
    try {
      rmSync(join(options.dataFolder, 'runs', stored.id), { recursive: true, force: true });
      removed.push(stored.id);
      count--;
      bytes -= stored.bytes;
    } catch {
      // Not ours to remove; the next run tries again.
    }
  }
  return removed;
}
