/** A run file as plain data. */
import type { DatabaseSync } from 'node:sqlite';
import type { LogRow, ProcessLife, RunData, RunRow, SenderLedger } from '../../analysis/model.ts';
import {
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_SWARMSCOPE_TASK_ID,
  EVENT_PREFIX,
  EVENT_SWARMSCOPE_CONTEXT_OPTIMIZED,
  EVENT_SWARMSCOPE_POLICY_CHANGED,
  EVENT_SWARMSCOPE_PROFILE_RECORDED,
  EVENT_SWARMSCOPE_ROUTING_DECISION_MADE,
} from '../../semconv/index.ts';
import { readEvents } from './event-table.ts';
import { readSeries } from './metric-table.ts';
import { readLogs } from './read-logs.ts';
import { readSpans } from './span-table.ts';
import { Room } from './room.ts';
import { storeError } from './sqlite.ts';

const REPORTED = [
  EVENT_SWARMSCOPE_ROUTING_DECISION_MADE,
  EVENT_SWARMSCOPE_CONTEXT_OPTIMIZED,
  EVENT_SWARMSCOPE_POLICY_CHANGED,
  EVENT_SWARMSCOPE_PROFILE_RECORDED,
];

/** How the table of losses names a process that told nothing. */
export const UNSEEN = 'unseen: ';

/** How the table of losses says that LLM calls were led through the gateway, which is none. */
export const GATEWAY_USED = 'used: gateway';

/** Takes what is no loss out of the losses: the processes that told nothing, and that there was a gateway. */
export function withUnseen({ losses: { [GATEWAY_USED]: gateway, ...all }, ...data }: RunData): RunData {
  const entries = Object.entries(all);
  const unseen = entries.filter(([what]) => what.startsWith(UNSEEN)).map(([what, count]) => ({ name: what.slice(UNSEEN.length), count }));
  const losses = Object.fromEntries(entries.filter(([what]) => !what.startsWith(UNSEEN)));
  return { ...data, losses, unseen: [...(data.unseen ?? []), ...unseen], ...(gateway === undefined ? {} : { isGatewayUsed: true }) };
}

/** As far as there is `room`. @throws ViewerError */
export function readRunData(path: string, database: DatabaseSync, room = new Room()): RunData {
  try {
    const run = readRunRow(database);
    const spans = readSpans(database, room);
    const logs = [...readLogs(database, room), ...readToldEvents(database, room)].sort((a, b) => a.timeMs - b.timeMs);
    const series = readSeries(database, room);
    const losses = Object.fromEntries(
      database
        .prepare('SELECT what, count FROM losses')
        .all()
        .map((row) => [row['what'] as string, row['count'] as number]),
    );
    return withUnseen({
      run: run ?? { id: '', name: '', command: '', startMs: 0, endMs: undefined, exitCode: undefined, signal: undefined },
      spans,
      series,
      logs,
      lives: readLives(database),
      ledgers: readLedgers(database),
      losses,
      unread: room.unread(),
    });
  } catch (cause) {
    throw storeError(path, cause);
  }
}

export function readRunRow(database: DatabaseSync): RunRow | undefined {
  const row = database.prepare('SELECT * FROM run LIMIT 1').get();
  if (row === undefined) return undefined;
  const { id, name, command, start_ms: startMs } = row;
  // Another program's database may have a table of this name.
  if (typeof id !== 'string' || typeof name !== 'string' || typeof command !== 'string' || typeof startMs !== 'number')
    throw new TypeError('no run of ours');
  return {
    id,
    name,
    command,
    startMs,
    endMs: (row['end_ms'] as number | null) ?? undefined,
    exitCode: (row['exit_code'] as number | null) ?? undefined,
    signal: (row['signal'] as string | null) ?? undefined,
    // Absent in files of older versions.
    pid: (row['pid'] as number | null | undefined) ?? undefined,
  };
}

/** Events that the report is made of; files of version 1 have all of them among the log records. */
function readToldEvents(database: DatabaseSync, room: Room): LogRow[] {
  if (!hasTable(database, 'events')) return [];
  const rows = REPORTED.flatMap((name) => readEvents(database, { kind: name.slice(EVENT_PREFIX.length) }));
  return room.take('log record', rows, {
    count: () => rows.length,
    textOf: ({ attributes }) => JSON.stringify(attributes).length,
    read: ({ kind, agent, task, timeMs, severity, traceId, spanId, attributes, serviceName }) => ({
      timeMs,
      eventName: `${EVENT_PREFIX}${kind}`,
      body: undefined,
      severity,
      traceId,
      spanId,
      attributes: {
        ...attributes,
        ...(agent === undefined ? {} : { [ATTR_GEN_AI_AGENT_NAME]: agent }),
        ...(task === undefined ? {} : { [ATTR_SWARMSCOPE_TASK_ID]: task }),
      },
      serviceName,
    }),
  });
}

/** None in files of older versions. */
function readLives(database: DatabaseSync): ProcessLife[] {
  if (!hasTable(database, 'lives')) return [];
  const rows = database.prepare('SELECT * FROM lives').all();
  return rows.map((row) => ({ pid: row['pid'] as number, startMs: row['start_ms'] as number, endMs: row['end_ms'] as number }));
}

/** None in files of older versions. */
function readLedgers(database: DatabaseSync): SenderLedger[] {
  const ledgers = hasTable(database, 'ledgers') ? database.prepare('SELECT * FROM ledgers').all() : [];
  // Counting reads the whole table: on a good day there is no ledger.
  if (ledgers.length === 0) return [];
  const counts = database
    .prepare('SELECT sender, count(*) AS count FROM spans WHERE sender IS NOT NULL AND end_ms IS NOT NULL GROUP BY sender')
    .all();
  const stored = new Map(counts.map((row) => [row['sender'], Number(row['count'])]));
  return ledgers.map((row) => ({
    sender: row['sender'] as string,
    process: row['process'] as string,
    isEnded: row['is_ended'] === 1,
    ...(JSON.parse(row['signals'] as string) as Pick<SenderLedger, 'traces' | 'logs'>),
    storedSpans: stored.get(row['sender'] as string) ?? 0,
  }));
}

export const hasTable = (database: DatabaseSync, name: string): boolean =>
  database.prepare('SELECT 1 FROM sqlite_schema WHERE name = ?').get(name) !== undefined;
