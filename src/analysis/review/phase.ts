/** A phase within runs: which there are, and what a run has of one of them as a run of its own. */
import {
  ATTR_SWARMSCOPE_OPERATION_NAME,
  ATTR_SWARMSCOPE_PHASE_NAME,
  SWARMSCOPE_OPERATION_NAME_VALUE_RUN_PHASE,
} from '../../semconv/index.ts';
import { groupBy } from '../group-by.ts';
import type { RunData, SpanRow } from '../model.ts';

function phaseOf({ attributes }: SpanRow): string | undefined {
  if (attributes[ATTR_SWARMSCOPE_OPERATION_NAME] !== SWARMSCOPE_OPERATION_NAME_VALUE_RUN_PHASE) return undefined;
  const name = attributes[ATTR_SWARMSCOPE_PHASE_NAME];
  return typeof name === 'string' ? name : undefined;
}

/** By when each began first. */
export function phasesIn({ spans }: RunData): ReadonlyMap<string, number> {
  const begun = new Map<string, number>();
  for (const span of spans) {
    const name = phaseOf(span);
    if (name !== undefined) begun.set(name, Math.min(begun.get(name) ?? Infinity, span.startMs));
  }
  return begun;
}

/** The spans of the phase and all below them, in the time of the phase. undefined: the run has no such phase. */
export function onlyPhase(data: RunData, name: string): RunData | undefined {
  const roots = data.spans.filter((span) => phaseOf(span) === name);
  if (roots.length === 0) return undefined;
  const children = groupBy(data.spans, ({ traceId, parentTraceId = traceId, parentSpanId = '' }) => `${parentTraceId}:${parentSpanId}`);
  const own = new Set<SpanRow>();
  const stack = [...roots];
  for (let span = stack.pop(); span !== undefined; span = stack.pop()) {
    if (own.has(span)) continue;
    own.add(span);
    stack.push(...(children.get(`${span.traceId}:${span.spanId}`) ?? []));
  }
  const startMs = Math.min(...roots.map((root) => root.startMs));
  const isOpen = roots.some(({ endMs }) => endMs === undefined);
  const endMs = isOpen ? data.run.endMs : Math.max(...roots.map((root) => root.endMs ?? root.startMs));
  return {
    ...data,
    run: { ...data.run, startMs, endMs },
    spans: data.spans.filter((span) => own.has(span)),
    logs: data.logs.filter(({ timeMs }) => timeMs >= startMs && timeMs <= (endMs ?? Infinity)),
  };
}
