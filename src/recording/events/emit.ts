/** Events that a program tells: log records with the trace and span id of where it told them. */
import { trace } from '@opentelemetry/api';
import { shiftNow } from '../../config/run-clock.ts';
import {
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_SWARMSCOPE_CONTEXT_LIMIT,
  ATTR_SWARMSCOPE_CONTEXT_USAGE,
  ATTR_SWARMSCOPE_COST_AMOUNT,
  ATTR_SWARMSCOPE_EVENT_DATA,
  ATTR_SWARMSCOPE_EVENT_OUTCOME,
  ATTR_SWARMSCOPE_EVENT_REASON,
  ATTR_SWARMSCOPE_HANDOFF_SOURCE_NAME,
  ATTR_SWARMSCOPE_HANDOFF_TARGET_NAME,
  ATTR_SWARMSCOPE_TASK_ID,
  ATTR_SWARMSCOPE_TASK_STAGE_NAME,
  ATTR_SWARMSCOPE_TASK_STAGE_PREVIOUS_NAME,
  ATTR_SWARMSCOPE_TASK_TYPE,
  EVENT_PREFIX,
  EVENT_SWARMSCOPE_COST_RECORDED,
  EVENT_SWARMSCOPE_DECISION_MADE,
  EVENT_SWARMSCOPE_VALIDATION_COMPLETED,
  type MetricSpec,
} from '../../semconv/index.ts';
import type { Attributes, EpochMs } from '../../semconv/telemetry.ts';
import { createMask, masked } from '../content.ts';
import type { Cleaner } from '../captured/clean.ts';
import { isCaptured, type ContentMode } from '../../config/settings/capture.ts';
import type { Assembly, Frame } from '../types.ts';
import { POLICY_DECISION, policyDecision } from './policy-decision.ts';

/** `agent.invoked`: two words or more, since the first one says of what. */
const KIND = /^[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+$/;
const MAX_KIND_CHARACTERS = 64;
/** Kinds of one word that say enough. */
const SHORT: ReadonlyMap<unknown, string> = new Map(
  [EVENT_SWARMSCOPE_COST_RECORDED, EVENT_SWARMSCOPE_DECISION_MADE, EVENT_SWARMSCOPE_VALIDATION_COMPLETED].map((name) => {
    const kind = name.slice(EVENT_PREFIX.length);
    return [kind.slice(0, kind.indexOf('.')), kind];
  }),
);
const SEVERITIES: readonly (readonly [pattern: RegExp, severity: number])[] = [
  [/\.(?:failed|error|timeout)$/, 17],
  [/\.(?:denied|quota_exceeded|\w*warning|handoff_required)$/, 13],
];
const INFO = 9;

type Plain = Readonly<Record<string, unknown>>;

/** Fields that are names, and fields that are numbers, by the attribute that each becomes. */
const TEXTS: readonly (readonly [field: string, attribute: string])[] = [
  ['agent', ATTR_GEN_AI_AGENT_NAME],
  ['task', ATTR_SWARMSCOPE_TASK_ID],
  ['tool', ATTR_GEN_AI_TOOL_NAME],
  ['from', ATTR_SWARMSCOPE_HANDOFF_SOURCE_NAME],
  ['to', ATTR_SWARMSCOPE_HANDOFF_TARGET_NAME],
  ['stage', ATTR_SWARMSCOPE_TASK_STAGE_NAME],
  ['previousStage', ATTR_SWARMSCOPE_TASK_STAGE_PREVIOUS_NAME],
  ['outcome', ATTR_SWARMSCOPE_EVENT_OUTCOME],
  ['reason', ATTR_SWARMSCOPE_EVENT_REASON],
];
const NUMBERS: readonly (readonly [field: string, attribute: string])[] = [
  ['tokens', ATTR_SWARMSCOPE_CONTEXT_USAGE],
  ['limit', ATTR_SWARMSCOPE_CONTEXT_LIMIT],
  ['usd', ATTR_SWARMSCOPE_COST_AMOUNT],
];

/** What telling an event needs. */
export interface EventTeller {
  readonly captureContent: ContentMode;
  readonly cleaner: Cleaner;
  readonly frames: { current(): Frame | undefined };
  readonly ownRun: { frame(): Frame | undefined };
  assembly(): Pick<Assembly, 'emitLog'>;
  now(): EpochMs;
  count(name: string): void;
  measure(spec: MetricSpec, value: number, attributes: Attributes): void;
}

/** Why it was not told, or what was left out of it; undefined where all is well. */
export function emit(teller: EventTeller, given: unknown): string | undefined {
  const event: Plain = typeof given === 'object' && given !== null ? (given as Plain) : {};
  const kind = SHORT.get(event['kind']) ?? event['kind'];
  if (typeof kind !== 'string' || !KIND.test(kind) || kind.length > MAX_KIND_CHARACTERS) {
    teller.count('event.refused');
    return 'event: kind: expected words in lower case with a dot between, such as agent.invoked';
  }
  const problems: string[] = [];
  const frame = teller.frames.current() ?? teller.ownRun.frame();
  const wrong = (field: string, expected: string): unknown => problems.push(`event "${kind}": ${field}: expected ${expected}`);
  const isDecision = kind === POLICY_DECISION;
  const decided = isDecision ? policyDecision({ event, measure: (...what) => teller.measure(...what), wrong }) : {};
  if (decided === undefined) {
    teller.count('event.refused');
    return problems.join('; ');
  }
  const { outcome, ...rest } = event;
  const attributes = { ...attributesOf(isDecision ? rest : { ...rest, outcome }, frame, wrong), ...decided };
  if (problems.length > 0) teller.count('event.repaired');
  tell(teller, { kind, frame, attributes, at: event['time'] });
  return problems.length === 0 ? undefined : problems.join('; ');
}

interface Told {
  readonly kind: string;
  readonly frame: Frame | undefined;
  readonly attributes: Attributes;
  /** Epoch ms; now, where it is no time. */
  readonly at?: unknown;
}

export function tell(teller: EventTeller, { kind, frame, attributes, at }: Told): void {
  const { emitLog } = teller.assembly();
  if (emitLog === undefined) return teller.count('event.untold');
  const span = frame && trace.getSpanContext(frame.context);
  const time = typeof at === 'number' && at > 0 && Number.isFinite(at) ? at : teller.now() + (frame?.shiftMs ?? shiftNow());
  emitLog({
    eventName: `${EVENT_PREFIX}${kind}`,
    time,
    severityNumber: SEVERITIES.find(([pattern]) => pattern.test(kind))?.[1] ?? INFO,
    traceId: span?.traceId,
    spanId: span?.spanId,
    attributes: masked(maskOf(teller), attributes),
  });
}

function attributesOf(event: Plain, frame: Frame | undefined, wrong: (field: string, expected: string) => void): Attributes {
  const attributes: Attributes = {
    [ATTR_GEN_AI_AGENT_NAME]: frame?.agent?.name,
    [ATTR_SWARMSCOPE_TASK_ID]: frame?.task?.id,
    [ATTR_SWARMSCOPE_TASK_TYPE]: event['task'] === undefined ? frame?.task?.type : undefined,
  };
  for (const [field, attribute] of TEXTS) {
    const value = event[field];
    if (value === undefined) continue;
    if (typeof value === 'string' && value !== '') attributes[attribute] = value;
    else wrong(field, 'a text that is not empty');
  }
  for (const [field, attribute] of NUMBERS) {
    const value = event[field];
    if (value === undefined) continue;
    if (typeof value === 'number' && Number.isFinite(value) && value >= 0) attributes[attribute] = value;
    else wrong(field, 'a number of at least 0');
  }
  const { data } = event;
  if (data !== undefined) attributes[ATTR_SWARMSCOPE_EVENT_DATA] = textOf(data) ?? '';
  return attributes;
}

function textOf(data: unknown): string | undefined {
  if (typeof data === 'string') return data;
  try {
    return JSON.stringify(data);
  } catch {
    // A circle, or a number without an end.
    return undefined;
  }
}

interface KnownMask {
  readonly isOpen: boolean;
  readonly mask: ReturnType<typeof createMask>;
}

const masks = new WeakMap<EventTeller, KnownMask>();

function maskOf(teller: EventTeller): KnownMask['mask'] {
  const isOpen = isCaptured(teller.captureContent);
  let known = masks.get(teller);
  if (known?.isOpen !== isOpen) masks.set(teller, (known = { isOpen, mask: createMask(isOpen, teller.cleaner) }));
  return known.mask;
}
