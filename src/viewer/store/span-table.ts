/** The table of spans: one row each. An ended span replaces its open row, in whichever order they arrive. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Attributes, SpanRow } from '../../analysis/model.ts';
import type { Room } from './room.ts';
import { hasColumn } from './tables.ts';

const COLUMNS =
  'span_id, trace_id, parent_span_id, name, kind, start_ms, end_ms, is_error, attributes, links, scope_name, service_name, pid';
/** Of `sender` only counts are read. */
const WRITTEN = `${COLUMNS}, sender, parent_trace_id`;

export class SpanTable {
  readonly #insertOpen: StatementSync;
  readonly #upsertEnded: StatementSync;
  readonly #exists: StatementSync;
  readonly #maxSpans: number;
  #count: number;
  #countBefore = 0;

  constructor(database: DatabaseSync, maxSpans: number) {
    const insert = `INSERT INTO spans (${WRITTEN}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO`;
    this.#insertOpen = database.prepare(`${insert} NOTHING`);
    this.#upsertEnded =
      database.prepare(`${insert} UPDATE SET parent_span_id = coalesce(excluded.parent_span_id, parent_span_id), name = excluded.name, kind = excluded.kind,
      start_ms = excluded.start_ms, end_ms = excluded.end_ms, is_error = excluded.is_error, attributes = excluded.attributes, links = excluded.links,
      scope_name = excluded.scope_name, service_name = excluded.service_name, pid = coalesce(excluded.pid, pid), sender = coalesce(sender, excluded.sender),
      parent_trace_id = coalesce(excluded.parent_trace_id, parent_trace_id)`);
    this.#exists = database.prepare('SELECT 1 FROM spans WHERE span_id = ? AND trace_id = ?');
    this.#maxSpans = maxSpans;
    this.#count = countSpans(database);
  }

  /** Returns false when the run is full. A span that is stored as open still gets its end. */
  add(span: SpanRow): boolean {
    const isFull = this.#count >= this.#maxSpans;
    const isKnown = this.#exists.get(span.spanId, span.traceId) !== undefined;
    if (isFull && !isKnown) return false;
    (span.endMs === undefined ? this.#insertOpen : this.#upsertEnded).run(
      span.spanId,
      span.traceId,
      span.parentSpanId ?? null,
      span.name,
      span.kind,
      span.startMs,
      span.endMs ?? null,
      span.isError ? 1 : 0,
      JSON.stringify(span.attributes),
      span.links.length === 0 ? null : JSON.stringify(span.links),
      span.scopeName,
      span.serviceName,
      span.pid ?? null,
      span.sender ?? null,
      span.parentTraceId ?? null,
    );
    if (!isKnown) this.#count++;
    return true;
  }

  /** Before a transaction. */
  mark(): void {
    this.#countBefore = this.#count;
  }

  /** After a rolled-back transaction. */
  goBack(): void {
    this.#count = this.#countBefore;
  }
}

function countSpans(database: DatabaseSync): number {
  return Number(database.prepare('SELECT count(*) AS count FROM spans').get()?.['count'] ?? 0);
}

/** In the order of their starts, as far as there is room. */
export function readSpans(database: DatabaseSync, room: Room): SpanRow[] {
  const same = interned();
  return room.take('span', database.prepare(`SELECT ${columnsOf(database)} FROM spans ORDER BY start_ms, span_id`).iterate(), {
    count: () => countSpans(database),
    textOf: (row) => (row['attributes'] as string).length + ((row['links'] as string | null)?.length ?? 0),
    read: (row) => spanOf(row, same),
  });
}

type StoredRow = Readonly<Record<string, unknown>>;

function spanOf(row: StoredRow, same: (text: string) => string): SpanRow {
  return {
    traceId: same(row['trace_id'] as string),
    spanId: row['span_id'] as string,
    parentSpanId: (row['parent_span_id'] as string | null) ?? undefined,
    ...(row['parent_trace_id'] === null ? {} : { parentTraceId: same(row['parent_trace_id'] as string) }),
    name: same(row['name'] as string),
    kind: row['kind'] as number,
    startMs: row['start_ms'] as number,
    endMs: (row['end_ms'] as number | null) ?? undefined,
    isError: row['is_error'] === 1,
    attributes: JSON.parse(row['attributes'] as string) as Attributes,
    links: row['links'] === null ? [] : (JSON.parse(row['links'] as string) as SpanRow['links']),
    scopeName: same(row['scope_name'] as string),
    serviceName: same(row['service_name'] as string),
    pid: (row['pid'] as number | null) ?? undefined,
  };
}

const asIs = (text: string): string => text;
const columnsOf = (database: DatabaseSync): string =>
  `${COLUMNS}, ${hasColumn(database, 'parent_trace_id') ? 'parent_trace_id' : 'NULL AS parent_trace_id'}`;

export function readSpan(database: DatabaseSync, traceId: string, spanId: string): SpanRow | undefined {
  const row = database.prepare(`SELECT ${columnsOf(database)} FROM spans WHERE span_id = ? AND trace_id = ?`).get(spanId, traceId);
  return row === undefined ? undefined : spanOf(row, asIs);
}

export interface Wanted {
  readonly traceId?: string;
  readonly parent?: { readonly traceId: string; readonly spanId: string };
}

/** A page of those that are wanted, in the order of their starts, and how many there are in all. It takes a look at each row, and holds the page. */
export function readSpansWhere(
  database: DatabaseSync,
  { traceId, parent }: Wanted,
  { after, limit }: { readonly after: { readonly startMs: number; readonly spanId: string } | undefined; readonly limit: number },
): { rows: SpanRow[]; total: number } {
  const parentTrace = hasColumn(database, 'parent_trace_id') ? 'coalesce(parent_trace_id, trace_id)' : 'trace_id';
  const conditions = [
    ...(traceId === undefined ? [] : ['trace_id = ?']),
    ...(parent === undefined ? [] : [`parent_span_id = ? AND ${parentTrace} = ?`]),
  ];
  const values = [...(traceId === undefined ? [] : [traceId]), ...(parent === undefined ? [] : [parent.spanId, parent.traceId])];
  const where = (all: readonly string[]): string => (all.length === 0 ? '' : `WHERE ${all.join(' AND ')}`);
  const counted = database.prepare(`SELECT count(*) AS count FROM spans ${where(conditions)}`).get(...values);
  const beyond = after === undefined ? conditions : [...conditions, '(start_ms, span_id) > (?, ?)'];
  const rows = database
    .prepare(`SELECT ${columnsOf(database)} FROM spans ${where(beyond)} ORDER BY start_ms, span_id LIMIT ?`)
    .all(...values, ...(after === undefined ? [] : [after.startMs, after.spanId]), limit);
  return { rows: rows.map((row) => spanOf(row, asIs)), total: Number(counted?.['count']) };
}

/** Protects from names made of ids, which would only fill the table. */
const MAX_INTERNED = 10_000;

/** SQLite gives a new string for each row; most rows share theirs, and 100 bytes a span are saved by sharing them. */
function interned(): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const first = known.get(text);
    if (first === undefined && known.size < MAX_INTERNED) known.set(text, text);
    return first ?? text;
  };
}
