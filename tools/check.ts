// Runs every check of this repository, cheap ones first, and counts: each step and each test is one.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FIRST_LOOK } from './check/case-reporter.ts';
import { madeGood, secondLookFiles, withSecondLook } from './check/second-look.ts';
import { steps, type Step } from './check/steps.ts';
import { countTests, type Count } from './check/test-report.ts';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'swarmscope-check-'));
const report = join(folder, 'tests.json');
const only = process.argv.slice(2);
/** Tests that failed among all others and passed alone. */
const secondLooks: string[] = [];
let running: ChildProcess | undefined;
let endedBy: NodeJS.Signals | undefined;

/** Runs one step and prints what it said: all of it when it failed or when its numbers are worth reading. Resolves whether it passed. */
function runStep(step: Step, look: 'first' | 'last'): Promise<boolean> {
  const startedMs = performance.now();
  console.log(`\n== ${step.title}`);
  return new Promise((resolve) => {
    const args = step.args.map((arg) => (arg === '{report}' ? report : arg));
    const child = spawn(process.execPath, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: step.timeoutMinutes * 60_000,
      env: { ...process.env, [FIRST_LOOK]: look === 'first' ? '1' : '0' },
    });
    running = child;
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        if (step.output === 'live') process.stdout.write(text);
        else said += text;
      });
    }
    child.once('close', (code, signal) => {
      const hasPassed = code === 0;
      if (said.trim() !== '' && (!hasPassed || step.output === 'kept')) console.log(said.trimEnd());
      const ending = hasPassed ? 'passed' : `${look === 'first' ? 'not passed' : 'FAILED'} (${signal ?? `exit code ${code}`})`;
      console.log(`-- ${step.title}: ${ending} in ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
      resolve(hasPassed);
    });
  });
}

function readReport(): unknown {
  return JSON.parse(readFileSync(report, 'utf8'));
}

/** Counts the tests of a step; files that failed are run once more, alone, and count as they are then. */
async function testCount(step: Step, hasPassed: boolean): Promise<Count> {
  try {
    const first = readReport();
    const files = hasPassed ? [] : secondLookFiles(first);
    if (files.length === 0 || endedBy !== undefined) return ended(countTests(first), hasPassed, step);
    const again: Step = { ...step, title: `${step.title}, a second look at ${files.length}`, args: aloneArgs(step, files) };
    const isGood = await runStep(again, 'last');
    const second = readReport();
    secondLooks.push(...madeGood(first, second));
    return ended(countTests(withSecondLook(first, second)), isGood, step);
  } catch (error) {
    return { passed: 0, failed: 1, remarks: [`the tests left no report: ${String(error)}`] };
  }
}

/** A runner that dies after a green report (an open handle, a failing teardown) has failed too. */
function ended(count: Count, hasPassed: boolean, { title }: Step): Count {
  if (hasPassed || count.failed > 0) return count;
  return { ...count, failed: 1, remarks: [`${title}: failed although every test passed`] };
}

/** The runner and its reporting as before, the named files alone. */
function aloneArgs({ args }: Step, files: readonly string[]): string[] {
  const options = args.slice(0, args.indexOf('{report}') + 2).filter((arg) => arg !== '--runInBand');
  return [...options, '--verbose', '--runInBand', '--runTestsByPath', ...files];
}

async function main(): Promise<number> {
  let passed = 0;
  let failed = 0;
  const failures: string[] = [];
  const chosen = steps.filter(({ title }) => only.length === 0 || only.some((word) => title.includes(word)));
  for (const step of chosen) {
    if (endedBy !== undefined) break;
    const hasPassed = await runStep(step, step.isTests === true ? 'first' : 'last');
    const count =
      step.isTests === true
        ? await testCount(step, hasPassed)
        : { passed: hasPassed ? 1 : 0, failed: hasPassed ? 0 : 1, remarks: hasPassed ? [] : [step.title] };
    passed += count.passed;
    failed += count.failed;
    failures.push(...count.remarks);
  }
  rmSync(folder, { recursive: true, force: true });
  if (secondLooks.length > 0) console.log(`\npassed at a second look only, alone:\n${secondLooks.map((line) => `  ${line}`).join('\n')}`);
  if (endedBy !== undefined) {
    failed += 1;
    failures.push(`ended by ${endedBy}: the steps after it did not run`);
  }
  if (failures.length > 0) console.log(`\nfailed:\n${failures.map((line) => `  ${line}`).join('\n')}`);
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

/** A runner that outlives the checks would go on using the machine. */
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    endedBy = signal;
    running?.kill(signal);
  });
}
process.exitCode = await main();
