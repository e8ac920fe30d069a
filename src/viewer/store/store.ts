/** The file of one run: takes rows, and reads them as plain data. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { LogRow, ProcessLife, RunData, RunRow, SenderLedger, SpanRow } from '../../analysis/model.ts';
import type { ViewerError } from '../error.ts';
import type { Losses } from '../../otlp/read/index.ts';
import type { LogRows, MetricRows, TraceRows } from '../receive/rows/index.ts';
import { EventTable, isEvent } from './event-table.ts';
import { upgradeEvents } from './older-events.ts';
import { MetricTable, type MetricLimits } from './metric-table.ts';
import { makePrivateFile } from './private-file.ts';
import { GATEWAY_USED, readRunData, UNSEEN, withUnseen } from './read-run.ts';
import { sizeOf } from './row-size.ts';
import { SpanTable } from './span-table.ts';
import { newerError, openDatabase, storeError } from './sqlite.ts';
import { addColumns, createTables, ownerText, SCHEMA_VERSION, setVersion, versionOf } from './tables.ts';
import { WriteQueue, type Kept, type Row } from './write-queue.ts';

export interface StoreLimits extends MetricLimits {
  /** Size of the file; at it nothing more is taken. */
  maxBytes: number;
  maxSpans: number;
  maxLogs: number;
}

const defaults: StoreLimits = { maxBytes: 64 * 1024 ** 3, maxSpans: 2_000_000, maxLogs: 2_000_000, maxSeries: 20_000, maxPoints: 2_000 };

export interface Store {
  readonly path: string;
  /** The last fault while writing, if any; rows lost to it are counted in the losses. */
  readonly problem: ViewerError | undefined;
  startRun(run: RunRow): void;
  endRun(end: Pick<RunRow, 'id' | 'endMs' | 'exitCode' | 'signal'>): void;
  addTraces(rows: TraceRows): void;
  addMetrics(rows: MetricRows): void;
  addLogs(rows: LogRows): void;
  /** As above, for a sender that is answered when its rows are in the file. Rejects never. */
  keepTraces(rows: TraceRows): Promise<Kept>;
  keepMetrics(rows: MetricRows): Promise<Kept>;
  keepLogs(rows: LogRows): Promise<Kept>;
  addLosses(losses: Readonly<Losses>): void;
  /** Processes that told nothing; a count of 0 says that nobody knows how many. */
  addUnseen(unseen: readonly { readonly name: string; readonly count: number }[]): void;
  /** LLM calls are led through the gateway. */
  noteGateway(): void;
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

class RunStore implements Store {
  readonly path: string;
  readonly #database: DatabaseSync;
  readonly #spans: SpanTable;
  readonly #metrics: MetricTable;
  readonly #events: EventTable;
  readonly #insertLog: StatementSync;
  readonly #maxLogs: number;
  readonly #queue: WriteQueue;
  #losses: Losses = {};
  #logCount: number;
  #logsBefore = 0;
  /** Set when a fault comes from elsewhere than the queue. */
  #problem: ViewerError | undefined;
  #isClosed = false;

  constructor(path: string, limits: StoreLimits) {
    this.path = path;
    this.#database = openDatabase(path);
    try {
      this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
      const pageBytes = Number(this.#database.prepare('PRAGMA page_size').get()?.['page_size'] ?? 4096);
      this.#database.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(limits.maxBytes / pageBytes))}`);
      const version = versionOf(this.#database);
      if (version > SCHEMA_VERSION) throw newerError(path);
      this.#database.exec(createTables);
      addColumns(this.#database);
      this.#spans = new SpanTable(this.#database, limits.maxSpans);
      this.#metrics = new MetricTable(this.#database, limits);
      this.#events = new EventTable(this.#database);
      if (version < SCHEMA_VERSION) upgradeEvents(this.#database, this.#events);
      setVersion(this.#database);
      this.#insertLog = this.#database.prepare(
        'INSERT INTO logs (time_ms, event_name, body, severity, trace_id, span_id, attributes, service_name, owner) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      );
      this.#maxLogs = limits.maxLogs;
      this.#logCount = Number(
        this.#database.prepare('SELECT (SELECT count(*) FROM logs) + (SELECT count(*) FROM events) AS count').get()?.['count'] ?? 0,
      );
    } catch (error) {
      this.#database.close();
      throw error;
    }
    this.#queue = new WriteQueue({
      path,
      database: this.#database,
      onBegin: () => {
        this.#spans.mark();
        this.#logsBefore = this.#logCount;
      },
      onRollback: () => {
        this.#spans.goBack();
        this.#logCount = this.#logsBefore;
        this.#metrics.forget();
        this.#events.goBack();
      },
      count: (what) => this.#lose(what, 1),
    });
  }

  get problem(): ViewerError | undefined {
    return this.#problem ?? this.#queue.problem;
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
    this.#add(this.#rowsOfTraces(rows), rows.losses);
  }

  addMetrics(rows: MetricRows): void {
    this.#add(this.#rowsOfMetrics(rows), rows.losses);
  }

  addLogs(rows: LogRows): void {
    this.#add(this.#rowsOfLogs(rows), rows.losses);
  }

  keepTraces(rows: TraceRows): Promise<Kept> {
    return this.#keep(this.#rowsOfTraces(rows), rows.losses, sizeOf(rows.spans));
  }

  keepMetrics(rows: MetricRows): Promise<Kept> {
    return this.#keep(this.#rowsOfMetrics(rows), rows.losses, sizeOf(rows.points));
  }

  keepLogs(rows: LogRows): Promise<Kept> {
    return this.#keep(this.#rowsOfLogs(rows), rows.losses, sizeOf(rows.openSpans) + sizeOf(rows.spans) + sizeOf(rows.logs));
  }

  #rowsOfTraces({ spans }: TraceRows): Row[] {
    return spans.map((span) => this.#rowOfSpan(span, 'span'));
  }

  #rowsOfMetrics({ points }: MetricRows): Row[] {
    return points.map((point) => ({ what: 'metric', write: () => this.#metrics.add(point) }));
  }

  #rowsOfLogs({ openSpans, spans, logs }: LogRows): Row[] {
    return [
      ...spans.map((span) => this.#rowOfSpan(span, 'span')),
      ...openSpans.map((span) => this.#rowOfSpan(span, 'span-start')),
      ...logs.map((log) => ({ what: 'log', write: () => this.#addLog(log) })),
    ];
  }

  #rowOfSpan(span: SpanRow, what: string): Row {
    return {
      what,
      write: () => {
        if (!this.#spans.add(span)) return `${what}.store-full`;
        this.#events.addSpan(span);
        return undefined;
      },
    };
  }

  #add(rows: readonly Row[], losses: Readonly<Losses>): void {
    this.addLosses(losses);
    if (!this.#isClosed) this.#queue.add(rows);
    else for (const { what } of rows) this.#lose(`${what}.store-closed`, 1);
  }

  async #keep(rows: readonly Row[], losses: Readonly<Losses>, bytes: number): Promise<Kept> {
    if (this.#isClosed) return 'busy';
    const kept = await this.#queue.keep(rows, bytes);
    if (kept !== 'busy') this.addLosses(losses);
    return kept;
  }

  addLosses(losses: Readonly<Losses>): void {
    for (const [what, count] of Object.entries(losses)) this.#lose(what, count);
  }

  addUnseen(unseen: readonly { readonly name: string; readonly count: number }[]): void {
    for (const { name, count } of unseen) this.#lose(`${UNSEEN}${name}`, count);
  }

  noteGateway(): void {
    this.#lose(GATEWAY_USED, 1);
  }

  addLives(lives: readonly ProcessLife[]): void {
    for (const { pid, startMs, endMs } of lives)
      this.#later('process', () => {
        this.#database.prepare('INSERT INTO lives (pid, start_ms, end_ms) VALUES (?, ?, ?)').run(pid, startMs, endMs);
        return undefined;
      });
  }

  addLedgers(ledgers: readonly Omit<SenderLedger, 'storedSpans'>[]): void {
    for (const { sender, process, isEnded, traces, logs } of ledgers)
      this.#later('ledger', () => {
        this.#database
          .prepare('INSERT OR REPLACE INTO ledgers (sender, process, is_ended, signals) VALUES (?, ?, ?, ?)')
          .run(sender, process, isEnded ? 1 : 0, JSON.stringify({ traces, logs }));
        return undefined;
      });
  }

  #addLog(log: LogRow): string | undefined {
    if (this.#logCount >= this.#maxLogs) return 'log.store-full';
    this.#logCount++;
    if (isEvent(log)) {
      this.#events.addLog(log);
      return undefined;
    }
    this.#insertLog.run(
      log.timeMs,
      log.eventName,
      log.body ?? null,
      log.severity,
      log.traceId ?? null,
      log.spanId ?? null,
      JSON.stringify(log.attributes),
      log.serviceName,
      ownerText(log.owner),
    );
    return undefined;
  }

  #lose(what: string, count: number): void {
    this.#losses[what] = (this.#losses[what] ?? 0) + count;
  }

  #later(what: string, write: Row['write']): void {
    this.#add([{ what, write }], {});
  }

  flush(): void {
    if (!this.#isClosed) this.#queue.flush();
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
      this.#problem = storeError(this.path, cause);
    }
  }

  loadRun(): RunData {
    if (!this.#isClosed) this.#queue.settle();
    this.#saveLosses();
    const data = readRunData(this.path, this.#database);
    const losses: Losses = { ...data.losses };
    for (const [what, count] of Object.entries(this.#losses)) losses[what] = (losses[what] ?? 0) + count;
    return withUnseen({ ...data, losses });
  }

  close(): void {
    if (this.#isClosed) return;
    this.#queue.settle();
    this.#saveLosses();
    this.#isClosed = true;
    this.#database.close();
  }
}
