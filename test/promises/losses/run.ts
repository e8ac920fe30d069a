/** Runs a program under `swarmscope run` and counts its tasks in the report: which came, and what is said of the rest. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonReport } from '../../../src/cli/report/json.ts';
import { commandFile, ensureBuilt, freshFolder, runProgram, startProgram, type RunningProgram } from '../../harness/index.ts';
import { api } from '../../e2e/programs.ts';

ensureBuilt();

/** Of a program and of its test, on a machine that does much else. */
export const LIMIT_MS = 300_000;

/** Records argv[2] tasks in a tight loop and ends as argv[3] says. */
export const tasks = `const { withTask } = require(${api});
const { execFileSync } = require('node:child_process');
const [count, ending] = process.argv.slice(2);
for (let at = 0; at < Number(count); at++) withTask({ type: 'unit' }, () => at);
({ return() {}, exit: () => process.exit(0), hang: () => console.log('recorded') || execFileSync('sleep', ['600']) })[ending ?? 'return']();
`;

export interface Underway extends RunningProgram {
  readonly jsonFile: string;
}

export interface Given {
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** In front of `swarmscope run`. */
  readonly within?: readonly string[];
}

/** Starts `swarmscope run -- sh -c line`, with `tasks.cjs` and the files beside it, in a temporary folder of its own. */
export function start(line: string, { files = {}, env = {}, within = [] }: Given = {}): Underway {
  const jsonFile = join(freshFolder('report'), 'report.json');
  const [command = '', ...args] = [...within, process.execPath, commandFile, 'run', '--quiet', '--json', jsonFile, '--', 'sh', '-c', line];
  const program = startProgram({
    command,
    args,
    files: { 'tasks.cjs': tasks, ...files },
    preload: 'none',
    env: { NODE: process.execPath, TMPDIR: freshFolder('tmp'), ...env },
    timeoutMs: LIMIT_MS,
  });
  return { ...program, jsonFile };
}

export interface Told {
  readonly code: number | null;
  readonly stdout: string;
  /** The printed report, in one line. */
  readonly text: string;
  readonly report: JsonReport;
  /** Tasks that have ended. */
  readonly ended: number;
}

export async function toldBy({ finished, jsonFile }: Underway): Promise<Told> {
  const { code, stdout, stderr } = await finished;
  const report = JSON.parse(readFileSync(jsonFile, 'utf8')) as JsonReport;
  return { code, stdout, text: stderr.replaceAll(/\s+/g, ' '), report, ended: endedIn(report) };
}

export const tell = (line: string, given?: Given): Promise<Told> => toldBy(start(line, given));

/** By `swarmscope report`, of one run. */
export async function reportLater(runId: string, env: Readonly<Record<string, string>>): Promise<JsonReport> {
  const { stdout } = await runProgram({
    command: process.execPath,
    args: [commandFile, 'report', runId, '--json', '-'],
    preload: 'none',
    env,
  });
  return JSON.parse(stdout) as JsonReport;
}

export function endedIn({ taskTypes }: JsonReport): number {
  const { count = 0, open = 0 } = taskTypes.find(({ name }) => name === 'unit') ?? {};
  return count - open;
}

/** That nothing is lost is said by saying nothing. */
export const WHOLE = { missing: undefined, losses: {}, isLowerBound: false };

export const saidOf = ({ report: { missing, losses, usage } }: Told): object => ({ missing, losses, isLowerBound: usage.isLowerBound });
