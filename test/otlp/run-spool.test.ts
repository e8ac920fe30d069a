/** What processes leave in the run's folder: whole, private, bounded in bytes for each and for all, and read once. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ownMark } from '../../src/config/process-mark.ts';
import { readLedgers, removeLedger, senderOf, writeLedger, type ProcessLedger } from '../../src/otlp/process-ledger.ts';
import { createRunSpool, hasLeft, takeRunSpool, type LeftRequest } from '../../src/otlp/spool/run-spool.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'swarmscope-run-spool-'));
  for (const name of ['spool', 'ledgers']) mkdirSync(join(folder, name), { mode: 0o700 });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const [ONE, OTHER, THIRD] = ['a1a1a1a1a1a1', 'b2b2b2b2b2b2', 'c3c3c3c3c3c3'];
const open = (sender = ONE, maxBytes = 1_000) => createRunSpool({ folder, sender, maxBytes });
const request = (text: string, items = 1) => ({ body: Buffer.from(text), items });
const files = (): string[] => readdirSync(join(folder, 'spool')).sort();

function taken(): LeftRequest[] {
  const all: LeftRequest[] = [];
  takeRunSpool({ folder, take: (each) => all.push(each) });
  return all;
}

describe('requests', () => {
  test('come back whole, with their signal and items, and once', () => {
    const leave = open();
    expect([leave('traces', request('one', 3)), leave('logs', request('two', 4))]).toEqual([true, true]);
    for (const file of files()) expect(statSync(join(folder, 'spool', file)).mode & 0o777).toBe(0o600);
    expect(hasLeft(folder)).toBe(true);
    const found = taken().map(({ signal, items, body }) => ({ signal, items, text: body.toString() }));
    expect(found.sort((a, b) => a.items - b.items)).toEqual([
      { signal: 'traces', items: 3, text: 'one' },
      { signal: 'logs', items: 4, text: 'two' },
    ]);
    expect({ again: taken(), files: files(), hasLeft: hasLeft(folder) }).toEqual({ again: [], files: [], hasLeft: false });
  });

  test('of one process have their bound, those of all together four times as much, and then no more is taken', () => {
    const [first, ...others] = [ONE, OTHER, THIRD, 'd4d4d4d4d4d4'].map((sender) => open(sender));
    expect([first?.('traces', request('x'.repeat(999))), first?.('logs', request('xx'))]).toEqual([true, false]);
    for (const leave of others) expect(leave('traces', request('x'.repeat(1_000)))).toBe(true);
    expect([open('e5e5e5e5e5e5')('traces', request('xx')), open('e5e5e5e5e5e5')('traces', request('x'))]).toEqual([false, true]);
    expect(first?.('logs', request('x'))).toBe(false);
    expect(files()).toHaveLength(5);
  });

  test('that were cut, are links or have other names are not handed over', () => {
    const leave = open();
    leave('traces', request('whole'));
    leave('traces', request('cut'));
    truncateSync(join(folder, 'spool', files()[1] ?? ''), 1);
    writeFileSync(join(folder, 'outside'), 'linked', { mode: 0o600 });
    symlinkSync(join(folder, 'outside'), join(folder, 'spool', `1800000000000-${OTHER}-1-1-6.traces.otlp`));
    writeFileSync(join(folder, 'spool', 'note'), 'x');
    expect(taken().map(({ body }) => body.toString())).toEqual(['whole']);
    expect(files()).toEqual(['note']);
    expect(existsSync(join(folder, 'outside'))).toBe(true);
  });

  test('are not written where the run is over, or where others may write', () => {
    rmSync(join(folder, 'spool'), { recursive: true });
    expect(open()('traces', request('late'))).toBe(false);
    expect(existsSync(join(folder, 'spool'))).toBe(false);
    mkdirSync(join(folder, 'open'), { mode: 0o777 });
    symlinkSync(join(folder, 'open'), join(folder, 'spool'));
    expect(open()('traces', request('elsewhere'))).toBe(false);
    expect({ taken: taken(), there: readdirSync(join(folder, 'open')) }).toEqual({ taken: [], there: [] });
  });
});

describe('ledgers', () => {
  const nothing = { recorded: 0, sent: 0, left: 0, takenOver: 0, dropped: {} };
  const ledger = (more: Partial<ProcessLedger> = {}): ProcessLedger => ({
    sender: ONE,
    mark: { pid: 7 },
    isEnded: false,
    traces: { ...nothing, recorded: 3, dropped: { queue_full: 2 } },
    logs: nothing,
    ...more,
  });

  test('are replaced as they change, in a file of a fixed size, and are marked when the process ends in order', () => {
    writeLedger(folder, ledger());
    const path = join(folder, 'ledgers', ONE);
    const { size, mode } = statSync(path);
    expect({ size, mode: mode & 0o777 }).toEqual({ size: 1_024, mode: 0o600 });
    expect({ ended: readLedgers(folder, 'ended'), all: readLedgers(folder, 'all') }).toEqual({ ended: [], all: [ledger()] });
    const last = ledger({ isEnded: true, traces: { ...nothing, recorded: 30 } });
    writeLedger(folder, last);
    expect({ ended: readLedgers(folder, 'ended'), all: readLedgers(folder, 'all') }).toEqual({ ended: [last], all: [last] });
    removeLedger(folder, ONE);
    expect(readdirSync(join(folder, 'ledgers'))).toEqual([]);
  });

  test('with every reason at the largest numbers fit', () => {
    const reasons = ['queue_full', 'exit', 'timeout', 'refused', 'rejected', 'too_large', 'invalid', 'expired'];
    const large = Number.MAX_SAFE_INTEGER;
    const dropped = Object.fromEntries(reasons.map((reason) => [reason, large]));
    const full = { recorded: large, sent: large, left: large, takenOver: large, dropped };
    writeLedger(folder, ledger({ traces: full, logs: full, mark: { ...ownMark(), pid: 4_194_304 } }));
    expect(readLedgers(folder, 'all')).toMatchObject([{ traces: full, logs: full }]);
  });

  test('that are empty, cut, odd or links are left out', () => {
    writeFileSync(join(folder, 'ledgers', OTHER), '', { mode: 0o600 });
    writeFileSync(join(folder, 'ledgers', THIRD), JSON.stringify({ ...ledger(), traces: { ...nothing, recorded: -1 } }), { mode: 0o600 });
    symlinkSync('/dev/zero', join(folder, 'ledgers', 'd4d4d4d4d4d4'));
    expect(readLedgers(folder, 'all')).toEqual([]);
  });

  test('belong to an instance by its id', () => {
    expect(senderOf('0AF76519-16cd-43dd-8448-eb211c80319c')).toBe('0af7651916cd');
    expect(senderOf('host:1')).toBeUndefined();
  });
});
