/** Makes spans of the log events in which some agents tell their calls and tools: Codex and Gemini CLI have no span with those facts. */
import { createHash } from 'node:crypto';
import type { LogRow, SpanRow } from '../../../analysis/model.ts';
import * as names from '../../../semconv/index.ts';
import { DIALECTS } from '../../../semconv/generated/dialects.ts';
import type { DialectEvent } from '../../../semconv/types.ts';

export interface EventCalls {
  /** Spans that these records complete: calls and tools that have ended, without a parent. */
  of(logs: readonly LogRow[]): SpanRow[];
}

/** A request whose answer is under way: what it used comes in a later event of the same conversation. */
interface Request {
  readonly log: LogRow;
  readonly startMs: number;
}

/** Conversations with a request under way; protects the memory from events that never end: 10 MB at most. */
const MAX_CONVERSATIONS = 10_000;
const CLIENT = 3;
const INTERNAL = 1;

/** What the events of a dialect tell, by the event's name. One event may tell a request and what it used. */
const EVENTS: ReadonlyMap<string, readonly DialectEvent[]> = byName(DIALECTS.flatMap(({ events }) => events));

function byName(events: readonly DialectEvent[]): Map<string, DialectEvent[]> {
  const named = new Map<string, DialectEvent[]>();
  for (const each of events) named.set(each.event, [...(named.get(each.event) ?? []), each]);
  return named;
}

export function createEventCalls(): EventCalls {
  const underWay = new Map<string, Request>();

  function spansOf(log: LogRow): SpanRow[] {
    const told = EVENTS.get(log.eventName);
    if (told === undefined) return [];
    const of = (counts: DialectEvent['counts']): DialectEvent | undefined => told.find((each) => each.counts === counts);
    const [call, usage, tool] = [of('call'), of('usage'), of('tool')];
    if (tool !== undefined) return [spanOf(log, { startMs: startOf(log, tool), kind: INTERNAL })];
    const conversation = conversationOf(log);
    const before = underWay.get(conversation);
    if (call !== undefined) {
      const request = { log, startMs: startOf(log, call) };
      // One event tells all of it, or there was no answer.
      if (usage !== undefined || isFailed(log) || !hasLaterUsage(log.eventName)) return [callOf(request, log)];
      underWay.delete(conversation);
      if (underWay.size < MAX_CONVERSATIONS) underWay.set(conversation, request);
      // The answer of the request before was cut: nothing tells what it used.
      return before === undefined ? [] : [callOf(before, before.log)];
    }
    // Codex tells the end of an answer twice, once without what it used.
    if (usage === undefined || log.attributes[names.ATTR_GEN_AI_USAGE_OUTPUT_TOKENS] === undefined) return [];
    underWay.delete(conversation);
    return [callOf(before ?? { log, startMs: log.timeMs }, log)];
  }

  return { of: (logs) => logs.flatMap(spansOf) };
}

function hasLaterUsage(eventName: string): boolean {
  const dialect = DIALECTS.find(({ events }) => events.some(({ event }) => event === eventName));
  return (
    dialect?.events.some(({ event, counts }) => counts === 'usage' && !EVENTS.get(event)?.some((each) => each.counts === 'call')) === true
  );
}

function callOf({ log, startMs }: Request, end: LogRow): SpanRow {
  return spanOf({ ...end, attributes: { ...log.attributes, ...end.attributes } }, { startMs, kind: CLIENT });
}

function spanOf(log: LogRow, { startMs, kind }: { startMs: number; kind: number }): SpanRow {
  const { attributes, timeMs, serviceName, pid } = log;
  const operation = text(attributes[names.ATTR_GEN_AI_OPERATION_NAME]);
  const what = kind === CLIENT ? names.ATTR_GEN_AI_REQUEST_MODEL : names.ATTR_GEN_AI_TOOL_NAME;
  const id = idOf(log, startMs);
  return {
    traceId: log.traceId ?? id.slice(16, 48),
    spanId: id.slice(0, 16),
    parentSpanId: undefined,
    name: `${operation} ${text(attributes[what])}`.trim(),
    kind,
    startMs: Math.min(startMs, timeMs),
    endMs: timeMs,
    isError: attributes[names.ATTR_ERROR_TYPE] !== undefined,
    attributes: withoutEventNames(attributes),
    links: [],
    scopeName: text(attributes[names.ATTR_SWARMSCOPE_DIALECT]),
    serviceName,
    pid,
  };
}

/** The same for the same event, which a sender without an answer sends again. */
function idOf({ eventName, timeMs, attributes, pid }: LogRow, startMs: number): string {
  const call = text(attributes[names.ATTR_GEN_AI_TOOL_CALL_ID]);
  const told = [eventName, conversationId(attributes), call, timeMs, startMs, pid ?? ''].join(' ');
  return createHash('sha256').update(told).digest('hex');
}

function startOf({ timeMs, attributes }: LogRow, { milliseconds }: DialectEvent): number {
  const duration = milliseconds === undefined ? 0 : Number(attributes[milliseconds] ?? 0);
  return timeMs - (Number.isFinite(duration) && duration > 0 ? duration : 0);
}

function isFailed({ attributes }: LogRow): boolean {
  return attributes[names.ATTR_ERROR_TYPE] !== undefined;
}

function conversationOf({ attributes, serviceName, pid }: LogRow): string {
  return `${serviceName} ${pid ?? ''} ${conversationId(attributes)}`;
}

function conversationId(attributes: LogRow['attributes']): string {
  return text(attributes[names.ATTR_GEN_AI_CONVERSATION_ID]);
}

/** What belongs to a record and not to a span. */
function withoutEventNames(attributes: LogRow['attributes']): LogRow['attributes'] {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => !/^event\.|^duration_ms$/.test(name)));
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 256) : '';
}
