/** Puts what a preload told in a process below the span of that process: it knows the place that its process was handed, and no other. */
import { ATTR_PROCESS_PID } from '../semconv/index.ts';
import { groupBy } from './group-by.ts';
import type { RunData, SpanRow } from './model.ts';
import { isOfTable, TABLE_SLACK_MS } from './process-table.ts';
import { numberOf } from './span-tree.ts';

/**
 * A shell starts a program of Node or an agent CLI, the process table tells of it, and all of its processes carry the place in the
 * trace that the shell has. What their preload tells stands there too, beside the process, until it is put below.
 */
export function belowTheirProcesses(data: RunData): RunData {
  const ofTable = data.spans.filter(isOfTable);
  if (ofTable.length === 0) return data;
  const processes = groupBy(ofTable, ({ attributes }) => numberOf(attributes, ATTR_PROCESS_PID));
  const parentOf = parentsAbove(ofTable, data.spans);
  const processOf = (span: SpanRow): SpanRow | undefined =>
    span.pid === undefined || isOfTable(span)
      ? undefined
      : processes.get(span.pid)?.find((process) => isWithin(span, process) && isAbove(span.parentSpanId, process, parentOf));
  let isChanged = false;
  const spans = data.spans.map((span) => {
    const process = processOf(span);
    if (process === undefined) return span;
    isChanged = true;
    const { traceId, spanId: parentSpanId } = process;
    return { ...span, parentSpanId, ...(traceId === span.traceId ? {} : { parentTraceId: traceId }) };
  });
  return isChanged ? { ...data, spans } : data;
}

/** Parents by the id of the span, of all that is above the given ones: a map of all spans would take 70 MB for a million. */
function parentsAbove(below: readonly SpanRow[], spans: readonly SpanRow[]): Map<string, string | undefined> {
  const wanted = new Set(below.map(({ parentSpanId }) => parentSpanId));
  const parents = new Map<string, string | undefined>();
  // Once for each generation at most.
  for (let before = -1; before < parents.size;) {
    before = parents.size;
    for (const { spanId, parentSpanId } of spans) {
      if (!wanted.has(spanId) || parents.has(spanId)) continue;
      parents.set(spanId, parentSpanId);
      wanted.add(parentSpanId);
    }
  }
  return parents;
}

function isWithin({ startMs }: SpanRow, process: SpanRow): boolean {
  return startMs >= process.startMs - TABLE_SLACK_MS && startMs <= (process.endMs ?? Infinity) + TABLE_SLACK_MS;
}

/** Whether a span with this id is above the process. */
function isAbove(id: string | undefined, process: SpanRow, parentOf: ReadonlyMap<string, string | undefined>): boolean {
  if (id === undefined) return false;
  const met = new Set<string>();
  for (let at = process.parentSpanId; at !== undefined && !met.has(at); at = parentOf.get(at)) {
    if (at === id) return true;
    met.add(at);
  }
  return false;
}
