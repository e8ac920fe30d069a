/** The snapshots of a stored run, as plain data. */
import * as names from '../../semconv/index.ts';
import type { EventRow } from './event-table.ts';
import { readRunEvents } from './runs.ts';

const KIND = names.EVENT_SWARMSCOPE_SNAPSHOT.slice(names.EVENT_PREFIX.length);

export interface RunningTask {
  readonly id: string;
  readonly type?: string;
  readonly pool?: string;
  readonly agent?: string;
  /** Since its start. */
  readonly seconds?: number;
}

export interface StoredSnapshot {
  /** From 1, by time. */
  readonly number: number;
  readonly name: string;
  readonly timeMs: number;
  /** `call` or `phase_end`. */
  readonly trigger: string;
  readonly agent: string | undefined;
  readonly task: string | undefined;
  readonly service: string;
  readonly spanId: string | undefined;
  readonly traceId: string | undefined;
  readonly running: { readonly count: number; readonly tasks: readonly RunningTask[] };
  readonly open: Readonly<Record<string, unknown>>;
  readonly spent: Readonly<Record<string, unknown>>;
  readonly planned: Readonly<Record<string, unknown>>;
  readonly queuedCount: number;
  /** Absent: none was given. */
  readonly state: unknown;
  readonly omitted: number;
}

/** By time. @throws ViewerError */
export function readRunSnapshots(
  dataFolder: string,
  idOrLatest: string,
): { readonly id: string; readonly snapshots: readonly StoredSnapshot[] } {
  const { id, events } = readRunEvents(dataFolder, idOrLatest, { kind: KIND });
  return { id, snapshots: events.map((event, index) => snapshotOf(event, index + 1)) };
}

function snapshotOf({ attributes, timeMs, agent, task, serviceName, spanId, traceId }: EventRow, number: number): StoredSnapshot {
  const listed = attributes[names.ATTR_SWARMSCOPE_SNAPSHOT_RUNNING];
  const tasks = (Array.isArray(listed) ? (listed as unknown[]) : []).flatMap((text) => taskOf(recordIn(text)));
  return {
    number,
    name: String(attributes[names.ATTR_SWARMSCOPE_SNAPSHOT_NAME] ?? ''),
    timeMs,
    trigger: String(attributes[names.ATTR_SWARMSCOPE_SNAPSHOT_TRIGGER] ?? ''),
    agent,
    task,
    service: serviceName,
    spanId,
    traceId,
    running: { count: countIn(attributes[names.ATTR_SWARMSCOPE_SNAPSHOT_TASKS_RUNNING]) ?? tasks.length, tasks },
    open: recordIn(attributes[names.ATTR_SWARMSCOPE_SNAPSHOT_OPEN]),
    spent: recordIn(attributes[names.ATTR_SWARMSCOPE_SNAPSHOT_SPENT]),
    planned: recordIn(attributes[names.ATTR_SWARMSCOPE_SNAPSHOT_PLANNED]),
    queuedCount: countIn(attributes[names.ATTR_SWARMSCOPE_SNAPSHOT_TASKS_QUEUED]) ?? 0,
    state: valueIn(attributes[names.ATTR_SWARMSCOPE_SNAPSHOT_STATE]),
    omitted: countIn(attributes[names.ATTR_SWARMSCOPE_SNAPSHOT_OMITTED]) ?? 0,
  };
}

function taskOf(task: Readonly<Record<string, unknown>>): RunningTask[] {
  return typeof task['id'] === 'string' ? [task as unknown as RunningTask] : [];
}

const countIn = (value: unknown): number | undefined => (typeof value === 'number' && value >= 0 ? value : undefined);

/** A sender may write anything into an attribute. */
function valueIn(text: unknown): unknown {
  if (typeof text !== 'string') return text;
  try {
    return JSON.parse(text);
  } catch {
    // A text that was cut on its way.
    return text;
  }
}

function recordIn(text: unknown): Readonly<Record<string, unknown>> {
  const value = valueIn(text);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
