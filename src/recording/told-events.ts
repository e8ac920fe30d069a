/** Events that the program tells itself: decisions, hand-overs, choices of a model. Each a log record at its place. */
import { trace } from '@opentelemetry/api';
import { shiftNow } from '../config/run-clock.ts';
import {
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_SWARMSCOPE_CONTEXT_OPTIMIZATION_STATE,
  ATTR_SWARMSCOPE_CONTEXT_OPTIMIZATION_TOKENS_AFTER,
  ATTR_SWARMSCOPE_CONTEXT_OPTIMIZATION_TOKENS_BEFORE,
  ATTR_SWARMSCOPE_CONTEXT_OPTIMIZER_NAME,
  ATTR_SWARMSCOPE_DECISION_ALTERNATIVES,
  ATTR_SWARMSCOPE_DECISION_CHOSEN,
  ATTR_SWARMSCOPE_DECISION_COMPONENT,
  ATTR_SWARMSCOPE_EVENT_REASON,
  ATTR_SWARMSCOPE_HANDOFF_SOURCE_NAME,
  ATTR_SWARMSCOPE_HANDOFF_TARGET_NAME,
  ATTR_SWARMSCOPE_ROUTING_COMPLEXITY,
  ATTR_SWARMSCOPE_ROUTING_OUTCOME,
  ATTR_SWARMSCOPE_ROUTING_REASON,
  ATTR_SWARMSCOPE_ROUTING_TIER,
  ATTR_SWARMSCOPE_TASK_ID,
  EVENT_SWARMSCOPE_AGENT_HANDOFF,
  EVENT_SWARMSCOPE_CONTEXT_OPTIMIZED,
  EVENT_SWARMSCOPE_DECISION_MADE,
  EVENT_SWARMSCOPE_ROUTING_DECISION_MADE,
  METRIC_SWARMSCOPE_CONTEXT_OPTIMIZATION_TOKENS,
  METRIC_SWARMSCOPE_ROUTING_DECISIONS,
  SWARMSCOPE_CONTEXT_OPTIMIZATION_STATE_VALUE_AFTER,
  SWARMSCOPE_CONTEXT_OPTIMIZATION_STATE_VALUE_BEFORE,
  SWARMSCOPE_ROUTING_OUTCOME_VALUE_FALLBACK,
  SWARMSCOPE_ROUTING_OUTCOME_VALUE_REJECTED,
  SWARMSCOPE_ROUTING_OUTCOME_VALUE_SELECTED,
} from '../semconv/index.ts';
import type { Attributes } from '../semconv/telemetry.ts';
import { boundedName, masked } from './content.ts';
import type { Core } from './core.ts';
import { rememberRoute } from './routing.ts';
import type { OptimizationFacts, RouteFacts, ToldEvent } from './types.ts';

const SEVERITY_INFO = 9;
const UNKNOWN = 'unknown';
/** Alternatives that are kept of one decision. */
const MAX_ALTERNATIVES = 50;
const OUTCOMES: readonly unknown[] = [
  SWARMSCOPE_ROUTING_OUTCOME_VALUE_SELECTED,
  SWARMSCOPE_ROUTING_OUTCOME_VALUE_FALLBACK,
  SWARMSCOPE_ROUTING_OUTCOME_VALUE_REJECTED,
];

/** Why it was not told, or what was left out of it; undefined where all is well. */
export function tellEvent(core: Core, event: ToldEvent): string | undefined {
  const problems: string[] = [];
  const told = toldOf(core, event, (field, expected) => problems.push(`${event.kind}: ${field}: expected ${expected}`));
  if (problems.length > 0) core.count(told === undefined ? 'event.refused' : 'event.repaired');
  if (told !== undefined) {
    const { emitLog } = core.assembly();
    const frame = core.frames.current() ?? core.ownRun.frame();
    const span = frame === undefined ? undefined : trace.getSpanContext(frame.context);
    emitLog?.({
      eventName: told.eventName,
      time: core.now() + (frame?.shiftMs ?? shiftNow()),
      severityNumber: SEVERITY_INFO,
      ...(span === undefined ? {} : { traceId: span.traceId, spanId: span.spanId }),
      attributes: masked(core.mask, told.attributes),
    });
  }
  return problems.length === 0 ? undefined : problems.join('; ');
}

interface Told {
  readonly eventName: string;
  readonly attributes: Attributes;
}

type Wrong = (field: string, expected: string) => unknown;

const A_TEXT = 'a text that is not empty';
const A_COUNT = 'a whole number of at least 0';

/** undefined where it says nothing. */
function toldOf(core: Core, event: ToldEvent, wrong: Wrong): Told | undefined {
  switch (event.kind) {
    case 'route': {
      const route = routeOf(core, event, wrong);
      return route && { eventName: EVENT_SWARMSCOPE_ROUTING_DECISION_MADE, attributes: { ...route, ...placeIn(core) } };
    }
    case 'optimization':
      return optimizationOf(core, event, wrong);
    case 'handoff': {
      const to = nameOf(event.to);
      if (to === undefined) return nothing(wrong('to', A_TEXT));
      return {
        eventName: EVENT_SWARMSCOPE_AGENT_HANDOFF,
        attributes: {
          [ATTR_SWARMSCOPE_HANDOFF_SOURCE_NAME]: nameOf(event.from) ?? core.frames.current()?.agent?.name,
          [ATTR_SWARMSCOPE_HANDOFF_TARGET_NAME]: to,
        },
      };
    }
    default: {
      const chosen = nameOf(event.chosen);
      if (chosen === undefined) return nothing(wrong('chosen', A_TEXT));
      return {
        eventName: EVENT_SWARMSCOPE_DECISION_MADE,
        attributes: {
          [ATTR_SWARMSCOPE_DECISION_COMPONENT]: nameOf(event.component) ?? UNKNOWN,
          [ATTR_SWARMSCOPE_DECISION_CHOSEN]: chosen,
          [ATTR_SWARMSCOPE_DECISION_ALTERNATIVES]: namesOf(event.alternatives),
        },
      };
    }
  }
}

/** Counted as well, by tier, model and outcome. */
function routeOf(core: Core, { tier, model, outcome, reason, complexity }: RouteFacts, wrong: Wrong): Attributes | undefined {
  const name = nameOf(tier);
  if (name === undefined) return nothing(wrong('tier', A_TEXT));
  if (nameOf(model) === undefined) wrong('model', A_TEXT);
  const isKnown = OUTCOMES.includes(outcome);
  if (!isKnown && outcome !== undefined) wrong('outcome', `one of ${OUTCOMES.join(', ')}`);
  const by = {
    [ATTR_SWARMSCOPE_ROUTING_TIER]: name,
    [ATTR_SWARMSCOPE_ROUTING_OUTCOME]: isKnown ? outcome : SWARMSCOPE_ROUTING_OUTCOME_VALUE_SELECTED,
    [ATTR_GEN_AI_REQUEST_MODEL]: nameOf(model),
  };
  core.measure(METRIC_SWARMSCOPE_ROUTING_DECISIONS, 1, by);
  rememberRoute(core, name, by[ATTR_GEN_AI_REQUEST_MODEL]);
  const isNumber = typeof complexity === 'number' && Number.isFinite(complexity) && complexity >= 0;
  if (!isNumber && complexity !== undefined) wrong('complexity', 'a number of at least 0');
  return {
    ...by,
    [ATTR_SWARMSCOPE_ROUTING_REASON]: nameOf(reason),
    [ATTR_SWARMSCOPE_ROUTING_COMPLEXITY]: isNumber ? complexity : undefined,
  };
}

const nothing = (_: unknown): undefined => undefined;

/** Tokens that are no count are no reading: nothing is told. */
function optimizationOf(core: Core, { optimizer, tokensBefore, tokensAfter, reason }: OptimizationFacts, wrong: Wrong): Told | undefined {
  if (!isCount(tokensBefore)) return nothing(wrong('tokensBefore', A_COUNT));
  if (!isCount(tokensAfter)) return nothing(wrong('tokensAfter', A_COUNT));
  const by = { [ATTR_SWARMSCOPE_CONTEXT_OPTIMIZER_NAME]: nameOf(optimizer) ?? UNKNOWN };
  for (const [state, tokens] of [
    [SWARMSCOPE_CONTEXT_OPTIMIZATION_STATE_VALUE_BEFORE, tokensBefore],
    [SWARMSCOPE_CONTEXT_OPTIMIZATION_STATE_VALUE_AFTER, tokensAfter],
  ] as const)
    core.measure(METRIC_SWARMSCOPE_CONTEXT_OPTIMIZATION_TOKENS, tokens, { ...by, [ATTR_SWARMSCOPE_CONTEXT_OPTIMIZATION_STATE]: state });
  return {
    eventName: EVENT_SWARMSCOPE_CONTEXT_OPTIMIZED,
    attributes: {
      ...by,
      [ATTR_SWARMSCOPE_CONTEXT_OPTIMIZATION_TOKENS_BEFORE]: tokensBefore,
      [ATTR_SWARMSCOPE_CONTEXT_OPTIMIZATION_TOKENS_AFTER]: tokensAfter,
      [ATTR_SWARMSCOPE_EVENT_REASON]: nameOf(reason),
      ...placeIn(core),
    },
  };
}

function placeIn({ frames }: Core): Attributes {
  const frame = frames.current();
  return { [ATTR_GEN_AI_AGENT_NAME]: frame?.agent?.name, [ATTR_SWARMSCOPE_TASK_ID]: frame?.task?.id };
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

/** A program in JavaScript may pass anything. */
function nameOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? boundedName(value) : undefined;
}

function namesOf(values: unknown): string[] | undefined {
  return Array.isArray(values) ? values.slice(0, MAX_ALTERNATIVES).flatMap((value) => nameOf(value) ?? []) : undefined;
}
