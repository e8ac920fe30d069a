/** What happened in a run, event by event: found by agent or task in a moment, also among a million. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Attributes, LogRow, SpanRow } from '../../analysis/model.ts';
import * as names from '../../semconv/index.ts';
import { EVENT_TASK_TABLES, EventTasks, type SpanAbove } from './event-tasks.ts';

const ERROR = 17;
const INFO = 9;

export interface EventRow {
  /** In the order of arrival. */
  readonly id: number;
  readonly timeMs: number;
  /** `agent.invoked`. */
  readonly kind: string;
  readonly agent: string | undefined;
  readonly task: string | undefined;
  readonly severity: number;
  readonly traceId: string | undefined;
  readonly spanId: string | undefined;
  /** Without the agent and the task. */
  readonly attributes: Attributes;
  readonly serviceName: string;
}

export interface EventFilter {
  readonly agent?: string | undefined;
  readonly task?: string | undefined;
  readonly kind?: string | undefined;
  readonly sinceMs?: number | undefined;
  /** Only what arrived after the event of this id. */
  readonly afterId?: number | undefined;
}

type NewEvent = Omit<EventRow, 'id'>;

/** In the database of a run. An index that is a table: a stored run may have no other. */
export const EVENT_TABLES = `
CREATE TABLE IF NOT EXISTS events (
  id INTEGER PRIMARY KEY, time_ms REAL NOT NULL, kind TEXT NOT NULL, agent TEXT, task TEXT, severity INTEGER NOT NULL, trace_id TEXT, span_id TEXT,
  attributes TEXT NOT NULL, service_name TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS event_names (name TEXT NOT NULL, event_id INTEGER NOT NULL, PRIMARY KEY (name, event_id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS event_spans (span_id TEXT NOT NULL, kind TEXT NOT NULL, PRIMARY KEY (span_id, kind)) WITHOUT ROWID;
${EVENT_TASK_TABLES}`;

/** Agents, tasks and some kinds share one index. */
const ofAgent = (name: string): string => `a ${name}`;
const ofTask = (id: string): string => `t ${id}`;
const ofKind = (kind: string): string => `k ${kind}`;
/** Kinds that commands ask for by themselves, and that are few. */
const INDEXED_KINDS: ReadonlySet<string> = new Set(
  [
    names.EVENT_SWARMSCOPE_SNAPSHOT,
    names.EVENT_SWARMSCOPE_ROUTING_DECISION_MADE,
    names.EVENT_SWARMSCOPE_CONTEXT_OPTIMIZED,
    names.EVENT_SWARMSCOPE_POLICY_CHANGED,
  ].map((name) => name.slice(names.EVENT_PREFIX.length)),
);

export function isEvent({ eventName }: Pick<LogRow, 'eventName'>): boolean {
  return eventName.startsWith(names.EVENT_PREFIX);
}

export class EventTable {
  readonly #insert: StatementSync;
  readonly #name: StatementSync;
  readonly #ofSpan: StatementSync;
  readonly #setTask: StatementSync;
  readonly #tasks: EventTasks;

  /** @param spans the database that has the spans; default: the same */
  constructor(database: DatabaseSync, spans: DatabaseSync = database) {
    this.#tasks = new EventTasks(database, aboveIn(spans));
    this.#setTask = database.prepare('UPDATE events SET task = ? WHERE id = ?');
    this.#insert = database.prepare(
      'INSERT INTO events (time_ms, kind, agent, task, severity, trace_id, span_id, attributes, service_name) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
    );
    this.#name = database.prepare('INSERT INTO event_names (name, event_id) VALUES (?, ?)');
    this.#ofSpan = database.prepare('INSERT OR IGNORE INTO event_spans (span_id, kind) VALUES (?, ?)');
  }

  addLog(log: LogRow): void {
    const { attributes } = log;
    this.#add({
      ...log,
      kind: log.eventName.slice(names.EVENT_PREFIX.length),
      agent: textIn(attributes, names.ATTR_GEN_AI_AGENT_NAME),
      task: textIn(attributes, names.ATTR_SWARMSCOPE_TASK_ID),
    });
  }

  /** What a span of an agent or a tool says, each once, however often the span comes. */
  addSpan(span: SpanRow): void {
    const arrived = this.#tasks.arrived(span.spanId, placeOf(span));
    for (const id of arrived?.events ?? []) {
      this.#setTask.run(arrived?.task ?? null, id);
      this.#name.run(ofTask(arrived?.task ?? ''), id);
    }
    const operation = span.attributes[names.ATTR_GEN_AI_OPERATION_NAME];
    if (operation === names.GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT) this.#addAgent(span);
    else if (operation === names.GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL && span.endMs !== undefined)
      this.#addOnce(span, span.isError ? 'tool.error' : 'tool.used', span.endMs);
  }

  /** After a transaction that was rolled back. */
  goBack(): void {
    this.#tasks.reload();
  }

  #addAgent(span: SpanRow): void {
    this.#addOnce(span, 'agent.invoked', span.startMs);
    if (span.endMs === undefined) return;
    const isTimeout = /timeout/i.test(textIn(span.attributes, names.ATTR_ERROR_TYPE) ?? '');
    this.#addOnce(span, span.isError ? (isTimeout ? 'agent.timeout' : 'agent.failed') : 'agent.completed', span.endMs);
  }

  #addOnce(span: SpanRow, kind: string, timeMs: number): void {
    const { traceId, spanId, serviceName, attributes: all } = span;
    if (this.#ofSpan.run(spanId, kind).changes === 0) return;
    const kept = [names.ATTR_GEN_AI_AGENT_NAME, names.ATTR_GEN_AI_TOOL_NAME, names.ATTR_ERROR_TYPE];
    const attributes = Object.fromEntries(kept.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]])));
    const agent = textIn(all, names.ATTR_GEN_AI_AGENT_NAME);
    const found = this.#tasks.taskOf(placeOf(span));
    const id = this.#add({
      timeMs,
      kind,
      agent,
      task: found !== undefined && 'task' in found ? found.task : undefined,
      severity: span.isError && timeMs === span.endMs ? ERROR : INFO,
      traceId,
      spanId,
      attributes,
      serviceName,
    });
    if (found !== undefined && 'missing' in found) this.#tasks.wait(found.missing, id);
  }

  #add({ timeMs, kind, agent, task, severity, traceId, spanId, attributes, serviceName }: NewEvent): number | bigint {
    const { lastInsertRowid: id } = this.#insert.run(
      timeMs,
      kind,
      agent ?? null,
      task ?? null,
      severity,
      traceId ?? null,
      spanId ?? null,
      JSON.stringify(attributes),
      serviceName,
    );
    if (agent !== undefined) this.#name.run(ofAgent(agent), id);
    if (task !== undefined) this.#name.run(ofTask(task), id);
    if (INDEXED_KINDS.has(kind)) this.#name.run(ofKind(kind), id);
    return id;
  }
}

/** By time. */
export function readEvents(database: DatabaseSync, { agent, task, kind, sinceMs, afterId }: EventFilter): EventRow[] {
  const conditions: string[] = [];
  const values: (string | number)[] = [];
  const where = (condition: string, value: string | number | undefined): void => {
    if (value === undefined) return;
    conditions.push(condition);
    values.push(value);
  };
  const named = 'id IN (SELECT event_id FROM event_names WHERE name = ?)';
  where(named, task === undefined ? undefined : ofTask(task));
  where(named, agent === undefined ? undefined : ofAgent(agent));
  if (kind !== undefined && INDEXED_KINDS.has(kind)) where(named, ofKind(kind));
  else where('kind = ?', kind);
  where('time_ms >= ?', sinceMs);
  where('id > ?', afterId);
  const text = `SELECT * FROM events ${conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`} ORDER BY time_ms, id`;
  return database
    .prepare(text)
    .all(...values)
    .map(eventOf);
}

function eventOf(row: Record<string, unknown>): EventRow {
  const text = (name: string): string | undefined => (row[name] as string | null) ?? undefined;
  const {
    [names.ATTR_GEN_AI_AGENT_NAME]: _agent,
    [names.ATTR_SWARMSCOPE_TASK_ID]: _task,
    ...attributes
  } = JSON.parse(row['attributes'] as string) as Attributes;
  return {
    id: row['id'] as number,
    timeMs: row['time_ms'] as number,
    kind: row['kind'] as string,
    agent: text('agent'),
    task: text('task'),
    severity: row['severity'] as number,
    traceId: text('trace_id'),
    spanId: text('span_id'),
    attributes,
    serviceName: row['service_name'] as string,
  };
}

function textIn(attributes: Attributes, name: string): string | undefined {
  const value = attributes[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function placeOf({ parentSpanId, attributes }: SpanRow): SpanAbove {
  return { parentSpanId, task: textIn(attributes, names.ATTR_SWARMSCOPE_TASK_ID) };
}

function aboveIn(spans: DatabaseSync): (spanId: string) => SpanAbove | undefined {
  const find = spans.prepare('SELECT parent_span_id, json_extract(attributes, ?) AS task FROM spans WHERE span_id = ?');
  return (spanId) => {
    const row = find.get(`$."${names.ATTR_SWARMSCOPE_TASK_ID}"`, spanId);
    const { parent_span_id: parent, task } = row ?? {};
    return (
      row && {
        parentSpanId: typeof parent === 'string' ? parent : undefined,
        task: typeof task === 'string' && task !== '' ? task : undefined,
      }
    );
  };
}
