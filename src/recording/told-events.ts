/** Events that the program tells itself: decisions, hand-overs, choices of a model. Each a log record at its place. */
import { trace } from '@opentelemetry/api';
import { shiftNow } from '../config/run-clock.ts';
import {
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_SWARMSCOPE_DECISION_ALTERNATIVES,
  ATTR_SWARMSCOPE_DECISION_CHOSEN,
  ATTR_SWARMSCOPE_DECISION_COMPONENT,
  ATTR_SWARMSCOPE_HANDOFF_SOURCE_NAME,
  ATTR_SWARMSCOPE_HANDOFF_TARGET_NAME,
  ATTR_SWARMSCOPE_ROUTING_COMPLEXITY,
  ATTR_SWARMSCOPE_ROUTING_OUTCOME,
  ATTR_SWARMSCOPE_ROUTING_REASON,
  ATTR_SWARMSCOPE_ROUTING_TIER,
  EVENT_SWARMSCOPE_AGENT_HANDOFF,
  EVENT_SWARMSCOPE_DECISION_MADE,
  EVENT_SWARMSCOPE_ROUTING_DECISION_MADE,
  METRIC_SWARMSCOPE_ROUTING_DECISIONS,
  SWARMSCOPE_ROUTING_OUTCOME_VALUE_FALLBACK,
  SWARMSCOPE_ROUTING_OUTCOME_VALUE_REJECTED,
  SWARMSCOPE_ROUTING_OUTCOME_VALUE_SELECTED,
} from '../semconv/index.ts';
import type { Attributes } from '../semconv/telemetry.ts';
import { boundedName, masked } from './content.ts';
import type { Core } from './core.ts';
import type { RouteFacts, ToldEvent } from './types.ts';

const SEVERITY_INFO = 9;
const UNKNOWN = 'unknown';
/** Alternatives that are kept of one decision. */
const MAX_ALTERNATIVES = 50;
const OUTCOMES: readonly unknown[] = [
  SWARMSCOPE_ROUTING_OUTCOME_VALUE_SELECTED,
  SWARMSCOPE_ROUTING_OUTCOME_VALUE_FALLBACK,
  SWARMSCOPE_ROUTING_OUTCOME_VALUE_REJECTED,
];

export function tellEvent(core: Core, event: ToldEvent): void {
  const { eventName, attributes } = toldOf(core, event);
  const { emitLog } = core.assembly();
  const frame = core.frames.current() ?? core.ownRun.frame();
  const span = frame === undefined ? undefined : trace.getSpanContext(frame.context);
  emitLog?.({
    eventName,
    time: core.now() + (frame?.shiftMs ?? shiftNow()),
    severityNumber: SEVERITY_INFO,
    ...(span === undefined ? {} : { traceId: span.traceId, spanId: span.spanId }),
    attributes: masked(core.mask, attributes),
  });
}

function toldOf(core: Core, event: ToldEvent): { eventName: string; attributes: Attributes } {
  switch (event.kind) {
    case 'route':
      return { eventName: EVENT_SWARMSCOPE_ROUTING_DECISION_MADE, attributes: routeOf(core, event) };
    case 'handoff':
      return {
        eventName: EVENT_SWARMSCOPE_AGENT_HANDOFF,
        attributes: {
          [ATTR_SWARMSCOPE_HANDOFF_SOURCE_NAME]: nameOf(event.from) ?? core.frames.current()?.agent?.name,
          [ATTR_SWARMSCOPE_HANDOFF_TARGET_NAME]: nameOf(event.to) ?? UNKNOWN,
        },
      };
    default:
      return {
        eventName: EVENT_SWARMSCOPE_DECISION_MADE,
        attributes: {
          [ATTR_SWARMSCOPE_DECISION_COMPONENT]: nameOf(event.component) ?? UNKNOWN,
          [ATTR_SWARMSCOPE_DECISION_CHOSEN]: nameOf(event.chosen) ?? UNKNOWN,
          [ATTR_SWARMSCOPE_DECISION_ALTERNATIVES]: namesOf(event.alternatives),
        },
      };
  }
}

/** Counted as well, by tier, model and outcome. */
function routeOf(core: Core, { tier, model, outcome, reason, complexity }: RouteFacts): Attributes {
  const by = {
    [ATTR_SWARMSCOPE_ROUTING_TIER]: nameOf(tier) ?? UNKNOWN,
    [ATTR_SWARMSCOPE_ROUTING_OUTCOME]: OUTCOMES.includes(outcome) ? outcome : SWARMSCOPE_ROUTING_OUTCOME_VALUE_SELECTED,
    [ATTR_GEN_AI_REQUEST_MODEL]: nameOf(model),
  };
  core.measure(METRIC_SWARMSCOPE_ROUTING_DECISIONS, 1, by);
  const isNumber = typeof complexity === 'number' && Number.isFinite(complexity) && complexity >= 0;
  return {
    ...by,
    [ATTR_SWARMSCOPE_ROUTING_REASON]: nameOf(reason),
    [ATTR_SWARMSCOPE_ROUTING_COMPLEXITY]: isNumber ? complexity : undefined,
  };
}

/** A program in JavaScript may pass anything. */
function nameOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? boundedName(value) : undefined;
}

function namesOf(values: unknown): string[] | undefined {
  return Array.isArray(values) ? values.slice(0, MAX_ALTERNATIVES).flatMap((value) => nameOf(value) ?? []) : undefined;
}
