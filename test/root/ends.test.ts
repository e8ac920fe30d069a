/** What a process hands in twice, or hands in and writes itself, is counted once: threads and members at their end. */
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BroadcastChannel } from 'node:worker_threads';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { THREAD_CHANNEL } from '../../src/config/thread-channel.ts';
import { adoptFinals, writeFinalSync } from '../../src/root/finals.ts';
import { Member } from '../../src/root/member.ts';
import { createRunFolder, openRunFolder, type RunFolder } from '../../src/root/run-folder.ts';
import { WaitingThread } from '../../src/root/waiting-thread.ts';
import { numbers, snapshot, valuesOf } from './snapshots.ts';

let base = '';
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'swe-'));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

function rootFolder(): RunFolder {
  const result = createRunFolder(base);
  if ('reason' in result) throw new Error(result.reason);
  return result.folder;
}

const tokens = (sequence: number, a: number) => snapshot('one', sequence, numbers('counter', 'tokens', { a }));

test('a thread that has exported its own final metrics hands nothing to a root that answers too late', async () => {
  const folder = rootFolder();
  const link = new WaitingThread('run', () => undefined);
  const final = tokens(1, 5);
  expect(link.offer(final, true)).toBe(final);
  const [main, witness] = [new BroadcastChannel(THREAD_CHANNEL), new BroadcastChannel(THREAD_CHANNEL)];
  const heard = new Promise((resolve) => (witness.onmessage = resolve));
  main.postMessage({ folder: folder.path });
  await heard;
  link.amend(tokens(2, 5));
  expect({ role: link.role, finals: readdirSync(folder.finals) }).toEqual({ role: 'alone', finals: [] });
  for (const channel of [main, witness]) channel.close();
  link.close();
});

test('a thread whose main thread answers in time leaves its final metrics to the root', async () => {
  const folder = rootFolder();
  const link = new WaitingThread('run', () => undefined);
  expect(link.offer(tokens(1, 5), false)).toBeUndefined();
  const main = new BroadcastChannel(THREAD_CHANNEL);
  main.postMessage({ folder: folder.path });
  while (link.role === 'alone') await new Promise(setImmediate);
  expect(link.offer(tokens(2, 5), true)).toBeUndefined();
  expect(readdirSync(folder.finals)).toHaveLength(1);
  main.close();
  link.close();
});

test.each([
  ['takes no more finals', ({ finals }: RunFolder) => renameSync(finals, `${finals}.last`)],
  ['has removed its folder', ({ path }: RunFolder) => rmSync(path, { recursive: true })],
])('what a member left is the root’s to export; once the root %s, the member writes only what came later', (_, end) => {
  const folder = rootFolder();
  const member = new Member({ runId: 'run', folder: openRunFolder(folder.path)!, count: () => undefined });
  expect(member.offer(tokens(1, 5), true)).toBeUndefined();
  end(folder);
  expect(valuesOf(member.offer(tokens(2, 7), true)!.metrics, 'tokens')).toEqual({ a: 2 });
  member.close();
});

test('a member of a root that was killed writes all that the root is not known to have exported', () => {
  const folder = rootFolder();
  const member = new Member({ runId: 'run', folder: openRunFolder(folder.path)!, count: () => undefined });
  expect(member.offer(tokens(1, 5), true)).toBeUndefined();
  // Above the largest pid Linux gives.
  writeFileSync(join(folder.path, 'pid'), '{"pid":4194305}');
  expect(valuesOf(member.offer(tokens(2, 7), true)!.metrics, 'tokens')).toEqual({ a: 7 });
  member.close();
});

test('finals of a killed root are not removed while another process reads them', () => {
  const { path } = rootFolder();
  writeFileSync(join(path, 'pid'), '{"pid":4194305}');
  writeFinalSync(join(path, 'finals'), tokens(1, 5));
  renameSync(join(path, 'finals'), join(path, 'finals.adopted'));
  mkdirSync(join(path, 'finals'));
  rootFolder();
  expect(readdirSync(join(path, 'finals.adopted'))).toEqual(['one.json']);
  rmSync(join(path, 'finals.adopted'), { recursive: true });
  expect(adoptFinals(path)).toEqual([]);
});
