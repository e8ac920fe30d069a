/** The file of one run: writes rows, in a transaction per turn of the event loop, and reads them as plain data. */
import { chmodSync, closeSync, openSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { makeOwnFolders } from '../../config/private-folder.ts';
import type { LogRow, ProcessLife, RunData, RunRow, SenderLedger } from '../../analysis/model.ts';
import type { ViewerError } from '../error.ts';
import type { Losses } from '../../otlp/read/index.ts';
import type { LogRows, MetricRows, TraceRows } from '../receive/rows/index.ts';
import { MetricTable, type MetricLimits } from './metric-table.ts';
import { readRunData, UNSEEN, withUnseen } from './read-run.ts';
import { SpanTable } from './span-table.ts';
import { openDatabase, storeError } from './sqlite.ts';
import { addColumns, createTables } from './tables.ts';

export interface StoreLimits extends MetricLimits {
  /** Size of the file; at it nothing more is taken. */
  maxBytes: number;
  maxSpans: number;
  maxLogs: number;
}

const defaults: StoreLimits = { maxBytes: 64 * 1024 ** 3, maxSpans: 2_000_000, maxLogs: 500_000, maxSeries: 20_000, maxPoints: 2_000 };

export interface Store {
  readonly path: string;
  /** The last fault while writing, if any; rows lost to it are counted in the losses. */
  readonly problem: ViewerError | undefined;
  startRun(run: RunRow): void;
  endRun(end: Pick<RunRow, 'id' | 'endMs' | 'exitCode' | 'signal'>): void;
  addTraces(rows: TraceRows): void;
  addMetrics(rows: MetricRows): void;
  addLogs(rows: LogRows): void;
  addLosses(losses: Readonly<Losses>): void;
  /** Processes that told nothing; a count of 0 says that nobody knows how many. */
  addUnseen(unseen: readonly { readonly name: string; readonly count: number }[]): void;
  addLives(lives: readonly ProcessLife[]): void;
  /** A later ledger of a process replaces the one before. */
  addLedgers(ledgers: readonly Omit<SenderLedger, 'storedSpans'>[]): void;
  /** Writes what waits. Never throws. */
  flush(): void;
  /** Flushes, then reads everything back. @throws ViewerError */
  loadRun(): RunData;
  close(): void;
}

/** Opens or makes a run file (0600), or `:memory:`. @throws ViewerError `store_(corrupt|locked|unwritable|full)` */
export function openStore(path: string, limits: Partial<StoreLimits> = {}): Store {
  try {
    if (path !== ':memory:') makePrivateFile(path);
    return new RunStore(path, { ...defaults, ...limits });
  } catch (cause) {
    throw storeError(path, cause);
  }
}

function makePrivateFile(path: string): void {
  const folder = dirname(path);
  const runs = dirname(folder);
  makeOwnFolders(dirname(runs), [basename(runs), basename(folder)]);
  closeSync(openSync(path, 'a', 0o600));
  chmodSync(path, 0o600);
}

type Write = () => string | undefined;

/** Most rows that wait while another process holds the lock. Further rows are lost and counted. */
const MAX_WAITING = 50_000;
const RETRY_MS = 250;
/** Longest wait for a lock at the end of a run. */
const LAST_LOCK_MS = 1_000;

class RunStore implements Store {
  readonly path: string;
  problem: ViewerError | undefined;
  readonly #database: DatabaseSync;
  readonly #spans: SpanTable;
  readonly #metrics: MetricTable;
  readonly #insertLog: StatementSync;
  readonly #maxLogs: number;
  readonly #waiting: { what: string; write: Write }[] = [];
  #losses: Losses = {};
  #logCount: number;
  #tick: NodeJS.Immediate | undefined;
  #retry: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(path: string, limits: StoreLimits) {
    this.path = path;
    this.#database = openDatabase(path);
    try {
      this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
      const pageBytes = Number(this.#database.prepare('PRAGMA page_size').get()?.['page_size'] ?? 4096);
      this.#database.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(limits.maxBytes / pageBytes))}`);
      this.#database.exec(createTables);
      addColumns(this.#database);
      this.#spans = new SpanTable(this.#database, limits.maxSpans);
      this.#metrics = new MetricTable(this.#database, limits);
      this.#insertLog = this.#database.prepare(
        'INSERT INTO logs (time_ms, event_name, body, severity, trace_id, span_id, attributes, service_name) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      );
      this.#maxLogs = limits.maxLogs;
      this.#logCount = Number(this.#database.prepare('SELECT count(*) AS count FROM logs').get()?.['count'] ?? 0);
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  startRun(run: RunRow): void {
    this.#later('run', () => {
      this.#database
        .prepare('INSERT OR REPLACE INTO run (id, name, command, start_ms, end_ms, exit_code, signal, pid) VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
        .run(run.id, run.name, run.command, run.startMs, run.endMs ?? null, run.exitCode ?? null, run.signal ?? null, run.pid ?? null);
      return undefined;
    });
  }

  endRun(end: Pick<RunRow, 'id' | 'endMs' | 'exitCode' | 'signal'>): void {
    this.#later('run', () => {
      this.#database
        .prepare('UPDATE run SET end_ms = ?, exit_code = ?, signal = ? WHERE id = ?')
        .run(end.endMs ?? null, end.exitCode ?? null, end.signal ?? null, end.id);
      return undefined;
    });
  }

  addTraces(rows: TraceRows): void {
    for (const span of rows.spans) this.#later('span', () => (this.#spans.add(span) ? undefined : 'span.store-full'));
    this.addLosses(rows.losses);
  }

  addMetrics(rows: MetricRows): void {
    for (const point of rows.points) this.#later('metric', () => this.#metrics.add(point));
    this.addLosses(rows.losses);
  }

  addLogs(rows: LogRows): void {
    for (const span of rows.openSpans) this.#later('span-start', () => (this.#spans.add(span) ? undefined : 'span-start.store-full'));
    for (const log of rows.logs) this.#later('log', () => this.#addLog(log));
    this.addLosses(rows.losses);
  }

  addLosses(losses: Readonly<Losses>): void {
    for (const [what, count] of Object.entries(losses)) this.#lose(what, count);
  }

  addUnseen(unseen: readonly { readonly name: string; readonly count: number }[]): void {
    for (const { name, count } of unseen) this.#lose(`${UNSEEN}${name}`, count);
  }

  addLives(lives: readonly ProcessLife[]): void {
    for (const { pid, startMs, endMs } of lives)
      this.#later('process', () => {
        this.#database.prepare('INSERT INTO lives (pid, start_ms, end_ms) VALUES (?, ?, ?)').run(pid, startMs, endMs);
        return undefined;
      });
  }

  addLedgers(ledgers: readonly Omit<SenderLedger, 'storedSpans'>[]): void {
    for (const { sender, pid, isEnded, traces, logs } of ledgers)
      this.#later('ledger', () => {
        this.#database
          .prepare('INSERT OR REPLACE INTO ledgers (sender, pid, is_ended, signals) VALUES (?, ?, ?, ?)')
          .run(sender, pid, isEnded ? 1 : 0, JSON.stringify({ traces, logs }));
        return undefined;
      });
  }

  #addLog(log: LogRow): string | undefined {
    if (this.#logCount >= this.#maxLogs) return 'log.store-full';
    this.#insertLog.run(
      log.timeMs,
      log.eventName,
      log.body ?? null,
      log.severity,
      log.traceId ?? null,
      log.spanId ?? null,
      JSON.stringify(log.attributes),
      log.serviceName,
    );
    this.#logCount++;
    return undefined;
  }

  #lose(what: string, count: number): void {
    this.#losses[what] = (this.#losses[what] ?? 0) + count;
  }

  #later(what: string, write: Write): void {
    if (this.#isClosed) return this.#lose(`${what}.store-closed`, 1);
    this.#waiting.push({ what, write });
    this.#tick ??= setImmediate(() => this.flush());
  }

  flush(): void {
    if (this.#tick !== undefined) clearImmediate(this.#tick);
    this.#tick = undefined;
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#write(true);
  }

  /** `mayWait`: rows stay in memory while another process has the file locked. */
  #write(mayWait: boolean): void {
    if (this.#isClosed || this.#waiting.length === 0) return;
    const writes = this.#waiting.splice(0);
    const lost: string[] = [];
    try {
      this.#database.exec('BEGIN IMMEDIATE');
      for (const { write } of writes) {
        const loss = write();
        if (loss !== undefined) lost.push(loss);
      }
      this.#database.exec('COMMIT');
    } catch (cause) {
      this.#recover(cause);
      if (mayWait && this.problem?.code === 'store_locked' && writes.length <= MAX_WAITING) {
        this.#waiting.unshift(...writes);
        this.#retry ??= setTimeout(() => this.flush(), RETRY_MS);
        return;
      }
      // The whole transaction is lost: the disk is full, or the file was removed.
      for (const { what, write } of writes)
        if (what !== 'run' || !this.#isWritten(write)) this.#lose(`${what}.${this.problem?.code ?? 'store'}`, 1);
      return;
    }
    for (const what of lost) this.#lose(what, 1);
  }

  /** Writes the row of the run again: it replaces a row of the same size, which succeeds even on a full disk. */
  #isWritten(write: Write): boolean {
    try {
      write();
      return true;
    } catch {
      return false;
    }
  }

  #recover(cause: unknown): void {
    this.problem = storeError(this.path, cause);
    try {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      this.#spans.recount(this.#database);
      this.#metrics.forget();
    } catch {
      // The file cannot be read either. The next flush reports the problem again.
    }
  }

  #saveLosses(): void {
    try {
      const save = this.#database.prepare(
        'INSERT INTO losses (what, count) VALUES (?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count',
      );
      for (const [what, count] of Object.entries(this.#losses)) {
        save.run(what, count);
        delete this.#losses[what];
      }
    } catch (cause) {
      this.problem = storeError(this.path, cause);
    }
  }

  /** Writes everything that waits for the last time: waits for a lock, then counts what is not written as lost. */
  #settle(): void {
    this.flush();
    if (this.#waiting.length === 0) return;
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#database.exec(`PRAGMA busy_timeout = ${LAST_LOCK_MS}`);
    this.#write(false);
  }

  loadRun(): RunData {
    this.#settle();
    this.#saveLosses();
    const data = readRunData(this.path, this.#database);
    const losses: Losses = { ...data.losses };
    for (const [what, count] of Object.entries(this.#losses)) losses[what] = (losses[what] ?? 0) + count;
    return withUnseen({ ...data, losses });
  }

  close(): void {
    if (this.#isClosed) return;
    this.#settle();
    this.#saveLosses();
    this.#isClosed = true;
    this.#database.close();
  }
}
