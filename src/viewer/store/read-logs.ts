/** The log records of a run file. */
import type { DatabaseSync } from 'node:sqlite';
import type { Attributes, LogRow } from '../../analysis/model.ts';
import type { Room } from './room.ts';
import { ownerIn } from './tables.ts';

/** By time, as far as there is room. `which`: a condition of SQL. */
export function readLogs(database: DatabaseSync, room: Room, which = 'TRUE'): LogRow[] {
  return room.take('log record', database.prepare(`SELECT * FROM logs WHERE ${which} ORDER BY time_ms`).iterate(), {
    count: () => Number(database.prepare(`SELECT count(*) AS count FROM logs WHERE ${which}`).get()?.['count'] ?? 0),
    textOf: (row) => (row['attributes'] as string).length + ((row['body'] as string | null)?.length ?? 0),
    read: logOf,
  });
}

function logOf(row: Record<string, unknown>): LogRow {
  return {
    timeMs: row['time_ms'] as number,
    eventName: row['event_name'] as string,
    body: (row['body'] as string | null) ?? undefined,
    severity: row['severity'] as number,
    traceId: (row['trace_id'] as string | null) ?? undefined,
    spanId: (row['span_id'] as string | null) ?? undefined,
    attributes: JSON.parse(row['attributes'] as string) as Attributes,
    serviceName: row['service_name'] as string,
    ...(typeof row['owner'] === 'string' ? { owner: ownerIn(row['owner']) } : {}),
  };
}
