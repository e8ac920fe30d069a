/** What processes left in a run's folder is in its store, once, whatever else lies there. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ownMark, type ProcessMark } from '../../../src/config/process-mark.ts';
import { writeLedger } from '../../../src/otlp/process-ledger.ts';
import { createRunSpool } from '../../../src/otlp/spool/index.ts';
import { createLeftReader } from '../../../src/viewer/receive/left.ts';
import { openStore, type Store } from '../../../src/viewer/store/index.ts';
import { traceBytes } from './signals.ts';

let folder: string;
let store: Store;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'swarmscope-left-'));
  for (const name of ['spool', 'ledgers']) mkdirSync(join(folder, name), { mode: 0o700 });
  store = openStore(':memory:');
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const SENDER = 'a1a1a1a1a1a1';
const nothing = { recorded: 0, sent: 0, left: 0, takenOver: 0, dropped: {} };
const left = (name: 'spool' | 'ledgers'): string[] => readdirSync(join(folder, name));
const senders = (): string[] => (store.loadRun().ledgers ?? []).map(({ sender }) => sender).sort();

function reader() {
  return createLeftReader({
    folder,
    store,
    onTraces: (rows) => store.keepTraces(rows),
    onMetrics: (rows) => store.keepMetrics(rows),
    onLogs: (rows) => store.keepLogs(rows),
    settings: { captureContent: 'off', pricesFile: '' },
  });
}

function ledger(sender: string, mark: ProcessMark, isEnded: boolean): void {
  writeLedger(folder, { sender, mark, isEnded, traces: { ...nothing, recorded: 3 }, logs: nothing });
}

test('a request that came by the network, too, is one in the store; one that is no OTLP is left out', () => {
  const leave = createRunSpool({ folder, sender: SENDER, maxBytes: 1_000_000 });
  const body = Buffer.from(traceBytes('protobuf'));
  leave('traces', { body, items: 1 });
  leave('traces', { body, items: 1 });
  leave('traces', { body: Buffer.from('no protobuf at all'), items: 1 });
  reader().finish();
  expect(store.loadRun().spans).toHaveLength(1);
  expect(left('spool')).toEqual([]);
});

test('one look takes a few requests, so that programs which send meanwhile are answered', () => {
  const leave = createRunSpool({ folder, sender: SENDER, maxBytes: 1_000_000 });
  for (let index = 0; index < 10; index++) leave('traces', { body: Buffer.from(traceBytes('protobuf')), items: 1 });
  const looking = reader();
  looking.look();
  expect(left('spool')).toHaveLength(6);
  looking.finish();
  expect(left('spool')).toEqual([]);
});

test('at the end a process that lives may still send; one that is gone, or in another container, has told its last', () => {
  const gone = { ...ownMark(), pid: 4_194_303 };
  const elsewhere = { ...ownMark(), space: 'pid:[1]' };
  ledger(SENDER, ownMark(), false);
  ledger('b2b2b2b2b2b2', gone, false);
  ledger('c3c3c3c3c3c3', elsewhere, false);
  ledger('d4d4d4d4d4d4', ownMark(), true);
  const looking = reader();
  looking.look();
  expect(senders()).toEqual(['d4d4d4d4d4d4']);
  looking.finish();
  expect(senders()).toEqual(['b2b2b2b2b2b2', 'c3c3c3c3c3c3', 'd4d4d4d4d4d4']);
  expect(left('ledgers')).toEqual([SENDER]);
});

test('a run that kills thousands of its workers keeps no more than a thousand of their files', () => {
  const gone = { pid: 4_194_303 };
  const looking = reader();
  for (let index = 0; index < 1_000; index++) ledger(String(index).padStart(12, '0'), gone, false);
  looking.look();
  expect(left('ledgers')).toHaveLength(1_000);
  ledger(SENDER, gone, false);
  looking.look();
  expect(left('ledgers')).toEqual([]);
  expect(senders()).toHaveLength(1_001);
});

test('a folder that is gone, or holds rubbish, changes nothing', () => {
  writeFileSync(join(folder, 'ledgers', 'x'), '{', { mode: 0o600 });
  writeFileSync(join(folder, 'spool', 'x'), '{', { mode: 0o600 });
  const looking = reader();
  looking.finish();
  rmSync(folder, { recursive: true });
  looking.finish();
  expect(store.loadRun()).toMatchObject({ ledgers: [], spans: [], losses: {} });
});
