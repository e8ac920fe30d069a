/** Events of a file of version 1, which kept what programs told among its log records and nothing of spans. */
import type { DatabaseSync } from 'node:sqlite';
import * as names from '../../semconv/index.ts';
import { EVENT_TABLES, EventTable } from './event-table.ts';
import { readLogs } from './read-logs.ts';
import { Room } from './room.ts';
import { readSpans } from './span-table.ts';
import { openDatabase } from './sqlite.ts';

const EVENTS = `event_name LIKE '${names.EVENT_PREFIX}%'`;

/** Reads a file that has no events as if it had them: `read` is given a database in memory. */
export function withOlderEvents<T>(older: DatabaseSync, read: (events: DatabaseSync) => T): T {
  const memory = openDatabase(':memory:');
  try {
    memory.exec(EVENT_TABLES);
    fill(older, new EventTable(memory, older));
    return read(memory);
  } finally {
    memory.close();
  }
}

/** The same in the file itself, once: it is written to again. */
export function upgradeEvents(database: DatabaseSync, events: EventTable): void {
  database.exec('BEGIN');
  try {
    fill(database, events);
    database.exec(`DELETE FROM logs WHERE ${EVENTS}`);
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

function fill(from: DatabaseSync, events: EventTable): void {
  for (const log of readLogs(from, new Room(), EVENTS)) events.addLog(log);
  for (const span of readSpans(from, new Room())) events.addSpan(span);
}
