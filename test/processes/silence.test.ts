/** Agents that give no sign: what counts as one, and what is said of them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { JsonReport } from '../../src/cli/report/json.ts';
import { linuxProcesses, type ProcessStat } from '../../src/machine/process-table.ts';
import type { ProcessFacts } from '../../src/processes/changes.ts';
import { Silence } from '../../src/processes/silence.ts';
import { SilentAgents, type Watched } from '../../src/processes/silent-agents.ts';
import { commandFile, ensureBuilt, freshFolder, runProgram, startSink } from '../harness/index.ts';
import { metricPointsOf, spansOf } from '../harness/received.ts';

const SECOND = 1_000;
const sign = { cpuMs: 0, passedBytes: 0, family: '1' };

/** Of a process that does so much a second, seen every half second for a minute. */
function sinceOf(perSecond: { cpuMs?: number; passedBytes?: number }): number {
  const silence = new Silence(60 * SECOND, 0);
  for (let atMs = 0; atMs <= 60 * SECOND; atMs += 500) {
    const seconds = atMs / SECOND;
    silence.note({ ...sign, cpuMs: (perSecond.cpuMs ?? 0) * seconds, passedBytes: (perSecond.passedBytes ?? 0) * seconds }, atMs);
  }
  return silence.sinceMs;
}

// What idle and waiting programs were measured to do.
test('an agent that waits for a silent server gives no sign', () => {
  expect(sinceOf({ cpuMs: 2, passedBytes: 99 })).toBe(0);
  expect(sinceOf({ passedBytes: 198 })).toBe(0);
});

test('an agent that is sent pings, or whose child works, gives signs', () => {
  expect(sinceOf({ cpuMs: 24 })).toBe(60 * SECOND);
  expect(sinceOf({ passedBytes: 726 })).toBe(60 * SECOND);
});

test('another child is a sign', () => {
  const silence = new Silence(60 * SECOND, 0);
  for (const [atMs, family] of [
    [0, '1'],
    [30 * SECOND, '1'],
    [40 * SECOND, '1,2'],
    [50 * SECOND, '1,2'],
  ] as const)
    silence.note({ ...sign, family }, atMs);
  expect(silence.sinceMs).toBe(40 * SECOND);
});

/** A process of an agent `claude` with pid 10, or one below it. */
function process(pid: number, parentPid: number, more: Partial<ProcessStat> = {}): Watched {
  const facts: ProcessFacts = {
    executable: pid === 10 ? 'claude' : 'mvn',
    name: '',
    kind: '',
    agentName: pid === 10 ? 'claude' : undefined,
    isNode: false,
    isFork: false,
    isRead: true,
    repository: undefined,
    worktree: undefined,
    traceparent: undefined,
    hasTrace2: false,
  };
  const stat: ProcessStat = {
    ...{ pid, parentPid, name: '', state: 'S', group: 1, session: 1, startMs: 0 },
    ...{ cpuMs: 0, childCpuMs: 0, exitStatus: 0 },
    ...more,
  };
  return { id: pid, stat, facts, use: { peakMemoryBytes: 0, readBytes: 0, writtenBytes: 0, passedBytes: 0 } };
}

/** What is said in two minutes of these processes. */
function saidOf(at: (seconds: number) => readonly Watched[]): unknown[] {
  const agents = new SilentAgents(60 * SECOND);
  const said = [];
  for (let seconds = 0; seconds <= 120; seconds += 0.5)
    said.push(...agents.look(new Map(at(seconds).map((each) => [each.stat.pid, each])), seconds * SECOND));
  return said;
}

test('a busy child is not silent, an idle one is named, and a stopped agent is called stopped', () => {
  expect(saidOf((seconds) => [process(10, 1), process(11, 10, { cpuMs: 980 * seconds })])).toEqual([]);
  expect(saidOf(() => [process(10, 1), process(11, 10)])).toEqual([
    { type: 'silent', id: 10, sinceMs: 0, reason: 'waits_for_child', child: 'mvn' },
  ]);
  expect(saidOf(() => [process(10, 1, { state: 'T' })])).toMatchObject([{ type: 'silent', reason: 'stopped' }]);
  expect(saidOf(() => [process(10, 1)])).toMatchObject([{ type: 'silent', reason: 'quiet', child: undefined }]);
});

test('an agent without a child that holds a connection to another machine is told so, a child comes first', () => {
  const reasonsOf = (...processes: readonly Watched[]): unknown => {
    const asked: (readonly number[])[] = [];
    const agents = new SilentAgents(60 * SECOND, (pids) => asked.push(pids) > 0);
    const said = [];
    for (let seconds = 0; seconds <= 120; seconds += 1)
      said.push(...agents.look(new Map(processes.map((each) => [each.stat.pid, each])), seconds * SECOND));
    return { reasons: said.map((change) => change.type === 'silent' && change.reason), asked };
  };
  // The table of sockets is dear: it is read once.
  expect(reasonsOf(process(10, 1))).toEqual({ reasons: ['connected'], asked: [[10]] });
  expect(reasonsOf(process(10, 1), process(11, 10))).toEqual({ reasons: ['waits_for_child'], asked: [] });
});

test('an agent that goes on stirs', () => {
  const said = saidOf((seconds) => [process(10, 1, { cpuMs: seconds < 90 ? 0 : seconds * 100 })]);
  expect(said).toMatchObject([
    { type: 'silent', sinceMs: 0 },
    { type: 'stirred', id: 10 },
  ]);
});

const onLinux = linuxProcesses() === undefined ? test.skip : test;

onLinux('an agent that is silent is in the status line, in a metric and in its span', async () => {
  ensureBuilt();
  const sink = await startSink();
  const json = join(freshFolder('report'), 'report.json');
  const { stderr, stdout } = await runProgram({
    // It waits for what never comes; no process of its own.
    files: { 'swarm.sh': 'bin/claude -p hi', 'bin/claude': '#!/usr/bin/env python3\nimport time; time.sleep(12)\n' },
    preload: 'none',
    command: 'sh',
    args: [
      '-c',
      `chmod +x bin/claude; exec "$0" "${commandFile}" run --export ${sink.url} --json ${json} -- bash swarm.sh`,
      globalThis.process.execPath,
    ],
    env: { SWARMSCOPE_SILENT_AFTER: '2000', OTEL_METRIC_EXPORT_INTERVAL: '500' },
  });
  await sink.close();
  expect(stderr).toMatch(/claude silent for \d+/);
  const points = metricPointsOf(sink).filter(({ name }) => name === 'swarmscope.agent.silent.time');
  expect(points.length).toBeGreaterThan(0);
  const own = spansOf(sink).find(({ name }) => name === 'claude');
  expect(own?.attributes).toMatchObject({
    'swarmscope.process.silent.time': expect.any(Number),
    'swarmscope.process.silent.after': expect.any(Number),
    'swarmscope.process.silent.reason': 'quiet',
  });
  expect(own?.attributes['swarmscope.process.silent.time']).toBeGreaterThan(2);
  const { silent, run, agents } = JSON.parse(readFileSync(json, 'utf8')) as JsonReport;
  expect(silent).toMatchObject([{ label: expect.stringMatching(/^claude/), isAtEnd: true, reason: 'quiet' }]);
  expect(silent[0]?.startMs).toBeGreaterThanOrEqual(run.startMs);
  // Ends are seen later on a busy machine: that of the silence is the same look.
  expect(silent[0]?.silentMs).toBeLessThanOrEqual((agents[0]?.durationMs ?? 0) + 1);
  expect(`${stdout}${stderr}`).toMatch(/claude\S* was silent for [\d.]+ s .*and\s+gave\s+no\s+sign\s+again/);
});
