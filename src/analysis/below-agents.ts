/** Puts what a preload told in the process of an agent below that agent: it knows the place that its process was handed, and no other. */
import {
  ATTR_PROCESS_PID,
  ATTR_SWARMSCOPE_PROCESS_EXECUTABLE_KIND,
  ATTR_SWARMSCOPE_PROCESS_OBSERVER,
  SWARMSCOPE_PROCESS_EXECUTABLE_KIND_VALUE_AGENT,
  SWARMSCOPE_PROCESS_OBSERVER_VALUE_PROCESS_TABLE,
} from '../semconv/index.ts';
import { groupBy } from './group-by.ts';
import type { RunData, SpanRow } from './model.ts';
import { numberOf } from './span-tree.ts';

/** A start that the process table tells is of one look at it. */
const SLACK_MS = 250;

/**
 * A shell starts an agent CLI, the process table tells of it, and all its processes carry the place in the trace that the shell has.
 * What the preload of its first process tells stands there too, beside the agent, until it is put below.
 */
export function belowTheirAgents(data: RunData): RunData {
  const agents = groupBy(data.spans.filter(isAgentOfTable), ({ attributes }) => numberOf(attributes, ATTR_PROCESS_PID));
  if (agents.size === 0) return data;
  const parentOf = new Map(data.spans.map(({ spanId, parentSpanId }) => [spanId, parentSpanId]));
  const agentOf = (span: SpanRow): SpanRow | undefined =>
    span.pid === undefined || isAgentOfTable(span)
      ? undefined
      : agents.get(span.pid)?.find((agent) => isWithin(span, agent) && isAbove(span.parentSpanId, agent, parentOf));
  let isChanged = false;
  const spans = data.spans.map((span) => {
    const agent = agentOf(span);
    if (agent === undefined) return span;
    isChanged = true;
    const { traceId, spanId: parentSpanId } = agent;
    return { ...span, parentSpanId, ...(traceId === span.traceId ? {} : { parentTraceId: traceId }) };
  });
  return isChanged ? { ...data, spans } : data;
}

/** The span of the agent's process, which stands below that of the agent. */
function isAgentOfTable({ attributes }: SpanRow): boolean {
  return (
    attributes[ATTR_SWARMSCOPE_PROCESS_OBSERVER] === SWARMSCOPE_PROCESS_OBSERVER_VALUE_PROCESS_TABLE &&
    attributes[ATTR_SWARMSCOPE_PROCESS_EXECUTABLE_KIND] === SWARMSCOPE_PROCESS_EXECUTABLE_KIND_VALUE_AGENT
  );
}

function isWithin({ startMs }: SpanRow, agent: SpanRow): boolean {
  return startMs >= agent.startMs - SLACK_MS && startMs <= (agent.endMs ?? Infinity) + SLACK_MS;
}

/** Whether a span with this id is above the agent. */
function isAbove(id: string | undefined, agent: SpanRow, parentOf: ReadonlyMap<string, string | undefined>): boolean {
  if (id === undefined) return false;
  const met = new Set<string>();
  for (let at = agent.parentSpanId; at !== undefined && !met.has(at); at = parentOf.get(at)) {
    if (at === id) return true;
    met.add(at);
  }
  return false;
}
