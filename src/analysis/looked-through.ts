/** Takes out spans of processes that were seen from outside alone: that one lived says nothing of what it did. */
import {
  ATTR_SWARMSCOPE_PROCESS_EXECUTABLE_KIND,
  ATTR_SWARMSCOPE_PROCESS_OBSERVER,
  SWARMSCOPE_PROCESS_EXECUTABLE_KIND_VALUE_AGENT as AGENT,
  SWARMSCOPE_PROCESS_OBSERVER_VALUE_PROCESS_TABLE as PROCESS_TABLE,
} from '../semconv/index.ts';
import type { Owner, RunData, SpanRow } from './model.ts';
import { join } from './schedule/intervals.ts';
import { classify, type SpanClass } from './span-tree.ts';

/**
 * What stood below them stands below what they stood below. Agents stay, since they have lanes; and so do the workers of a swarm
 * that is no Node program, which are at work at once and made calls of their own.
 */
export function withoutLookedThrough(data: RunData): RunData {
  const outside = data.spans.filter(isLookedThrough);
  const workers = workersOf(outside, data.spans);
  const gone = new Map(outside.filter(({ spanId }) => !workers.has(spanId)).map((span) => [span.spanId, span.parentSpanId]));
  if (gone.size === 0) return data;
  const standing = (id: string | undefined): string | undefined => {
    let parent = id;
    // No longer than there are such spans: parents that go in a circle end, too.
    for (let left = gone.size; left >= 0 && parent !== undefined && gone.has(parent); left -= 1) parent = gone.get(parent);
    return parent;
  };
  const spans = data.spans.flatMap((span) => {
    if (gone.has(span.spanId)) return [];
    const parentSpanId = standing(span.parentSpanId);
    return [parentSpanId === span.parentSpanId ? span : { ...span, parentSpanId }];
  });
  const owned = <Row extends { owner?: Owner | undefined }>(row: Row): Row => {
    const spanId = standing(row.owner?.spanId);
    return row.owner === undefined || spanId === row.owner.spanId
      ? row
      : { ...row, owner: spanId === undefined ? undefined : { ...row.owner, spanId } };
  };
  return { ...data, spans, series: data.series.map(owned), logs: data.logs.map(owned) };
}

/** Was seen by the process table alone and is no agent. */
export function isLookedThrough({ attributes }: Pick<SpanRow, 'attributes'>): boolean {
  return attributes[ATTR_SWARMSCOPE_PROCESS_OBSERVER] === PROCESS_TABLE && attributes[ATTR_SWARMSCOPE_PROCESS_EXECUTABLE_KIND] !== AGENT;
}

/** Whoever starts agents is no worker beside them. */
const CALLS: ReadonlySet<SpanClass> = new Set(['llm', 'tool']);

/** Span ids. None where only one process at a time made calls: then the calls say more than the process around them. */
function workersOf(outside: readonly SpanRow[], spans: readonly SpanRow[]): ReadonlySet<string> {
  if (outside.length < 2) return new Set();
  const ids = new Set(outside.map(({ spanId }) => spanId));
  const callers = new Set<string>();
  for (const { parentSpanId, attributes } of spans)
    if (parentSpanId !== undefined && ids.has(parentSpanId) && CALLS.has(classify(attributes))) callers.add(parentSpanId);
  const lives = outside.filter(({ spanId }) => callers.has(spanId)).map(({ startMs, endMs = Infinity }) => ({ startMs, endMs }));
  const isOneAtATime = join(lives).length === lives.length;
  return isOneAtATime ? new Set() : callers;
}
