/** Takes out spans of processes that were seen from outside alone: that one lived says nothing of what it did. */
import {
  ATTR_SWARMSCOPE_PROCESS_EXECUTABLE_KIND,
  ATTR_SWARMSCOPE_PROCESS_OBSERVER,
  SWARMSCOPE_PROCESS_EXECUTABLE_KIND_VALUE_AGENT as AGENT,
  SWARMSCOPE_PROCESS_OBSERVER_VALUE_PROCESS_TABLE as PROCESS_TABLE,
} from '../semconv/index.ts';
import type { Owner, RunData, SpanRow } from './model.ts';

/** What stood below them stands below what they stood below. Agents stay: they have lanes. */
export function withoutLookedThrough(data: RunData): RunData {
  const gone = new Map(data.spans.filter(isLookedThrough).map((span) => [span.spanId, span.parentSpanId]));
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

function isLookedThrough({ attributes }: SpanRow): boolean {
  return attributes[ATTR_SWARMSCOPE_PROCESS_OBSERVER] === PROCESS_TABLE && attributes[ATTR_SWARMSCOPE_PROCESS_EXECUTABLE_KIND] !== AGENT;
}
