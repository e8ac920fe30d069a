/** Takes out spans of processes that were seen from outside alone: that one lived says nothing of what it did. */
import {
  ATTR_PROCESS_PID,
  ATTR_SWARMSCOPE_PROCESS_EXECUTABLE_KIND,
  ATTR_SWARMSCOPE_PROCESS_OBSERVER,
  SWARMSCOPE_PROCESS_EXECUTABLE_KIND_VALUE_AGENT as AGENT,
} from '../semconv/index.ts';
import type { Owner, RunData, SpanRow } from './model.ts';
import { isOfTable } from './process-table.ts';
import { join } from './schedule/intervals.ts';
import { OUR_SCOPE } from './observation.ts';
import { classify, type SpanClass } from './span-tree.ts';

/**
 * What stood below them stands below what they stood below. Agents stay, since they have lanes; and so do processes that made calls:
 * those of Node, whose preload told of them, and those in other languages that were at work at once.
 */
export function withoutLookedThrough(data: RunData): RunData {
  const outside = data.spans.filter(isKnownFromOutside);
  if (outside.length === 0) return data;
  const { workers, tellers } = callersOf(outside, data.spans);
  const isGone = ({ spanId }: SpanRow): boolean => !workers.has(spanId) && !tellers.has(spanId);
  const gone = new Map(outside.filter(isGone).map((span) => [span.spanId, span.parentSpanId]));
  const standing = (id: string | undefined): string | undefined => {
    let parent = id;
    // No longer than there are such spans: parents that go in a circle end, too.
    for (let left = gone.size; left >= 0 && parent !== undefined && gone.has(parent); left -= 1) parent = gone.get(parent);
    return parent;
  };
  const spans = data.spans.flatMap((span) => {
    if (gone.has(span.spanId)) return [];
    const parentSpanId = standing(span.parentSpanId);
    const row = tellers.has(span.spanId) ? withoutObserver(span) : span;
    return [parentSpanId === span.parentSpanId ? row : { ...row, parentSpanId }];
  });
  const owned = <Row extends { owner?: Owner | undefined }>(row: Row): Row => {
    const spanId = standing(row.owner?.spanId);
    return row.owner === undefined || spanId === row.owner.spanId
      ? row
      : { ...row, owner: spanId === undefined ? undefined : { ...row.owner, spanId } };
  };
  return { ...data, spans, series: data.series.map(owned), logs: data.logs.map(owned) };
}

/** A process that was seen in the process table alone, and is no agent. */
export function isKnownFromOutside({ attributes }: Pick<SpanRow, 'attributes'>): boolean {
  return isOfTable({ attributes }) && attributes[ATTR_SWARMSCOPE_PROCESS_EXECUTABLE_KIND] !== AGENT;
}

/** Whoever starts agents is no worker beside them. */
const CALLS: ReadonlySet<SpanClass> = new Set(['llm', 'tool']);

/** Span ids of processes that made calls. */
interface Callers {
  /** Of which only others told, if some were at work at once: of one at a time its calls say more than the process around them. */
  readonly workers: ReadonlySet<string>;
  /** Whose own preload told of the calls. */
  readonly tellers: ReadonlySet<string>;
}

function callersOf(outside: readonly SpanRow[], spans: readonly SpanRow[]): Callers {
  const byId = new Map(outside.map((span) => [span.spanId, span]));
  const callers = new Set<SpanRow>();
  const tellers = new Set<string>();
  for (const { parentSpanId = '', attributes, pid, scopeName } of spans) {
    const process = byId.get(parentSpanId);
    if (process === undefined || !CALLS.has(classify(attributes))) continue;
    callers.add(process);
    if (scopeName === OUR_SCOPE && pid === process.attributes[ATTR_PROCESS_PID]) tellers.add(parentSpanId);
  }
  const lives = [...callers].map(({ startMs, endMs = Infinity }) => ({ startMs, endMs }));
  const isOneAtATime = join(lives).length === lives.length;
  return { workers: new Set(isOneAtATime ? [] : [...callers].map(({ spanId }) => spanId)), tellers };
}

/** The table is no longer the only one that tells of it. */
function withoutObserver(span: SpanRow): SpanRow {
  const { [ATTR_SWARMSCOPE_PROCESS_OBSERVER]: _, ...attributes } = span.attributes;
  return { ...span, attributes };
}
