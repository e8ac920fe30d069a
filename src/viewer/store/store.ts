/** One run's file: takes rows in, in one transaction per tick of the event loop, and gives the run back as plain data. */
import { chmodSync, closeSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { makePrivateFolder } from '../../config/private-folder.ts';
import type { Attributes, LogRow, RunData, RunRow } from '../../analysis/model.ts';
import type { ViewerError } from '../error.ts';
import type { Losses, LogRows, MetricRows, TraceRows } from '../otlp/index.ts';
import { MetricTable, readSeries, type MetricLimits } from './metric-table.ts';
import { readSpans, SpanTable } from './span-table.ts';
import { openDatabase, storeError } from './sqlite.ts';
import { createTables } from './tables.ts';

export interface StoreLimits extends MetricLimits {
  maxSpans: number;
  maxLogs: number;
}

const defaults: StoreLimits = { maxSpans: 2_000_000, maxLogs: 500_000, maxSeries: 20_000, maxPoints: 2_000 };

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
  /** Writes what waits. Never throws. */
  flush(): void;
  /** Flushes, then reads everything back. @throws ViewerError */
  loadRun(): RunData;
  close(): void;
}

/**
 * Opens or makes a run file (0600 in a 0700 folder); `:memory:` keeps it in this process.
 * @throws ViewerError `store_corrupt`, `store_locked`, `store_unwritable`, `store_full`.
 */
export function openStore(path: string, limits: Partial<StoreLimits> = {}): Store {
  try {
    if (path !== ':memory:') makePrivateFile(path);
    return new RunStore(path, { ...defaults, ...limits });
  } catch (cause) {
    throw storeError(path, cause);
  }
}

function makePrivateFile(path: string): void {
  makePrivateFolder(dirname(path));
  closeSync(openSync(path, 'a', 0o600));
  chmodSync(path, 0o600);
}

type Write = () => string | undefined;

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
  #isClosed = false;

  constructor(path: string, limits: StoreLimits) {
    this.path = path;
    this.#database = openDatabase(path);
    try {
      this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
      this.#database.exec(createTables);
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
        .prepare('INSERT OR REPLACE INTO run (id, name, command, start_ms, end_ms, exit_code, signal) VALUES (?, ?, ?, ?, ?, ?, ?)')
        .run(run.id, run.name, run.command, run.startMs, run.endMs ?? null, run.exitCode ?? null, run.signal ?? null);
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
      // The whole transaction is gone: full disk, or a file taken away.
      for (const { what } of writes) this.#lose(`${what}.${this.problem?.code ?? 'store'}`, 1);
      return;
    }
    for (const what of lost) this.#lose(what, 1);
  }

  #recover(cause: unknown): void {
    this.problem = storeError(this.path, cause);
    try {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      this.#spans.recount(this.#database);
      this.#metrics.forget();
    } catch {
      // The file cannot be read any more either; the next flush reports again.
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

  loadRun(): RunData {
    this.flush();
    this.#saveLosses();
    const data = readRunData(this.path, this.#database);
    const losses: Losses = { ...data.losses };
    for (const [what, count] of Object.entries(this.#losses)) losses[what] = (losses[what] ?? 0) + count;
    return { ...data, losses };
  }

  close(): void {
    if (this.#isClosed) return;
    this.flush();
    this.#saveLosses();
    this.#isClosed = true;
    this.#database.close();
  }
}

/** @throws ViewerError */
export function readRunData(path: string, database: DatabaseSync): RunData {
  try {
    const run = readRunRow(database);
    const logs = database.prepare('SELECT * FROM logs ORDER BY time_ms').all().map(logOf);
    const losses = Object.fromEntries(
      database
        .prepare('SELECT what, count FROM losses')
        .all()
        .map((row) => [row['what'] as string, row['count'] as number]),
    );
    return {
      run: run ?? { id: '', name: '', command: '', startMs: 0, endMs: undefined, exitCode: undefined, signal: undefined },
      spans: readSpans(database),
      series: readSeries(database),
      logs,
      losses,
    };
  } catch (cause) {
    throw storeError(path, cause);
  }
}

export function readRunRow(database: DatabaseSync): RunRow | undefined {
  const row = database.prepare('SELECT * FROM run LIMIT 1').get();
  if (row === undefined) return undefined;
  return {
    id: row['id'] as string,
    name: row['name'] as string,
    command: row['command'] as string,
    startMs: row['start_ms'] as number,
    endMs: (row['end_ms'] as number | null) ?? undefined,
    exitCode: (row['exit_code'] as number | null) ?? undefined,
    signal: (row['signal'] as string | null) ?? undefined,
  };
}

function logOf(row: Record<string, unknown>): LogRow {
  return {
    timeMs: row['time_ms'] as number,
    eventName: row['event_name'] as string,
    body: (row['body'] as string | null) ?? undefined,
    severity: row['severity'] as number,
    traceId: (row['trace_id'] as string | null) ?? undefined,
    spanId: (row['span_id'] as string | null) ?? undefined,
    attributes: JSON.parse(row['attributes'] as string) as Attributes,
    serviceName: row['service_name'] as string,
  };
}
