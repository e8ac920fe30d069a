/** The task that an event of a span belongs to: that of the span, or of the nearest one above it, also where that arrives later. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** A span as far as its task goes. */
export interface SpanAbove {
  readonly parentSpanId: string | undefined;
  /** Where the span is a task. */
  readonly task: string | undefined;
}

export const EVENT_TASK_TABLES = `
CREATE TABLE IF NOT EXISTS event_parents (span_id TEXT NOT NULL, event_id INTEGER NOT NULL, PRIMARY KEY (span_id, event_id)) WITHOUT ROWID;
`;

/** Events that wait for a span above them; protects the file from spans whose parents never come. */
const MAX_WAITING = 100_000;
/** Spans above one; protects from a chain without an end. */
const MAX_DEPTH = 256;

/** Found, or the span that is not there yet, or neither: nothing above is a task. */
type Found = { readonly task: string } | { readonly missing: string } | undefined;

export class EventTasks {
  readonly #above: (spanId: string) => SpanAbove | undefined;
  readonly #wait: StatementSync;
  readonly #waiting: StatementSync;
  readonly #done: StatementSync;
  readonly #all: StatementSync;
  /** Spans that events may wait for: asked for each span, and therefore not of the file. */
  readonly #awaited = new Set<string>();

  constructor(database: DatabaseSync, above: (spanId: string) => SpanAbove | undefined) {
    this.#above = above;
    this.#wait = database.prepare('INSERT OR IGNORE INTO event_parents (span_id, event_id) VALUES (?, ?)');
    this.#waiting = database.prepare('SELECT event_id FROM event_parents WHERE span_id = ?');
    this.#done = database.prepare('DELETE FROM event_parents WHERE span_id = ?');
    this.#all = database.prepare('SELECT DISTINCT span_id FROM event_parents');
    this.reload();
  }

  /** After a transaction that was rolled back. */
  reload(): void {
    this.#awaited.clear();
    for (const { span_id: spanId } of this.#all.all()) this.#awaited.add(spanId as string);
  }

  taskOf(span: SpanAbove): Found {
    let at: SpanAbove = span;
    for (let depth = 0; depth < MAX_DEPTH; depth += 1) {
      if (at.task !== undefined) return { task: at.task };
      if (at.parentSpanId === undefined) return undefined;
      const parent = this.#above(at.parentSpanId);
      if (parent === undefined) return { missing: at.parentSpanId };
      at = parent;
    }
    return undefined;
  }

  wait(missing: string, eventId: number | bigint): void {
    if (this.#awaited.size >= MAX_WAITING && !this.#awaited.has(missing)) return;
    this.#awaited.add(missing);
    this.#wait.run(missing, eventId);
  }

  /** A span has arrived: the events that waited for it, where their task is known now. */
  arrived(spanId: string, span: SpanAbove): { readonly task: string; readonly events: readonly number[] } | undefined {
    if (!this.#awaited.has(spanId)) return undefined;
    this.#awaited.delete(spanId);
    const events = this.#waiting.all(spanId).map(({ event_id: id }) => id as number);
    this.#done.run(spanId);
    const found = this.taskOf(span);
    if (found === undefined) return undefined;
    if ('task' in found) return { task: found.task, events };
    for (const id of events) this.wait(found.missing, id);
    return undefined;
  }
}
