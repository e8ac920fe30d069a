/** Processes of a run are found, with their starts and ends, whatever they do to leave it: real ones, by the real /proc. */
import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { linuxProcesses } from '../../src/machine/process-table.ts';
import type { ProcessChange } from '../../src/processes/changes.ts';
import { monotonicMs } from '../../src/processes/monotonic.ts';
import { Scanner } from '../../src/processes/scanner.ts';
import { freshFolder } from '../harness/index.ts';

const table = linuxProcesses();
const onLinux = table === undefined ? test.skip : test;
/** Of each test: what an earlier one left is another run's. */
let runs = 0;

const children: ChildProcess[] = [];
const pids: number[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const pid of pids.splice(0)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended already.
    }
  }
});

interface Watch {
  readonly child: ChildProcess;
  readonly changes: ProcessChange[];
  scan(): void;
  /** Scans until `found` gives something. */
  until<T>(found: () => T | undefined): Promise<T>;
  started(executable: string): Extract<ProcessChange, { type: 'started' }> | undefined;
  ended(id: number): Extract<ProcessChange, { type: 'ended' }> | undefined;
}

/** A shell text as the program of a run. Where its input is a socket, bash would read its start-up files first. */
function watch(text: string, env: Record<string, string> = {}): Watch {
  if (table === undefined) throw new Error('no /proc');
  const run = `run-${process.pid}-${++runs}`;
  const scanner = new Scanner({ table, runId: run, now: monotonicMs, silentAfterMs: 60_000 });
  const changes: ProcessChange[] = [...scanner.scan()];
  const child = spawn('bash', ['--norc', '-c', text], {
    env: { PATH: process.env['PATH'], SWARMSCOPE_RUN_ID: run, ...env },
    stdio: 'pipe',
  });
  children.push(child);
  changes.push(...scanner.begin(child.pid ?? 0));
  const scan = (): void => {
    const more = scanner.scan();
    for (const change of more) if (change.type === 'started') pids.push(change.pid);
    changes.push(...more);
  };
  return {
    child,
    changes,
    scan,
    async until(found) {
      for (;;) {
        const value = found();
        if (value !== undefined) return value;
        await new Promise((resolve) => setTimeout(resolve, 20));
        scan();
      }
    },
    started(executable) {
      // Seen right after the fork, it becomes what it is a moment later.
      const is = changes.find((change) => 'facts' in change && change.facts.executable === executable);
      return changes.filter((change) => change.type === 'started').find(({ id }) => id === is?.id);
    },
    ended: (id) => changes.filter((change) => change.type === 'ended').find((change) => change.id === id),
  };
}

/** A program of a name of its own, which no other process of the machine has. */
function named(name: string, text = 'exec -a "$0" sleep 300'): string {
  const folder = join(freshFolder('tree'), 'bin');
  mkdirSync(folder);
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/bash\n${text}\n`);
  chmodSync(file, 0o755);
  return file;
}

onLinux('a child is found with its parent and its start, and its end is seen', async () => {
  const seen = watch('sleep 300 & echo $!; wait');
  const beforeMs = monotonicMs();
  const program = seen.started('bash');
  const sleep = await seen.until(() => seen.started('sleep'));
  expect(program).toMatchObject({ foundBy: 'program', parent: undefined });
  expect(sleep).toMatchObject({ foundBy: 'parent', parent: program?.id });
  expect(sleep.startMs).toBeGreaterThan(beforeMs - 1_000);
  expect(sleep.startMs).toBeLessThan(monotonicMs());
  process.kill(sleep.pid, 'SIGKILL');
  const end = await seen.until(() => seen.ended(sleep.id));
  expect(end.atMs).toBeGreaterThanOrEqual(sleep.startMs);
});

const ways: readonly (readonly [title: string, launch: string, foundBy: string])[] = [
  ['nohup', 'nohup PROGRAM >/dev/null & wait', 'parent'],
  ['a session of its own', 'setsid -w PROGRAM', 'parent'],
  ['a cleared environment', 'env -i PROGRAM & wait', 'parent'],
  ['a parent that ends at once', '(PROGRAM &) ; sleep 300', 'marker'],
  ['a session of its own whose parent ends at once', '(setsid PROGRAM &) ; sleep 300', 'marker'],
];
test.each(table === undefined ? [] : ways)('%s does not lose a process', async (_, launch, foundBy) => {
  const program = named('leaver');
  const seen = watch(launch.replace('PROGRAM', program));
  const found = await seen.until(() => seen.changes.find((change) => 'facts' in change && change.facts.executable === 'leaver'));
  const start = seen.changes.find((change) => change.type === 'started' && change.id === found.id);
  // A scan may come in between: then it was a child before it was left alone.
  expect(['program', 'parent', foundBy]).toContain(start?.type === 'started' ? start.foundBy : undefined);
});

onLinux('a process that becomes another program is told as that', async () => {
  const agent = named('claude');
  const seen = watch(`(sleep 0.3; exec ${agent} -p hi) & wait`);
  const became = await seen.until(() => seen.changes.find((change) => change.type === 'became' && change.facts.agentName === 'claude'));
  expect(became).toMatchObject({ facts: { kind: 'agent', executable: 'claude' } });
});

onLinux('an agent is known by its script, and what it starts is not it', async () => {
  const agent = named('claude', 'sleep 300 & wait');
  const seen = watch(`${agent} -p hi & wait`);
  const claude = await seen.until(() => seen.changes.find((change) => 'facts' in change && change.facts.agentName === 'claude'));
  const sleep = await seen.until(() => seen.started('sleep'));
  expect(sleep.parent).toBe(claude.id);
  const facts = seen.changes.findLast((change) => 'facts' in change && change.id === sleep.id);
  expect(facts).toMatchObject({ facts: { agentName: undefined } });
});

onLinux("another run's process and one without a mark are not ours", async () => {
  const other = spawn(named('stranger'), [], {
    env: { PATH: process.env['PATH'], SWARMSCOPE_RUN_ID: `run-${process.pid}-${runs + 1}0` },
    detached: true,
  });
  children.push(other);
  const seen = watch('sleep 300 & wait');
  await seen.until(() => seen.started('sleep'));
  expect(seen.changes.filter((change) => change.type === 'started' && change.pid === other.pid)).toEqual([]);
});

onLinux('a process that nobody waits for has ended, and how is known', async () => {
  // Its parent never asks for it.
  const seen = watch(`exec perl -e '$pid = fork(); if ($pid == 0) { sleep 2; exit 7 } sleep 300'`);
  const child = await seen.until(() => seen.changes.find((change) => change.type === 'started' && change.parent !== undefined));
  const end = await seen.until(() => seen.ended(child.id));
  expect(end).toMatchObject({ status: 0x0700 });
});
