// What a scan need not read again: the list while nobody new is there, and what a process that sleeps has used.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { linuxProcesses, type ProcessTable } from '../../src/machine/process-table.ts';
import { Scanner } from '../../src/processes/scanner.ts';
import { closeAtEnd } from '../harness/index.ts';

const real = linuxProcesses();
const onLinux = real === undefined ? test.skip : test;

const stat = { name: 'sh', state: 'S', group: 1, session: 1, startMs: 0, cpuMs: 0, childCpuMs: 0, exitStatus: 0 };

/** A machine of sleeping processes that counts what is read of it; its clock is set. */
function machine(pids: readonly number[]) {
  const state = { atMs: 0, lastPid: 2 as number | undefined, pids, lists: 0, stats: 0, uses: 0 };
  const table: ProcessTable = {
    list: () => ((state.lists += 1), [...state.pids]),
    lastPid: () => state.lastPid,
    stat: (pid) => ((state.stats += 1), state.pids.includes(pid) ? { ...stat, pid, parentPid: pid - 1 } : undefined),
    details: () => ({ executable: '/bin/sh', folder: undefined, args: ['sh'] }),
    environment: () => 'A=1\0',
    use: () => ((state.uses += 1), { peakMemoryBytes: 1, readBytes: 0, writtenBytes: 0, passedBytes: 0 }),
    upMs: () => state.atMs,
  };
  const scanner = new Scanner({ table, runId: 'run', now: () => state.atMs, silentAfterMs: 60_000 });
  const scan = (atMs: number) => {
    state.atMs = atMs;
    return scanner.scan().map(({ type }) => type);
  };
  return { state, scanner, scan };
}

test('the list is read when an id was given out since, and five times a second at least', () => {
  const { state, scanner, scan } = machine([1, 2]);
  scan(0);
  scanner.begin(2);
  for (const atMs of [50, 100, 150]) scan(atMs);
  expect(state.lists).toBe(1);
  Object.assign(state, { lastPid: 3, pids: [1, 2, 3] });
  expect(scan(175)).toContain('started');
  expect(state.lists).toBe(2);
  // Of an old process nobody tells that it has ended but the list.
  for (const atMs of [1_000, 1_500, 2_000]) scan(atMs);
  state.pids = [1, 2];
  expect([2_050, 2_100, 2_150, 2_200].flatMap((atMs) => scan(atMs)).filter((type) => type === 'ended')).toEqual(['ended']);
});

test('where the kernel does not tell the last id, every scan reads the list', () => {
  const { state, scan } = machine([1, 2]);
  state.lastPid = undefined;
  for (const atMs of [0, 50, 100]) scan(atMs);
  expect(state.lists).toBe(3);
});

test('one that sleeps is looked at once a second, and what it has used every ten', () => {
  const { state, scanner, scan } = machine([1, 2]);
  scan(0);
  scanner.begin(2);
  const during = (fromMs: number, toMs: number) => {
    const before = { ...state };
    for (let atMs = fromMs; atMs < toMs; atMs += 50) scan(atMs);
    return { stats: state.stats - before.stats, uses: state.uses - before.uses };
  };
  during(0, 12_000);
  const { stats, uses } = during(12_000, 32_000);
  expect({ stats, uses }).toEqual({ stats: 20, uses: 2 });
});

onLinux('a stat that is held open is that of its process until it ends, and its descriptor is given back', async () => {
  const child = spawn('sh', ['-c', 'read line; x=0; while [ $x -lt 200000 ]; do x=$((x+1)); done; read line'], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  closeAtEnd(() => void child.kill('SIGKILL'));
  const pid = child.pid as number;
  const open = real?.open?.(pid);
  const first = open?.read();
  expect(first).toMatchObject({ pid, parentPid: process.pid, cpuMs: expect.any(Number) as unknown });
  expect(open?.read()).toBe(first);
  child.stdin.write('go\n');
  while ((open?.read()?.cpuMs ?? Infinity) < 20) await new Promise((resolve) => setTimeout(resolve, 5));
  child.kill('SIGKILL');
  await once(child, 'close');
  expect(open?.read()).toBeUndefined();
  const held = (): number =>
    readdirSync('/proc/self/fd').filter((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`) === `/proc/${pid}/stat`;
      } catch {
        // That of the folder.
        return false;
      }
    }).length;
  expect(held()).toBe(1);
  open?.close();
  open?.close();
  expect([held(), open?.read(), real?.open?.(pid)]).toEqual([0, undefined, undefined]);
});
