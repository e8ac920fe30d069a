// Compares a report with what the program and the model server counted themselves.
import { loadavg, availableParallelism } from 'node:os';
import { expect } from '@jest/globals';
import type { Noted, Observed, Outcome } from './swarm.ts';

/** Half of all moments differ by less. */
const TOLERANCE_MS = 250;
/** And each by less than this: a program that is starting notes the end of its first call when it comes to it. */
const MOST_MS = 5_000;

/**
 * Where more wants to run than there are cores, a program notes its times as much later. On a machine with nothing
 * else to do this is {@link TOLERANCE_MS}.
 */
const busy = (): number => Math.max(1, (loadavg()[0] as number) / availableParallelism());

/** US dollars per million tokens, from the providers' own pages. */
const PRICES: Readonly<Record<string, { readonly input: number; readonly output: number }>> = {
  'gpt-4o-mini': { input: 0.15, output: 0.6 },
  'claude-opus-4-5': { input: 5, output: 25 },
};

/** The program did and said what it does and says without us. */
export function expectSameProgram(seen: Outcome, bare: Outcome): void {
  expect([seen.stdout, seen.code]).toEqual([bare.stdout, bare.code]);
  expect(bare.code).toBe(0);
  expect(seen.server.total).toEqual(bare.server.total);
}

/** Calls and tokens, in sum, by model, by process, and when they were. */
export function expectCalls({ report, calls, server, noted, bills }: Observed): void {
  const { total, times } = server;
  expect(report.usage).toMatchObject({
    calls: total.calls,
    isLowerBound: false,
    tokens: { input: total.inputTokens, output: total.outputTokens },
  });
  expect(Object.fromEntries(report.usage.models.map((model) => [model.model, model.calls]))).toEqual(total.models);
  expect(callsByProcess(calls)).toEqual(callsByName(noted, server));
  const told = noted.filter(({ kind }) => kind === 'call');
  // Who does not tell of single calls is compared with the server, which sees a call some milliseconds later.
  expectMoments('calls', calls, told.length > 0 ? told : times);
  const bill = bills.size > 0 ? [...bills.values()].reduce((sum, { costUsd }) => sum + costUsd, 0) : priceOf(total.models);
  expect(report.usage.cost).toMatchObject({ currency: 'USD', pricedCalls: total.calls, unpricedCalls: 0 });
  expect(report.usage.cost.amount).toBeCloseTo(bill, 8);
}

/** Every agent of the log, with its own calls, tokens, cost, tools, git commands, start and end. */
export function expectAgents({ report, server, noted, bills }: Observed): void {
  const told = noted.filter(({ kind }) => kind === 'agent').toSorted((a, b) => a.pid - b.pid);
  const seen = report.agents.toSorted((a, b) => (a.pid ?? 0) - (b.pid ?? 0));
  const figures = seen.map(({ pid, calls, tokens, tools, gitCommands, exitCode }) => ({
    pid,
    calls,
    input: tokens.input,
    output: tokens.output,
    tools,
    gitCommands,
    // The kernel tells a process' exit code to its parent alone.
    exitCode: exitCode ?? 0,
  }));
  expect(figures).toEqual(
    told.map(({ name, pid }) => {
      const { calls, inputTokens: input, outputTokens: output, tools, git } = server.byName.get(name) ?? {};
      return { pid, calls, input, output, tools, gitCommands: git, exitCode: 0 };
    }),
  );
  expectMoments('agents', seen, told);
  for (const [index, { name }] of told.entries()) expect(seen[index]?.cost.amount).toBeCloseTo(bills.get(name)?.costUsd ?? Number.NaN, 8);
}

/** What the program ran itself and what the tools of models ran, no more and no less: an agent's own commands are none of it. */
export function expectGit({ report, server, noted }: Observed): void {
  expect(report.git.count).toBe(noted.filter(({ kind }) => kind === 'git').length + server.total.git);
  expect(report.trouble.errors).toEqual([]);
}

/** Nobody told of calls: none is reported, and nobody is said to have waited. */
export function expectUnobserved({ report, text }: Observed): void {
  expect(report.usage.calls).toBe(0);
  expect(report.usage.cost.amount).toBeUndefined();
  expect(report.laneTime.byCategory.filter(({ category }) => category.startsWith('wait:'))).toEqual([]);
  expect(text).not.toMatch(/orchestrator +[\d.]+ /);
}

function callsByProcess(calls: Observed['calls']): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { pid } of calls) counts[String(pid)] = (counts[String(pid)] ?? 0) + 1;
  return counts;
}

/** By the process that the program says worked under each name. */
function callsByName(noted: readonly Noted[], { byName }: Observed['server']): Record<string, number> {
  const counts: Record<string, number> = {};
  const pids = new Map(noted.filter(({ kind }) => kind !== 'git').map(({ name, pid }) => [name, pid]));
  for (const [name, { calls }] of byName) {
    const pid = String(pids.get(name));
    counts[pid] = (counts[pid] ?? 0) + calls;
  }
  return counts;
}

interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/** Pairs the moments in their order, which is the pairing with the least differences. */
function expectMoments(what: string, seen: readonly Span[], told: readonly Span[]): void {
  const times = busy();
  for (const moment of ['startMs', 'endMs'] as const) {
    const [a, b] = [seen, told].map((list) => list.map((each) => each[moment]).toSorted((x, y) => x - y)) as [number[], number[]];
    const differences = a.map((ms, index) => Math.abs(ms - (b[index] ?? Number.NaN))).toSorted((x, y) => x - y);
    const median = differences[Math.floor((differences.length - 1) / 2)] ?? 0;
    const late = [...(median <= TOLERANCE_MS * times ? [] : differences), ...differences.filter((ms) => !(ms <= MOST_MS * times))];
    expect({ what, moment, count: a.length, late }).toEqual({ what, moment, count: b.length, late: [] });
  }
}

function priceOf(models: Readonly<Record<string, number>>): number {
  return Object.entries(models).reduce((sum, [model, calls]) => {
    const price = PRICES[model];
    return sum + (calls * (700 * (price?.input ?? Number.NaN) + 30 * (price?.output ?? Number.NaN))) / 1_000_000;
  }, 0);
}
