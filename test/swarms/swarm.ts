// One swarm under `swarmscope run`, and what the program itself said of what it did.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { factsOf } from '../../src/analysis/facts.ts';
import { processOf } from '../../src/analysis/call-tellers.ts';
import type { RunReport } from '../../src/analysis/index.ts';
import { readRun } from '../../src/viewer/index.ts';
import { commandFile, freshFolder, startProgram } from '../harness/index.ts';
import type { ModelServer, ServerCounts } from './model-server.ts';

export interface Swarm {
  readonly command: readonly string[];
  /** Added to the environment; PATH too. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A line of the program's own log, times in epoch ms. */
export interface Noted {
  readonly kind: 'agent' | 'call' | 'git' | 'process';
  readonly name: string;
  readonly pid: number;
  readonly startMs: number;
  readonly endMs: number;
}

export interface Call {
  /** Process that made it, as the analysis finds it. */
  readonly pid: number | undefined;
  readonly startMs: number;
  readonly endMs: number;
}

export interface Outcome {
  readonly stdout: string;
  readonly code: number | null;
  readonly noted: readonly Noted[];
  /** What each `NAME.claude.json` says: Claude Code's own bill. */
  readonly bills: ReadonlyMap<string, { readonly costUsd: number; readonly turns: number }>;
  readonly server: ServerCounts;
}

export interface Observed extends Outcome {
  readonly stderr: string;
  readonly report: RunReport;
  /** The calls of the report, each once, in the order of their start. */
  readonly calls: readonly Call[];
  /** The printed report. */
  readonly text: string;
}

/** Runs it without swarmscope. */
export async function runBare(swarm: Swarm, server: ModelServer): Promise<Outcome & { readonly stderr: string }> {
  const [command = '', ...args] = swarm.command;
  return (await run(swarm, server, { command, args })).outcome;
}

/** Runs it under `swarmscope run FLAG...`. */
export async function runObserved(swarm: Swarm, flags: readonly string[], server: ModelServer): Promise<Observed> {
  const [json, printed] = ['report.json', 'report.txt'].map((name) => join(freshFolder('report'), name)) as [string, string];
  const args = ['run', '--quiet', ...flags, '--json', json, '--report', printed, '--', ...swarm.command];
  const { outcome, home } = await run(swarm, server, { file: commandFile, args });
  if (!existsSync(json)) throw new Error(`there is no report: ${JSON.stringify(outcome)}`);
  const facts = factsOf(readRun(join(home, '.local/share/swarmscope'), 'latest'));
  const calls = [...facts.llm.calls].map((node) => ({ pid: processOf(node), startMs: node.startMs, endMs: node.endMs }));
  return {
    ...outcome,
    report: JSON.parse(readFileSync(json, 'utf8')) as RunReport,
    calls: calls.toSorted((a, b) => a.startMs - b.startMs),
    text: readFileSync(printed, 'utf8'),
  };
}

async function run(swarm: Swarm, server: ModelServer, how: { command?: string; file?: string; args: readonly string[] }) {
  const log = join(freshFolder('log'), 'log.jsonl');
  server.take();
  const running = startProgram({
    ...how,
    preload: 'none',
    env: { ...server.env, ...QUIET, PYTHONDONTWRITEBYTECODE: '1', SWARM_LOG: log, ...swarm.env },
  });
  const { stdout, stderr, code } = await running.finished;
  const outcome = { stdout, stderr, code, noted: readLog(log), bills: readBills(running.folder), server: server.take() };
  return { outcome, home: running.home };
}

/** Claude Code asks for nothing but answers. */
const QUIET = { CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1', DISABLE_AUTOUPDATER: '1' };

function readLog(file: string): Noted[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const { kind, name, pid, start, end } = JSON.parse(line) as {
      kind: Noted['kind'];
      name: string;
      pid: number;
      start: number;
      end: number;
    };
    return { kind, name, pid, startMs: start * 1_000, endMs: end * 1_000 };
  });
}

function readBills(folder: string): Map<string, { costUsd: number; turns: number }> {
  const bills = new Map<string, { costUsd: number; turns: number }>();
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const [, name] = /(?:^|\/)([\w-]+)\.claude\.json$/.exec(file) ?? [];
    if (name === undefined || file.includes('node_modules')) continue;
    const bill = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { total_cost_usd: number; num_turns: number };
    bills.set(name, { costUsd: bill.total_cost_usd, turns: bill.num_turns });
  }
  return bills;
}
