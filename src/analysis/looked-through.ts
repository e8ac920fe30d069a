/** Takes out spans of processes that were seen from outside alone: that one lived says nothing of what it did. */
import {
  ATTR_SWARMSCOPE_PROCESS_EXECUTABLE_KIND,
  ATTR_SWARMSCOPE_PROCESS_OBSERVER,
  SWARMSCOPE_PROCESS_EXECUTABLE_KIND_VALUE_AGENT as AGENT,
  SWARMSCOPE_PROCESS_OBSERVER_VALUE_PROCESS_TABLE as PROCESS_TABLE,
} from '../semconv/index.ts';
import type { RunData, SpanRow } from './model.ts';

/** What stood below them stands below what they stood below. Agents stay: they have lanes. */
export function withoutLookedThrough(data: RunData): RunData {
  const gone = new Map(data.spans.filter(isLookedThrough).map((span) => [span.spanId, span.parentSpanId]));
  if (gone.size === 0) return data;
  const parentOf = ({ parentSpanId }: SpanRow): string | undefined => {
    let parent = parentSpanId;
    // No longer than there are such spans: parents that go in a circle end, too.
    for (let left = gone.size; left >= 0 && parent !== undefined && gone.has(parent); left -= 1) parent = gone.get(parent);
    return parent;
  };
  const spans = data.spans.flatMap((span) => {
    if (gone.has(span.spanId)) return [];
    const parentSpanId = parentOf(span);
    return [parentSpanId === span.parentSpanId ? span : { ...span, parentSpanId }];
  });
  return { ...data, spans };
}

function isLookedThrough({ attributes }: SpanRow): boolean {
  return attributes[ATTR_SWARMSCOPE_PROCESS_OBSERVER] === PROCESS_TABLE && attributes[ATTR_SWARMSCOPE_PROCESS_EXECUTABLE_KIND] !== AGENT;
}
