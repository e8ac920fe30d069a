/**
 * The demo under `swarmscope run`: the report against the demo's own log of what it did, and Ctrl-C in the middle of
 * it.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { JsonReport } from '../../src/cli/report/json.ts';
import { commandFile, freshFolder, runProgram, startProgram, type ProgramOptions, type ProgramResult } from '../harness/index.ts';
import { repository } from '../harness/paths.ts';
import { causesByLog } from './demo-causes.ts';
import { laneSeconds, readLog, type LogLine } from './demo-log.ts';

const LANES = 4;
/** The demo takes 38 s on an idle machine. */
const TIMEOUT_MS = 180_000;
/** Each category is that close to the log. */
const SHARE = 0.05;
/** Each finding is that close to what the log says its cause took. */
const CAUSE_SHARE = 0.15;
/**
 * Of a category of less than a second, 5 % is less than what lies between the exit of a process and somebody's seeing
 * it.
 */
const SECONDS = 0.05;
/**
 * In the log a worker's start-up ends when it asks for its first call; in the report when that request goes out, after
 * the preload has loaded what records it (some 25 ms on an idle machine).
 */
const LOADING_SECONDS = 0.04;
/**
 * git tells its time from the start of its own program. In the log a command begins before its process does and ends when
 * somebody has seen its end; in the report these moments of each command are `other` (some 1.5 to 2.5 ms).
 */
const GIT_START_SECONDS = 0.003;
const MAX_LOOKS = 3;

interface Demo {
  readonly result: ProgramResult;
  readonly report: JsonReport;
  readonly log: readonly LogLine[];
}

function demo(folder: string, env: Record<string, string> = {}): ProgramOptions {
  mkdirSync(join(folder, 'tmp'));
  return {
    preload: 'none',
    command: process.execPath,
    args: [commandFile, 'run', '--json', join(folder, 'report.json'), '--', process.execPath, join(repository, 'examples/swarm/main.mjs')],
    env: { SWARM_LOG: join(folder, 'log.jsonl'), TMPDIR: join(folder, 'tmp'), ...env },
    timeoutMs: TIMEOUT_MS,
  };
}

function results(folder: string): Pick<Demo, 'report' | 'log'> {
  return { report: JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as JsonReport, log: readLog(join(folder, 'log.jsonl')) };
}

describe("the report of the demo says what the demo's own log says", () => {
  let result: ProgramResult;
  let report: JsonReport;
  let log: readonly LogLine[];
  let temporary: string[];
  const of = (kind: LogLine['kind']): LogLine[] => log.filter((line) => line.kind === kind);
  const sum = (lines: readonly LogLine[], name: 'inputTokens' | 'outputTokens'): number =>
    lines.reduce((total, line) => total + (line[name] ?? 0), 0);

  beforeAll(async () => {
    // What else the machine does meanwhile delays the program between its own clock and ours: then it is looked at
    // again.
    for (let times = 1; times <= MAX_LOOKS; times += 1) {
      const folder = freshFolder('demo');
      result = await runProgram(demo(folder));
      ({ report, log } = results(folder));
      temporary = leftIn(folder);
      if ([...compare(report, log), ...compareCauses(report, log)].every(({ isClose }) => isClose)) return;
    }
  }, MAX_LOOKS * TIMEOUT_MS);

  test("exit code and stdout are the program's, and the report is on stderr", () => {
    expect(result.code).toBe(0);
    expect(report.run.exitCode).toBe(0);
    const lines = result.stdout.trimEnd().split('\n');
    const known = /^(plan: |superstep \d: | {2}worker-\d \w+ \w+: | {2}conflict in |all done in )/;
    expect(lines.filter((line) => !known.test(line))).toEqual([]);
    expect(lines).toHaveLength(1 + 3 + 14 + 1 + 1);
    expect(result.stderr).toContain('Where lane time went');
    expect(temporary).toEqual([]);
  });

  test('every category is within 5 % of the log, or 50 ms where it is less than a second; start-up within our loading more, git within its starts less', () => {
    const rows = compare(report, log);
    expect(rows.filter(({ isClose }) => !isClose)).toEqual([]);
    expect(rows.map(({ category }) => category)).toEqual(
      expect.arrayContaining([
        'llm',
        'git',
        'tool',
        'startup',
        'shutdown',
        'wait:rate_limit',
        'wait:barrier',
        'wait:dependency',
        'wait:orchestrator',
      ]),
    );
  });

  test('the categories add up to lanes x wall time, and the wall time is the life of the program', () => {
    const { wallMs, startMs, endMs } = report.run;
    expect(report.lanes).toEqual({ count: LANES, kind: 'task', occupants: of('task').length });
    const total = report.laneTime.byCategory.reduce((all, { ms }) => all + ms, 0);
    expect(Math.abs(total - LANES * wallMs)).toBeLessThanOrEqual(0.01 * LANES * wallMs);
    const [life] = of('run');
    expect(startMs).toBeLessThanOrEqual(life?.start ?? 0);
    expect(endMs).toBeGreaterThanOrEqual(life?.end ?? Infinity);
    const path = report.wallPath.byCategory.reduce((all, { ms }) => all + ms, 0);
    expect(Math.abs(path - wallMs)).toBeLessThanOrEqual(0.01 * wallMs);
  });

  test('tasks, calls, refusals, tokens, git commands, conflicts, batches and parallelism are counted exactly', () => {
    const tasks = of('task');
    expect(Object.fromEntries(report.taskTypes.map(({ name, count }) => [name, count]))).toEqual(countBy(tasks));
    const calls = of('llm');
    expect({
      calls: report.usage.calls,
      refused: report.trouble.rateLimited.count,
      input: report.usage.tokens.input,
      output: report.usage.tokens.output,
      tools: report.usage.tools.executions,
      toolRequests: report.usage.tools.requests,
      git: report.git.count,
      conflicts: report.git.conflicts,
      batches: report.batches.map(({ size }) => size),
      peak: report.parallelism.peak,
      limit: report.parallelism.limit,
      open: report.trouble.openCount,
      losses: report.losses,
    }).toEqual({
      calls: calls.length,
      refused: calls.filter(({ error }) => error === '429').length,
      input: sum(calls, 'inputTokens'),
      output: sum(calls, 'outputTokens'),
      tools: of('tool').length,
      toolRequests: of('tool').length,
      git: of('git').length,
      conflicts: of('git').filter(({ name, error }) => name === 'merge' && error !== undefined).length,
      batches: [6, 4, 3],
      peak: LANES,
      limit: LANES,
      open: 0,
      losses: {},
    });
    expect([calls.length, report.trouble.rateLimited.count, report.git.conflicts]).toEqual([59, 3, 1]);
    expect(Object.fromEntries(report.usage.models.map(({ model, calls: times }) => [model, times]))).toEqual(countBy(calls));
    expect(Object.fromEntries(report.usage.tools.byName.map(({ name, executions }) => [name, executions]))).toEqual(countBy(of('tool')));
  });

  test('the straggler, the refused calls, the conflict and the barrier are findings, each with the seconds of the log within 15 %', () => {
    const rows = compareCauses(report, log);
    expect(rows.map(({ category }) => category)).toEqual(['straggler', 'rate_limit', 'merge_conflict', 'barrier']);
    expect(rows.filter(({ isClose }) => !isClose)).toEqual([]);
    const stock = report.slowest.find(({ name }) => name === 'implement stock');
    expect(report.findings.find(({ kind }) => kind === 'straggler')?.evidence.spanIds).toContain(stock?.spanId);
    for (const { kind } of report.findings) expect(result.stderr).toContain(kind.replaceAll('_', ' '));
  });

  test("the critical path leads through the planner's call, the tasks, the straggler and the merges, and not along the model server", () => {
    const names = report.wallPath.steps.map(({ name, category }) => name ?? category);
    const stragglers = report.batches.map(({ straggler }) => straggler?.name);
    expect(names).toEqual(expect.arrayContaining(['startup', 'chat gpt-5.5', 'git merge', 'resolve shop', ...stragglers]));
    const stock = report.slowest.find(({ name }) => name === 'implement stock');
    expect(stock).toMatchObject({ rateLimited: { count: 1 }, failedCommands: 1 });
  });
});

interface Row {
  /** Or the kind of a finding. */
  readonly category: string;
  /** Seconds. */
  readonly report: string;
  readonly log: string;
  readonly isClose: boolean;
}

function compare(report: JsonReport, log: readonly LogLine[]): Row[] {
  const logged = laneSeconds(log, { startMs: report.run.startMs, endMs: report.run.endMs, lanes: LANES });
  const loading = log.filter(({ kind }) => kind === 'worker').length * LOADING_SECONDS;
  const starting = log.filter(({ kind }) => kind === 'git').length * GIT_START_SECONDS;
  const reported = new Map<string, number>(report.laneTime.byCategory.map(({ category, ms }) => [category, ms / 1000]));
  return [...new Set([...reported.keys(), ...logged.keys()])].map((category) => {
    const [seconds = 0, truth = 0] = [reported.get(category), logged.get(category)];
    const more = category === 'startup' ? loading : category === 'other' ? starting : 0;
    const less = category === 'git' ? starting : 0;
    const isClose = Math.abs(seconds - truth) <= Math.max(truth * SHARE, SECONDS) + (seconds > truth ? more : less);
    return { category, report: seconds.toFixed(2), log: truth.toFixed(2), isClose };
  });
}

/** A finding that is not named has no seconds. */
function compareCauses(report: JsonReport, log: readonly LogLine[]): Row[] {
  return Object.entries(causesByLog(log, LANES)).map(([kind, truth]) => {
    const value = report.findings.find((finding) => finding.kind === kind)?.recoverableSeconds.value;
    const isClose = value !== undefined && truth > 0 && Math.abs(value - truth) <= CAUSE_SHARE * truth;
    return { category: kind, report: value?.toFixed(2) ?? 'not named', log: truth.toFixed(2), isClose };
  });
}

function countBy(lines: readonly LogLine[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { name } of lines) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

test(
  'Ctrl-C ends the demo once, the report shows what was open, and no process or file is left behind',
  async () => {
    const folder = freshFolder('demo');
    const program = startProgram(demo(folder));
    await program.printed(/superstep 1: .*\n(?:.*\n)*?.*worker-\d \w+/);
    const { pid } = program.child;
    // Without a terminal the command alone gets the signal, and hands it on.
    process.kill(pid ?? 0, 'SIGINT');
    const result = await program.finished;
    expect(result.isTimedOut).toBe(false);
    expect(result.stdout.match(/stopped by SIGINT/g)).toHaveLength(1);
    expect(result.code).toBe(130);
    const { report } = results(folder);
    expect(report.run).toMatchObject({ isFinished: true, exitCode: 130 });
    const cut = report.trouble.errors.find(({ type }) => type === 'process_exit');
    expect(report.trouble.openCount + (cut?.count ?? 0)).toBeGreaterThan(0);
    // A failing test run of a worker is a failure; what the signal ended is none.
    expect(report.trouble.errors.map(({ type }) => type).filter((type) => type.startsWith('SIG'))).toEqual([]);
    expect(result.stderr).toContain('Where lane time went');
    expect(report.taskTypes.map(({ name }) => name)).toContain('implement');
    expect(leftIn(folder)).toEqual([]);
    expect(living(pid ?? 0)).toEqual([]);
  },
  TIMEOUT_MS,
);

/** What lies in the folder for temporary files; our own folder in it stays, empty, for the next run. */
function leftIn(folder: string): string[] {
  return readdirSync(join(folder, 'tmp')).flatMap((name) =>
    name.startsWith('swarmscope-') ? readdirSync(join(folder, 'tmp', name)).map((inner) => join(name, inner)) : [name],
  );
}

/** Command lines of the processes of a group that still run. */
function living(group: number): string[] {
  if (!existsSync('/proc/self/stat')) return [];
  return readdirSync('/proc').flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    try {
      // pid (name) state ppid pgrp: the name may hold anything, so the rest is counted from its last parenthesis.
      const stat = readFileSync(join('/proc', entry, 'stat'), 'utf8');
      const [state, , pgrp] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return Number(pgrp) === group && state !== 'Z' ? [readFileSync(join('/proc', entry, 'cmdline'), 'utf8').replaceAll('\0', ' ')] : [];
    } catch {
      // ENOENT, ESRCH: it ended meanwhile.
      return [];
    }
  });
}
