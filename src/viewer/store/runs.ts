/** The folder of stored runs: starting one, listing, reading back, and removing the oldest. */
import { readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { RunData, RunRow } from '../../analysis/model.ts';
import { statusOf } from '../../config/small-file.ts';
import type { Life } from '../../config/process-mark.ts';
import { ViewerError } from '../error.ts';
import { claimRunFolder, readOwner } from './owner.ts';
import { storeError } from './sqlite.ts';
import { withStored } from './stored.ts';
import { readEvents, type EventFilter, type EventRow } from './event-table.ts';
import { withOlderEvents } from './older-events.ts';
import { hasTable, readRunData, readRunRow } from './read-run.ts';
import { openStore, type Store } from './store.ts';

export interface StoredRun {
  id: string;
  /** Grows with each run that is started; 0 for runs of older versions. */
  sequence: number;
  /** Whether the process that writes it lives. */
  life: Life;
  path: string;
  /** Of all files in its folder. */
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
/** Where nobody can tell whether its process lives, a run that was not written for so long is over. */
const ABANDONED_AFTER_MS = 24 * 3_600_000;
/** Ids are random: a second one that is taken is no chance. */
const MAX_IDS = 5;
/** Longest wait for the lock of one run, and for all of them, while they are listed. */
const LOCK_MS = 1_000;
const LIST_LOCKS_MS = 2_000;
const RUN_ID = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}$/;

const runsFolder = (dataFolder: string): string => join(dataFolder, 'runs');

/** @throws ViewerError `bad_run_id`: an id becomes a folder name. */
export function runPath(dataFolder: string, runId: string): string {
  if (!RUN_ID.test(runId)) throw new ViewerError('bad_run_id', `"${runId.slice(0, 60)}" is no run id: letters, digits, - _ . only.`);
  return join(runsFolder(dataFolder), runId, 'run.sqlite');
}

export interface NewRun {
  readonly dataFolder: string;
  readonly run: RunRow;
  /** Another id, where the run's is taken. */
  readonly newId?: () => string;
}

/**
 * A store that no other run has; its `run` may have got another id. In memory, with a `warning`, when the folder cannot
 * be written: the run itself matters more than its record.
 */
export function startRunStore({ dataFolder, run: given, newId }: NewRun): { store: Store; run: RunRow; warning: string | undefined } {
  let warning: string | undefined;
  let store: Store;
  let run = given;
  try {
    runPath(dataFolder, run.id);
    for (let ids = 1; !claimRunFolder(runsFolder(dataFolder), run.id); ids++) {
      if (newId === undefined || ids === MAX_IDS) throw new ViewerError('store_unwritable', `There is a run ${run.id} already.`);
      run = { ...run, id: newId() };
    }
    store = openStore(runPath(dataFolder, run.id), { maxBytes: MAX_RUN_BYTES });
  } catch (error) {
    if (!(error instanceof ViewerError) || error.code === 'bad_run_id') throw error;
    warning = `${error.message} This run is kept in memory only: its report will be printed, but "swarmscope report" will not find it later.`;
    store = openStore(':memory:');
  }
  store.startRun(run);
  store.flush();
  return { store, run, warning };
}

/** The one that was started last first, whatever the clock said then; an unreadable run is listed with its problem. A missing folder is an empty list. */
export function listRuns(dataFolder: string): StoredRun[] {
  const until = performance.now() + LIST_LOCKS_MS;
  return inOrder(filesOf(dataFolder).map((file) => described(file, until)));
}

const inOrder = (runs: readonly StoredRun[]): StoredRun[] =>
  runs.toSorted((a, b) => b.sequence - a.sequence || startMsOf(b) - startMsOf(a));

const startMsOf = ({ run, changedMs }: StoredRun): number => run?.startMs ?? changedMs;

/** What is known of a run without opening its file. */
type RunFile = Omit<StoredRun, 'run' | 'problem'>;

function filesOf(dataFolder: string): RunFile[] {
  let names: string[];
  try {
    names = readdirSync(runsFolder(dataFolder));
  } catch {
    // Not there yet, or not ours to read: no runs either way.
    return [];
  }
  return names.filter((name) => RUN_ID.test(name)).flatMap((name) => fileOf(dataFolder, name) ?? []);
}

function fileOf(dataFolder: string, id: string): RunFile | undefined {
  const path = runPath(dataFolder, id);
  const changedMs = Math.max(0, ...['', '-wal'].map((suffix) => statusOf(path + suffix)?.mtimeMs ?? 0));
  if (changedMs === 0) return undefined;
  const folder = dirname(path);
  return { id, path, bytes: bytesIn(folder), changedMs, ...readOwner(folder) };
}

/** Of all that is kept of the run: its events, and what its page was told. */
function bytesIn(folder: string): number {
  try {
    return readdirSync(folder).reduce((sum, name) => sum + (statusOf(join(folder, name))?.size ?? 0), 0);
  } catch {
    // Removed meanwhile.
    return 0;
  }
}

/** As `listRuns`, of which only runs of older versions are opened: nothing else tells their order. */
const orderedFiles = (dataFolder: string, until: number): StoredRun[] =>
  inOrder(
    filesOf(dataFolder).map((file) => (file.sequence === 0 ? described(file, until) : { ...file, run: undefined, problem: undefined })),
  );

const opened = (run: StoredRun, until: number): StoredRun =>
  run.run === undefined && run.problem === undefined ? described(run, until) : run;

/** Waits for locks until `until` on the monotonic clock, and never long for one. */
function described(file: RunFile, until: number): StoredRun {
  const lockMs = Math.min(LOCK_MS, Math.max(0, Math.round(until - performance.now())));
  try {
    return { ...file, run: withStored(file.path, readRunRow, lockMs), problem: undefined };
  } catch (cause) {
    return { ...file, run: undefined, problem: storeError(file.path, cause) };
  }
}

/** By id, by its beginning or `latest`: the last one whose file can be opened. @throws ViewerError `run_not_found` */
export function findRun(dataFolder: string, idOrLatest: string): StoredRun {
  const until = performance.now() + LIST_LOCKS_MS;
  const files = orderedFiles(dataFolder, until);
  const last = idOrLatest === 'latest' ? lastReadable(files, until) : undefined;
  if (last !== undefined) return last;
  const found = files.filter(({ id }) => id === idOrLatest);
  const matches = found.length > 0 ? found : files.filter(({ id }) => id.startsWith(idOrLatest));
  const [run] = matches;
  if (run !== undefined && matches.length === 1) return opened(run, until);
  const why =
    files.length === 0
      ? 'No run is stored yet; "swarmscope run -- <command>" makes one.'
      : `${matches.length === 0 ? 'No stored run begins' : `${matches.length} stored runs begin`} with "${idOrLatest.slice(0, 60)}"; "swarmscope runs" lists them.`;
  throw new ViewerError('run_not_found', why);
}

/** The first where none is readable. */
function lastReadable(files: readonly StoredRun[], until: number): StoredRun | undefined {
  let first: StoredRun | undefined;
  for (const file of files) {
    const run = opened(file, until);
    if (run.problem === undefined) return run;
    first ??= run;
  }
  return first;
}

/**
 * As `findRun`; of those that come before the last one that can be read whole, `onSkipped` is told why they cannot.
 * @throws ViewerError `run_not_found`, `store_(corrupt|locked|unwritable)`
 */
export function readRun(dataFolder: string, idOrLatest: string, onSkipped: (why: ViewerError) => void = () => undefined): RunData {
  const runs = idOrLatest === 'latest' ? orderedFiles(dataFolder, performance.now() + LIST_LOCKS_MS) : [];
  return runs.length === 0 ? readStored(findRun(dataFolder, idOrLatest).path) : readFirst(runs, onSkipped);
}

/** Events of one run, and whether it may still grow. @throws ViewerError */
export function readRunEvents(
  dataFolder: string,
  idOrLatest: string,
  filter: EventFilter,
): { events: EventRow[]; isOver: boolean; id: string } {
  const stored = findRun(dataFolder, idOrLatest);
  try {
    return {
      events: withStored(stored.path, (database) => eventsIn(database, filter)),
      isOver: isOver(stored, Date.now()),
      id: stored.id,
    };
  } catch (cause) {
    throw storeError(stored.path, cause);
  }
}

/** Files of version 1 have no table of them. */
function eventsIn(database: DatabaseSync, filter: EventFilter): EventRow[] {
  return hasTable(database, 'events') ? readEvents(database, filter) : withOlderEvents(database, (events) => readEvents(events, filter));
}

function readStored(path: string): RunData {
  try {
    return withStored(path, (database) => readRunData(path, database));
  } catch (cause) {
    throw storeError(path, cause);
  }
}

/** @throws ViewerError why the first cannot be read, where none can */
function readFirst(runs: readonly StoredRun[], onSkipped: (why: ViewerError) => void): RunData {
  const skipped: ViewerError[] = [];
  for (const { path, problem } of runs) {
    try {
      if (problem !== undefined) throw problem;
      const data = readStored(path);
      skipped.forEach((why) => onSkipped(why));
      return data;
    } catch (error) {
      if (!(error instanceof ViewerError)) throw error;
      skipped.push(error);
    }
  }
  throw skipped[0] as ViewerError;
}

/** A clock that was wrong, then or now, makes no living run an old one. */
function isOver({ run, life, changedMs }: StoredRun, nowMs: number): boolean {
  if (run?.endMs !== undefined || life === 'dead') return true;
  return life === 'unknown' && Math.abs(nowMs - changedMs) > ABANDONED_AFTER_MS;
}

/**
 * Removes the oldest complete runs beyond the bounds, never `keepId`. Returns the removed ids. Never throws. Opens only
 * files of runs that may have to go, and those of older versions, whose order nothing else tells: a run begins with it.
 */
export function removeOldRuns(options: { dataFolder: string; keepId?: string; retention?: Partial<Retention>; nowMs?: number }): string[] {
  const { maxRuns, maxBytes } = { ...retentionDefault, ...options.retention };
  const nowMs = options.nowMs ?? Date.now();
  const until = performance.now() + LIST_LOCKS_MS;
  const removed: string[] = [];
  let count = 0;
  let bytes = 0;
  for (const stored of orderedFiles(options.dataFolder, until)) {
    count++;
    bytes += stored.bytes;
    if ((count <= maxRuns && bytes <= maxBytes) || stored.id === options.keepId) continue;
    if (!isOver(opened(stored, until), nowMs)) continue;
    try {
      rmSync(dirname(stored.path), { recursive: true, force: true });
      removed.push(stored.id);
      count--;
      bytes -= stored.bytes;
    } catch {
      // Not ours to remove; the next run tries again.
    }
  }
  return removed;
}
