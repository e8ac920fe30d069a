/** What the scanner makes of tables that a machine shows seldom: numbers given out again, a table that vanishes, too many processes. */
import { expect, test } from '@jest/globals';
import type { ProcessStat, ProcessTable } from '../../src/machine/process-table.ts';
import type { ProcessChange } from '../../src/processes/changes.ts';
import { Scanner } from '../../src/processes/scanner.ts';

interface Entry {
  readonly pid: number;
  readonly parentPid: number;
  readonly startMs?: number;
  readonly args?: readonly string[];
  readonly state?: string;
  readonly environment?: string;
}

/** A machine of these processes, whose clock says `atMs`. */
function machine() {
  let entries: readonly Entry[] = [];
  let atMs = 0;
  let isThere = true;
  const entryOf = (pid: number): Entry | undefined => (isThere ? entries.find((entry) => entry.pid === pid) : undefined);
  const table: ProcessTable = {
    list: () => (isThere ? entries.map(({ pid }) => pid) : []),
    stat(pid): ProcessStat | undefined {
      const entry = entryOf(pid);
      if (entry === undefined) return undefined;
      const { parentPid, startMs = 0, args = ['sh'], state = 'S' } = entry;
      const rest = { group: 1, session: 1, cpuMs: 0, childCpuMs: 0, exitStatus: 0 };
      return { pid, name: args[0] ?? '', state, parentPid, startMs, ...rest };
    },
    details(pid) {
      const { args = ['sh'] } = entryOf(pid) ?? { args: [] };
      return { executable: args[0] === undefined ? undefined : `/bin/${args[0]}`, folder: undefined, args };
    },
    environment: (pid) => entryOf(pid)?.environment ?? 'A=1\0',
    use: () => ({ peakMemoryBytes: undefined, readBytes: undefined, writtenBytes: undefined, passedBytes: undefined }),
    upMs: () => (isThere ? atMs : undefined),
  };
  return {
    table,
    now: () => atMs,
    /** From now on these live, some time later. */
    show(...next: readonly Entry[]) {
      entries = next;
      atMs += 2_000;
    },
    vanish: () => void (isThere = false),
    comeBack: () => void (isThere = true),
  };
}

function scanned(maxProcesses = 100) {
  const at = machine();
  const scanner = new Scanner({ ...at, runId: 'run-1', silentAfterMs: 60_000, maxProcesses });
  const changes: ProcessChange[] = [];
  const program: Entry = { pid: 10, parentPid: 1 };
  at.show(program);
  changes.push(...scanner.begin(10));
  return {
    ...at,
    scanner,
    program,
    /** Types and pids of what a scan tells, without counters. */
    scan(): string[] {
      const more = scanner.scan();
      changes.push(...more);
      const pidOf = (id: number): number | undefined => {
        const start = changes.find((change) => change.type === 'started' && change.id === id);
        return start?.type === 'started' ? start.pid : undefined;
      };
      return more.filter(({ type }) => type !== 'used').map(({ type, id }) => `${type} ${pidOf(id)}`);
    },
  };
}

test('a number that was given out again is another process: the first has ended, and the second is no child of the run', () => {
  const { show, scan, program } = scanned();
  show(program, { pid: 11, parentPid: 10, startMs: 500 });
  expect(scan()).toEqual(['started 11']);
  show(program, { pid: 11, parentPid: 10, startMs: 900 });
  // The look that meets it and the one that follows tell both.
  expect([...scan(), ...scan()]).toEqual(['ended 11', 'started 11']);
  show(program, { pid: 11, parentPid: 1, startMs: 1_500 });
  expect([...scan(), ...scan()]).toEqual(['ended 11']);
});

test('a table that vanishes says nothing of who has ended, and one that comes back goes on', () => {
  const { show, scan, program, vanish, comeBack, scanner } = scanned();
  show(program, { pid: 11, parentPid: 10 });
  expect(scan()).toEqual(['started 11']);
  vanish();
  expect(scan()).toEqual([]);
  expect(scanner.size).toBe(2);
  comeBack();
  show(program);
  expect(scan()).toEqual(['ended 11']);
});

test('processes that are too many are counted once each, and are followed when there is room again', () => {
  const { show, scan, program, scanner } = scanned(3);
  const children = [11, 12, 13, 14].map((pid) => ({ pid, parentPid: 10 }));
  show(program, ...children);
  expect(scan()).toEqual(['started 11', 'started 12']);
  show(program, ...children);
  expect(scan()).toEqual([]);
  expect(scanner.beyond).toBe(2);
  show(program, ...children.slice(1));
  expect(scan()).toEqual(['ended 11', 'started 13']);
  show(program, { pid: 14, parentPid: 10 }, { pid: 15, parentPid: 10 });
  expect(scan()).toEqual(['ended 12', 'ended 13', 'started 14', 'started 15']);
  expect(scanner.beyond).toBe(2);
});

test('a process that hides what it is, and one that is another user’s, is followed by its parent', () => {
  const { show, scan, program } = scanned();
  show(program, { pid: 11, parentPid: 10, args: [], environment: '' }, { pid: 12, parentPid: 11, environment: '' });
  expect(scan()).toEqual(['started 11', 'started 12']);
});

test('a zombie has ended, and is told once', () => {
  const { show, scan, program } = scanned();
  show(program, { pid: 11, parentPid: 10 });
  expect(scan()).toEqual(['started 11']);
  show(program, { pid: 11, parentPid: 10, state: 'Z' });
  expect([...scan(), ...scan()]).toEqual(['ended 11']);
});
