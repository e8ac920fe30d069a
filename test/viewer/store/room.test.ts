/** A run that is larger than memory is read as far as it fits, and what it was sorted with lay in its own folder. */
import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { analyse } from '../../../src/analysis/index.ts';
import type { SpanRow } from '../../../src/analysis/model.ts';
import { renderReport } from '../../../src/cli/report/index.ts';
import { openStore } from '../../../src/viewer/store/index.ts';
import { readRunData } from '../../../src/viewer/store/read-run.ts';
import { Room } from '../../../src/viewer/store/room.ts';
import { openDatabase } from '../../../src/viewer/store/sqlite.ts';

let path: string;
beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), 'swarmscope-room-')), 'run.sqlite');
});
afterEach(() => rmSync(dirname(path), { recursive: true, force: true }));

const COUNT = 40_000;

/** Spans in an order that is not that of their starts. */
function fill(): void {
  const store = openStore(path);
  const span = (n: number): SpanRow => ({
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: (n + 1).toString(16).padStart(16, '0'),
    parentSpanId: undefined,
    name: `chat ${n}`,
    kind: 3,
    startMs: COUNT - n,
    endMs: COUNT - n + 1,
    isError: false,
    attributes: { text: 'x'.repeat(90) },
    links: [],
    scopeName: 's',
    serviceName: 'swarm',
    pid: 7,
  });
  store.startRun({ id: 'run-1', name: 'n', command: 'node', startMs: 0, endMs: COUNT + 1, exitCode: 0, signal: undefined });
  store.addTraces({ spans: Array.from({ length: COUNT }, (_, n) => span(n)), losses: {} });
  const log = {
    timeMs: 1,
    eventName: 'e',
    body: 'text',
    severity: 9,
    traceId: undefined,
    spanId: undefined,
    attributes: {},
    serviceName: 's',
  };
  store.addLogs({ logs: [log, log], openSpans: [], spans: [], losses: {} });
  store.close();
}

test('the first spans are read, as many as fit, and the report says how many of how many, and how to read all', () => {
  fill();
  const database = openDatabase(path, { readOnly: true });
  const read = (room?: Room) => readRunData(path, database, room);
  const all = read();
  expect(all.unread).toEqual([]);
  expect([all.spans.length, all.logs.length]).toEqual([COUNT, 2]);

  const part = read(new Room(10_000_000));
  database.close();
  const [{ neededBytes = 0, ...told } = {}] = part.unread ?? [];
  expect(told).toEqual({ what: 'span', read: part.spans.length, of: COUNT });
  expect(part.unread).toHaveLength(1);
  expect(part.spans).toEqual(all.spans.slice(0, part.spans.length));
  expect(part.spans.length).toBeGreaterThan(5_000);
  expect(part.spans.length).toBeLessThan(10_000);
  expect(part.logs).toHaveLength(2);
  expect(neededBytes).toBeGreaterThan(35_000_000);
  expect(renderReport(analyse(part))).toMatch(
    /Only the first 8\.\dk spans of 40,000 could be read[^]*--max-old-space-size=64\s+swarmscope report run-1/,
  );
});

test('temporary files of a sort lie in the folder of the run', () => {
  fill();
  const database = openDatabase(path, { readOnly: true });
  const rows = database.prepare('SELECT * FROM spans ORDER BY start_ms, span_id').iterate();
  rows.next();
  const open = readdirSync('/proc/self/fd').flatMap((file) => linkOf(`/proc/self/fd/${file}`));
  const temporary = open.filter((target) => target.includes('etilqs'));
  database.close();
  expect(temporary).not.toEqual([]);
  expect(temporary.filter((target) => !target.startsWith(`${dirname(path)}/`))).toEqual([]);
});

function linkOf(path: string): string[] {
  try {
    return [readlinkSync(path)];
  } catch {
    // The descriptor of the folder that was just read.
    return [];
  }
}
