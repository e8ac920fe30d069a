/** Spans of a large run, read from its file as they are asked for, and never all of them. */
import type { DatabaseSync } from 'node:sqlite';
import type { SpanRow } from '../../analysis/model.ts';
import { classify, type SpanNode } from '../../analysis/span-tree.ts';
import { readSpan, readSpansWhere } from '../store/span-table.ts';
import type { SpanDetail, SpansPage } from '../wire.ts';
import { cursorIn, MAX_ANCESTORS, PAGE, spanDetail, spanItem } from './spans.ts';

export class StoredSpans {
  readonly #database: DatabaseSync;
  readonly #startMs: number;

  constructor(database: DatabaseSync, startMs: number) {
    this.#database = database;
    this.#startMs = startMs;
  }

  /** Of all, or of those of one parent or one trace, in order of their start. */
  page(asked: URLSearchParams): SpansPage {
    const [traceId = '', spanId = ''] = (asked.get('parent') ?? '').split('/');
    const trace = asked.get('trace');
    const of = asked.has('parent') ? { parent: { traceId, spanId } } : trace === null ? {} : { traceId: trace };
    const { rows, total } = readSpansWhere(this.#database, of, { after: cursorIn(asked.get('cursor')), limit: PAGE + 1 });
    const shown = rows.slice(0, PAGE);
    const last = shown.at(-1);
    return {
      v: 1,
      spans: shown.map((row) => spanItem(nodeOf(row), this.#startMs)),
      next: rows.length > PAGE && last !== undefined ? `${last.startMs},${last.spanId}` : undefined,
      total,
    };
  }

  detail(traceId: string, spanId: string): SpanDetail | undefined {
    const row = readSpan(this.#database, traceId, spanId);
    if (row === undefined) return undefined;
    const ancestors: SpanRow[] = [];
    for (let at = this.#parentOf(row); at !== undefined && ancestors.length < MAX_ANCESTORS; at = this.#parentOf(at)) ancestors.unshift(at);
    const { total } = readSpansWhere(this.#database, { parent: { traceId, spanId } }, { after: undefined, limit: 0 });
    return spanDetail(nodeOf(row), { startMs: this.#startMs, ancestors, children: total });
  }

  #parentOf({ traceId, parentTraceId, parentSpanId }: SpanRow): SpanRow | undefined {
    return parentSpanId === undefined ? undefined : readSpan(this.#database, parentTraceId ?? traceId, parentSpanId);
  }
}

const nodeOf = (row: SpanRow): Pick<SpanNode, 'row' | 'class' | 'isOpen'> => ({
  row,
  class: classify(row.attributes),
  isOpen: row.endMs === undefined,
});
