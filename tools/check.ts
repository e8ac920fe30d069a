/**
 * Runs the checks of tools/check/steps.ts, cheap ones first, and counts: each step and each test is one.
 * `node tools/check.ts [WORD...]` runs all, or the steps with such a word in their title; `--script NAME` runs those of
 * an npm script.
 */
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { notRun, slowestFiles } from './check/closing-lines.ts';
import { LEAVES_OUT } from './check/environment.ts';
import { runStep } from './check/run-step.ts';
import { madeGood, secondLookFiles, withSecondLook } from './check/second-look.ts';
import { SCRIPTS, steps, type Step } from './check/steps.ts';
import { countTests, type Count } from './check/test-report.ts';

const { values, positionals: words } = parseArgs({ options: { script: { type: 'string' } }, allowPositionals: true });
const script = SCRIPTS.find((name) => name === values.script);
if (script !== values.script) throw new Error(`No script is called ${values.script}; there are ${SCRIPTS.join(', ')}.`);
const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'swarmscope-check-'));
const reports: unknown[] = [];
const NOTHING: Count = { passed: 0, failed: 0, remarks: [], leftOut: [] };
/** Tests that failed among all others and passed alone. */
const secondLooks: string[] = [];
const running = new Set<ChildProcess>();
let endedBy: NodeJS.Signals | undefined;

const chosen = steps.filter(
  ({ title, scripts }) =>
    (script === undefined || scripts.includes(script)) && (words.length === 0 || words.some((word) => title.includes(word))),
);

function run(step: Step, look: 'first' | 'last'): Promise<boolean> {
  // In CI a missing program is a failure.
  const env = { [LEAVES_OUT]: script === undefined ? '0' : '1' };
  const report = reportOf(step);
  rmSync(report, { force: true });
  const onStart = (child: ChildProcess): void => {
    running.add(child);
    child.once('exit', () => running.delete(child));
  };
  return runStep(step, { cwd: root, report, look, env, onStart });
}

const reportOf = ({ title }: Step): string => join(folder, `${title.replaceAll(/\W+/g, '-')}.json`);

/** Counts the tests of a step; files that failed are run once more, alone, and count as they are then. */
async function testCount(step: Step): Promise<Count> {
  const hasPassed = await run(step, 'first');
  try {
    const first = readReport(step);
    const files = hasPassed ? [] : secondLookFiles(first);
    if (files.length === 0 || endedBy !== undefined) return counted(first, hasPassed, step);
    const again = { ...step, title: `${step.title}, a second look at ${files.length}`, args: aloneArgs(step, files) };
    const isGood = await run(again, 'last');
    const second = readReport(again);
    secondLooks.push(...madeGood(first, second));
    return counted(withSecondLook(first, second), isGood, step);
  } catch (error) {
    if (endedBy !== undefined) return NOTHING;
    return { passed: 0, failed: 1, remarks: [`${step.title}: the tests left no report: ${String(error)}`], leftOut: [] };
  }
}

function readReport(step: Step): unknown {
  return JSON.parse(readFileSync(reportOf(step), 'utf8'));
}

/** A runner that dies after a green report (an open handle, a failing teardown) has failed too. */
function counted(tests: unknown, hasPassed: boolean, { title }: Step): Count {
  reports.push(tests);
  const count = countTests(tests);
  if (hasPassed || count.failed > 0) return count;
  return { ...count, failed: 1, remarks: [`${title}: failed although every test passed`] };
}

/** The runner and its reporting as before, the named files alone. */
function aloneArgs({ args }: Step, files: readonly string[]): string[] {
  const options = args.slice(0, args.indexOf('{report}') + 1);
  return [...options, '--verbose', '--runInBand', '--runTestsByPath', ...files];
}

async function stepCount(step: Step): Promise<Count> {
  const hasPassed = await run(step, 'last');
  return { passed: hasPassed ? 1 : 0, failed: hasPassed ? 0 : 1, remarks: hasPassed ? [] : [step.title], leftOut: [] };
}

async function main(): Promise<number> {
  const counts: Count[] = [];
  const failedSteps = new Set<string>();
  const count = async (step: Step): Promise<void> => {
    if (endedBy !== undefined) return;
    if (step.after !== undefined && failedSteps.has(step.after)) {
      counts.push({ passed: 0, failed: 1, remarks: [`${step.title}: not run, since "${step.after}" failed`], leftOut: [] });
      return;
    }
    const counted = step.isTests === true ? await testCount(step) : await stepCount(step);
    if (counted.failed > 0) failedSteps.add(step.title);
    counts.push(counted);
  };
  const inTurn = async (some: readonly Step[]): Promise<void> => {
    for (const step of some) await count(step);
  };
  const isAside = ({ beside }: Step): boolean => beside !== undefined && chosen.some(({ title }) => title === beside);
  for (const step of chosen.filter((each) => !isAside(each)))
    await Promise.all([count(step), inTurn(chosen.filter(({ beside }) => beside === step.title))]);
  rmSync(folder, { recursive: true, force: true });
  if (endedBy !== undefined)
    counts.push({ passed: 0, failed: 1, remarks: [`ended by ${endedBy}: the steps after it did not run`], leftOut: [] });
  return close(counts);
}

/** Prints the closing lines and returns the exit code. */
function close(counts: readonly Count[]): number {
  const print = (title: string, lines: readonly string[]): void => {
    if (lines.length > 0) console.log(`\n${title}:\n${lines.map((line) => `  ${line}`).join('\n')}`);
  };
  const sum = (of: 'passed' | 'failed'): number => counts.reduce((all, count) => all + count[of], 0);
  print('slowest test files', slowestFiles(reports, root));
  print('passed at a second look only, alone', secondLooks);
  const leftOut = counts.flatMap((count) => count.leftOut);
  if (script !== undefined) print('not run', notRun(steps, script, leftOut));
  print(
    'failed',
    counts.flatMap(({ remarks }) => remarks),
  );
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed`);
  return sum('failed') === 0 && sum('passed') > 0 ? 0 : 1;
}

/** A runner that outlives the checks would go on using the machine. */
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    endedBy = signal;
    for (const child of running) child.kill(signal);
  });
}
process.exitCode = await main();
