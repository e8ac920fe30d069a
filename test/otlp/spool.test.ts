/**
 * The spool on disk: bounded in bytes, files and age, private, handed over whole, and safe from what does not belong in
 * it.
 */
import {
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readSettings } from '../../src/config/settings/index.ts';
import { createSpool, readSpool, type Claimed, type Spool } from '../../src/otlp/spool/spool.ts';
import { claimedName, isFree, parseSpoolName, spoolName } from '../../src/otlp/spool/name.ts';

let state: string;
let counts: Record<string, number>;

beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'swarmscope-spool-'));
  counts = {};
});
afterEach(() => rmSync(state, { recursive: true, force: true }));

const settingsWith = (more: Record<string, string> = {}): ReturnType<typeof readSettings> =>
  readSettings({ XDG_STATE_HOME: state, ...more });

function open(more: Record<string, string> = {}, headers: Record<string, string> = {}): Spool {
  const count = (name: string, by: number): void => void (counts[name] = (counts[name] ?? 0) + by);
  return createSpool({ settings: settingsWith(more), url: new URL('http://127.0.0.1:4318/v1/traces'), headers, count });
}

const request = (text: string, items = 1): { body: Buffer; items: number } => ({ body: Buffer.from(text), items });
const textOf = (claimed: Claimed | undefined): string | undefined => claimed?.body.toString();
const root = (): string => join(state, 'swarmscope/spool');
const folder = (): string => join(root(), readdirSync(root()).find((name) => name.length === 32) ?? '');
const files = (): string[] => readdirSync(folder()).sort();

test('what is kept comes back whole, oldest first, to one taker at a time', () => {
  const spool = open();
  expect(spool.claim()).toBeUndefined();
  expect([spool.keep(request('one', 3)), spool.keep(request('two', 4))]).toEqual([true, true]);
  const other = open();
  const [first, second] = [spool.claim(), other.claim()];
  expect([textOf(first), textOf(second)].sort()).toEqual(['one', 'two']);
  expect(other.claim()).toBeUndefined();
  first?.release();
  expect(textOf(other.claim())).toBe(textOf(first));
  second?.done();
  expect(readSpool(settingsWith())).toMatchObject({ files: 1, bytes: 3 });
  expect(counts).toEqual({});
});

test('a destination is its address and its credentials', () => {
  expect(open({}, { authorization: 'a', 'User-Agent': 'swarmscope/1' }).keep(request('a'))).toBe(true);
  expect(open({}, { authorization: 'b' }).claim()).toBeUndefined();
  expect(open().claim()).toBeUndefined();
  expect(textOf(open({}, { Authorization: 'a', 'user-agent': 'swarmscope/2' }).claim())).toBe('a');
});

test('the oldest give way to the newest, and one that never fits is not taken', () => {
  const spool = open({ SWARMSCOPE_SPOOL_MAX_BYTES: '10' });
  for (const text of ['aaaa', 'bbbb', 'cc']) expect(spool.keep(request(text, 5))).toBe(true);
  expect(counts).toEqual({});
  expect(spool.keep(request('d', 5))).toBe(true);
  expect(counts).toEqual({ 'spool.dropped': 5 });
  expect(spool.keep(request('x'.repeat(10)))).toBe(true);
  expect(readSpool(settingsWith())).toMatchObject({ files: 1, bytes: 10 });
  expect(spool.keep(request('x'.repeat(11)))).toBe(false);
});

test('what is too old is removed, by whoever looks next', () => {
  const spool = open({ SWARMSCOPE_SPOOL_MAX_AGE: '1000' });
  spool.keep(request('old', 7));
  const [name = ''] = files();
  const older = spoolName({ time: Date.now() - 2_000, items: 7, bytes: 3, unique: 'abcdefabcdef' });
  linkSync(join(folder(), name), join(folder(), older));
  rmSync(join(folder(), name));
  expect(spool.claim()).toBeUndefined();
  expect(counts).toEqual({ 'spool.expired': 7 });
  expect(files()).toEqual([]);
});

describe('a file that is not what we wrote', () => {
  const damage: { name: string; harm: (path: string) => void }[] = [
    { name: 'is cut short', harm: (path) => truncateSync(path, 2) },
    { name: 'is longer', harm: (path) => truncateSync(path, 9_000) },
    { name: 'is huge', harm: (path) => truncateSync(path, 9_000_000_000) },
    { name: 'may be read by others', harm: (path) => chmodSync(path, 0o644) },
    { name: 'has a second name', harm: (path) => linkSync(path, join(state, 'second')) },
    {
      name: 'is a link',
      harm(path) {
        rmSync(path);
        writeFileSync(join(state, 'target'), 'bytes', { mode: 0o600 });
        symlinkSync(join(state, 'target'), path);
      },
    },
  ];
  const hasRoot = process.getuid?.() === 0;
  if (hasRoot) damage.push({ name: 'belongs to another user', harm: (path) => chownSync(path, 12_345, 12_345) });

  test.each(damage)('and $name is removed, counted, and never sent', ({ harm }) => {
    const spool = open();
    spool.keep(request('bytes', 2));
    harm(join(folder(), files()[0] ?? ''));
    expect(spool.claim()).toBeUndefined();
    expect(counts).toEqual({ 'spool.damaged': 2 });
    expect(files()).toEqual([]);
  });

  test('and has another name is left alone; a half written one goes after a minute', () => {
    const spool = open();
    spool.keep(request('bytes'));
    writeFileSync(join(folder(), 'notes.txt'), 'mine');
    writeFileSync(join(folder(), `${Date.now()}-abcdefabcdef-1-5.otlp.part`), 'by');
    writeFileSync(join(folder(), `${Date.now() - 61_000}-abcdefabcdef-1-5.otlp.part`), 'by');
    mkdirSync(join(folder(), `${Date.now() - 1_000}-abcdefabcdef-1-5.otlp`));
    expect(textOf(spool.claim())).toBe('bytes');
    expect(files().filter((name) => name.endsWith('.part'))).toHaveLength(1);
    expect(files()).toContain('notes.txt');
  });
});

test('two makers of the first file agree on one salt', () => {
  const [a, b] = [open(), open()];
  expect([a.keep(request('a')), b.keep(request('b'))]).toEqual([true, true]);
  expect(readdirSync(root()).filter((name) => name.length === 32)).toHaveLength(1);
  expect(readdirSync(root()).filter((name) => name.startsWith('salt'))).toEqual(['salt']);
});

test('a salt that others could have read, or that is short, keeps the spool closed', () => {
  open().keep(request('a'));
  chmodSync(join(root(), 'salt'), 0o644);
  expect(open().keep(request('b'))).toBe(false);
  expect(open().claim()).toBeUndefined();
  expect(counts).toEqual({ 'spool.failed': 1 });
});

describe('a claim', () => {
  const now = 1_800_000_000_000;
  const name = spoolName({ time: now - 5_000, items: 12, bytes: 345, unique: '0123456789ab' });
  const claimed = (pid: number, host: string, time: number): NonNullable<ReturnType<typeof parseSpoolName>> => {
    const parsed = parseSpoolName(claimedName(name, { pid, host, time }));
    if (parsed === undefined) throw new Error('not a name');
    return parsed;
  };
  const here = { host: 'aaaaaaaa', now, isAlive: (pid: number) => pid === 7 };

  test('says who and when, and the name below it stays readable', () => {
    expect(claimed(7, 'aaaaaaaa', now)).toMatchObject({
      time: now - 5_000,
      items: 12,
      bytes: 345,
      claim: { pid: 7, host: 'aaaaaaaa', time: now },
    });
    expect(claimedName(claimed(7, 'aaaaaaaa', now).name, { pid: 8, host: 'bbbbbbbb', time: now })).toBe(claimed(8, 'bbbbbbbb', now).name);
  });

  test.each<{ name: string; pid: number; host: string; ageMs: number; isFreeNow: boolean }>([
    { name: 'of a living process holds', pid: 7, host: 'aaaaaaaa', ageMs: 1_000, isFreeNow: false },
    { name: 'of a dead process is over', pid: 8, host: 'aaaaaaaa', ageMs: 1_000, isFreeNow: true },
    { name: 'of another container holds, whatever its pid', pid: 8, host: 'bbbbbbbb', ageMs: 600_000, isFreeNow: false },
    { name: 'of ten minutes is over in any case', pid: 7, host: 'bbbbbbbb', ageMs: 600_001, isFreeNow: true },
  ])('$name', ({ pid, host, ageMs, isFreeNow }) => {
    expect(isFree(claimed(pid, host, now - ageMs), here)).toBe(isFreeNow);
  });

  test.each(['', 'salt', '../x.otlp', '1800000000000-0123456789ab-1-2.otlp.part', '1800000000000-0123456789ab-1.otlp'])(
    '"%s" is no name of ours',
    (text) => {
      expect(parseSpoolName(text)).toBeUndefined();
    },
  );
});

test('files beyond a number of them go too, however small', () => {
  const spool = open();
  spool.keep(request('first', 1));
  const place = folder();
  for (let index = 0; index < 4_095; index++)
    writeFileSync(join(place, spoolName({ time: 1, items: 1, bytes: 1, unique: index.toString(16).padStart(12, '0') })), 'x', {
      mode: 0o600,
    });
  utimesSync(place, 1, 1);
  const young = open({ SWARMSCOPE_SPOOL_MAX_AGE: '2592000000' });
  expect(young.keep(request('last', 1))).toBe(true);
  expect(readSpool(settingsWith()).files).toBeLessThanOrEqual(4_096);
});
