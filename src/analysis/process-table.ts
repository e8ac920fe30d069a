/** What the process table tells too late: a process is gone by the look that misses it, and those who knew it knew better. */
import { ATTR_PROCESS_PID, ATTR_SWARMSCOPE_PROCESS_OBSERVER, SWARMSCOPE_PROCESS_OBSERVER_VALUE_PROCESS_TABLE } from '../semconv/index.ts';
import { groupBy } from './group-by.ts';
import type { RunData, SpanRow } from './model.ts';
import { numberOf } from './span-tree.ts';

/** What the table tells of a start or an end is within so long of the truth. */
export const TABLE_SLACK_MS = 250;

export function isOfTable({ attributes }: Pick<SpanRow, 'attributes'>): boolean {
  return attributes[ATTR_SWARMSCOPE_PROCESS_OBSERVER] === SWARMSCOPE_PROCESS_OBSERVER_VALUE_PROCESS_TABLE;
}

/**
 * With ends no later than is known: by the connection of a process that told of itself, else by the next one that was started from
 * the same place, where nothing was seen of the first one after that. Else processes that ran one after the other would count as two at once.
 */
export function withEndsOfTable(data: RunData): RunData {
  const ofTable = data.spans.filter((span) => isOfTable(span) && span.endMs !== undefined);
  if (ofTable.length === 0) return data;
  const ends = new Map<SpanRow, number>();
  const lastInside = lastBelow(ofTable, data.spans);
  const lives = groupBy(data.lives ?? [], ({ pid }) => pid);
  for (const siblings of groupBy(ofTable, ({ parentSpanId }) => parentSpanId ?? '').values()) {
    const starts = siblings.map(({ startMs }) => startMs).sort((a, b) => a - b);
    for (const span of siblings) {
      const { startMs, spanId, endMs = startMs, attributes } = span;
      const earliestMs = Math.max(startMs, endMs - TABLE_SLACK_MS, lastInside.get(spanId) ?? -Infinity);
      const life = lives.get(numberOf(attributes, ATTR_PROCESS_PID) ?? NaN)?.find((each) => each.startMs <= endMs && each.endMs >= startMs);
      const knownMs = life?.endMs ?? starts.find((start) => start > earliestMs) ?? endMs;
      const betterMs = Math.max(earliestMs, knownMs);
      if (betterMs < endMs) ends.set(span, betterMs);
    }
  }
  if (ends.size === 0) return data;
  return { ...data, spans: data.spans.map((span) => (ends.has(span) ? { ...span, endMs: ends.get(span) } : span)) };
}

/** The last start or end right below each of these spans, by its id. */
function lastBelow(above: readonly SpanRow[], spans: readonly SpanRow[]): Map<string, number> {
  const last = new Map(above.map(({ spanId, startMs }) => [spanId, startMs]));
  for (const { parentSpanId = '', startMs, endMs } of spans) {
    const known = last.get(parentSpanId);
    if (known !== undefined) last.set(parentSpanId, Math.max(known, endMs ?? startMs));
  }
  return last;
}
