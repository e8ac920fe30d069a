/** Rows on their way into a file: those of all requests of a moment in one transaction, each request told when it is done. */
import type { DatabaseSync } from 'node:sqlite';
import type { Losses } from '../../otlp/read/index.ts';
import type { ViewerError } from '../error.ts';
import { storeError } from './sqlite.ts';

export interface Row {
  /** By what name its loss is counted: `span`, `log`. */
  readonly what: string;
  /** Returns why it was not kept, else undefined. */
  readonly write: () => string | undefined;
}

/** What of some rows was not kept, by reason, once the others are in the file; or `busy`: none were taken. */
export type Kept = Readonly<Losses> | 'busy';

export interface WriteQueueOptions {
  readonly path: string;
  readonly database: DatabaseSync;
  /** Before each transaction. */
  onBegin(): void;
  /** What was written since `onBegin` is gone. */
  onRollback(): void;
  count(what: string): void;
}

interface Batch {
  readonly rows: readonly Row[];
  readonly bytes: number;
  readonly sinceMs: number;
  readonly losses: Losses;
  /** The first row that is not written. */
  next: number;
  answer: ((kept: Kept) => void) | undefined;
}

/** Most that waits, by number and by size: for what comes then, senders are asked to come again. */
const MAX_WAITING_ROWS = 50_000;
const MAX_WAITING_BYTES = 64 * 1024 ** 2;
/** Longest time in which a large request keeps the event loop from other senders. */
const SLICE_MS = 20;
const RETRY_MS = 250;
/** Longest time in which a sender waits for a file that another process has locked. */
const PATIENCE_MS = 2_000;
/** Longest wait for a lock at the end of a run. */
const LAST_LOCK_MS = 1_000;

export class WriteQueue {
  /** The last fault while writing, if any. */
  problem: ViewerError | undefined;
  readonly #options: WriteQueueOptions;
  readonly #batches: Batch[] = [];
  #rows = 0;
  #bytes = 0;
  #tick: NodeJS.Immediate | undefined;
  #retry: NodeJS.Timeout | undefined;

  constructor(options: WriteQueueOptions) {
    this.#options = options;
  }

  add(rows: readonly Row[]): void {
    this.#enqueue(rows, 0, undefined);
  }

  /** Resolves when the rows are committed: within this turn of the event loop, together with all that came in it. */
  keep(rows: readonly Row[], bytes: number): Promise<Kept> {
    if (this.#rows > MAX_WAITING_ROWS || this.#bytes > MAX_WAITING_BYTES) return Promise.resolve('busy');
    return new Promise((resolve) => this.#enqueue(rows, bytes, resolve));
  }

  /** Writes what waits. Never throws. */
  flush(): void {
    this.#unplan();
    while (this.#batches.length > 0 && this.#write({ mayWait: true, sliceMs: Infinity }));
  }

  /** Writes everything for the last time: waits for a lock, then counts what is not written as lost. */
  settle(): void {
    this.flush();
    if (this.#batches.length === 0) return;
    this.#unplan();
    this.#options.database.exec(`PRAGMA busy_timeout = ${LAST_LOCK_MS}`);
    while (this.#batches.length > 0) this.#write({ mayWait: false, sliceMs: Infinity });
  }

  #enqueue(rows: readonly Row[], bytes: number, answer: Batch['answer']): void {
    if (rows.length === 0) return answer?.({});
    this.#batches.push({ rows, bytes, sinceMs: performance.now(), losses: {}, next: 0, answer });
    this.#rows += rows.length;
    this.#bytes += bytes;
    this.#plan();
  }

  #plan(): void {
    if (this.#retry === undefined) this.#tick ??= setImmediate(() => this.#turn());
  }

  #unplan(): void {
    if (this.#tick !== undefined) clearImmediate(this.#tick);
    this.#tick = undefined;
    clearTimeout(this.#retry);
    this.#retry = undefined;
  }

  #turn(): void {
    this.#unplan();
    if (this.#batches.length > 0 && this.#write({ mayWait: true, sliceMs: SLICE_MS }) && this.#batches.length > 0) this.#plan();
  }

  /** One transaction. False: the file is locked, and is tried again in a moment. */
  #write({ mayWait, sliceMs }: { mayWait: boolean; sliceMs: number }): boolean {
    const { database } = this.#options;
    const begun: { batch: Batch; from: number }[] = [];
    const lost: { batch: Batch; what: string }[] = [];
    try {
      database.exec('BEGIN IMMEDIATE');
      this.#options.onBegin();
      this.#insert(begun, lost, performance.now() + sliceMs);
      database.exec('COMMIT');
    } catch (cause) {
      this.problem = storeError(this.#options.path, cause);
      this.#rollBack();
      if (mayWait && this.problem.code === 'store_locked' && this.#rows <= MAX_WAITING_ROWS) {
        for (const { batch, from } of begun) batch.next = from;
        this.#sendAway();
        this.#retry = setTimeout(() => this.#turn(), RETRY_MS);
        return false;
      }
      // The whole transaction is lost: the disk is full, or the file was removed.
      const reason = this.problem.code;
      for (const { batch, from } of begun.length > 0 ? begun : this.#batches.map((each) => ({ batch: each, from: each.next }))) {
        for (const row of batch.rows.slice(from)) if (row.what !== 'run' || !isWritten(row)) this.#lose(batch, `${row.what}.${reason}`);
        batch.next = batch.rows.length;
      }
      this.#answer();
      return true;
    }
    for (const { batch, what } of lost) this.#lose(batch, what);
    this.#answer();
    return true;
  }

  #insert(begun: { batch: Batch; from: number }[], lost: { batch: Batch; what: string }[], untilMs: number): void {
    let count = 0;
    for (const batch of this.#batches) {
      begun.push({ batch, from: batch.next });
      while (batch.next < batch.rows.length) {
        const loss = (batch.rows[batch.next] as Row).write();
        batch.next++;
        if (loss !== undefined) lost.push({ batch, what: loss });
        if (++count % 32 === 0 && performance.now() >= untilMs) return;
      }
    }
  }

  #rollBack(): void {
    const { database } = this.#options;
    try {
      if (database.isTransaction) database.exec('ROLLBACK');
      this.#options.onRollback();
    } catch {
      // The file cannot be read either. The next transaction reports the problem again.
    }
  }

  #lose(batch: Batch, what: string): void {
    batch.losses[what] = (batch.losses[what] ?? 0) + 1;
    this.#options.count(what);
  }

  /** Lets go of the batches that are done, which are the first ones. */
  #answer(): void {
    let done = 0;
    for (const batch of this.#batches) {
      if (batch.next < batch.rows.length) break;
      done++;
    }
    for (const batch of this.#batches.splice(0, done)) this.#leave(batch, batch.losses);
  }

  /** A sender that is told to come again still has everything, so nothing of it may stay here. */
  #sendAway(): void {
    const late = performance.now() - PATIENCE_MS;
    for (const batch of this.#batches.filter(({ answer, next, sinceMs }) => answer !== undefined && next === 0 && sinceMs < late)) {
      this.#batches.splice(this.#batches.indexOf(batch), 1);
      this.#leave(batch, 'busy');
    }
  }

  #leave(batch: Batch, kept: Kept): void {
    this.#rows -= batch.rows.length;
    this.#bytes -= batch.bytes;
    batch.answer?.(kept);
  }
}

/** The row of the run replaces one of the same size, which succeeds even on a full disk. */
function isWritten({ write }: Row): boolean {
  try {
    write();
    return true;
  } catch {
    return false;
  }
}
