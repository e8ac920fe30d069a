// Runs every check of this repository, cheap ones first, and counts: each step and each test is one.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { steps, type Step } from './check/steps.ts';
import { countTests, type Count } from './check/test-report.ts';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'swarmscope-check-'));
const report = join(folder, 'tests.json');
const only = process.argv.slice(2);

/** Runs one step and prints what it said: all of it when it failed or when its numbers are worth reading. Resolves whether it passed. */
function runStep(step: Step): Promise<boolean> {
  const startedMs = performance.now();
  console.log(`\n== ${step.title}`);
  return new Promise((resolve) => {
    const args = step.args.map((arg) => (arg === '{report}' ? report : arg));
    const child = spawn(process.execPath, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: step.timeoutMinutes * 60_000,
      env: { ...process.env, ...step.env },
    });
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
      const ending = hasPassed ? 'passed' : `FAILED (${signal ?? `exit code ${code}`})`;
      console.log(`-- ${step.title}: ${ending} in ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
      resolve(hasPassed);
    });
  });
}

function testCount(): Count {
  try {
    return countTests(JSON.parse(readFileSync(report, 'utf8')));
  } catch (error) {
    return { passed: 0, failed: 1, remarks: [`the tests left no report: ${String(error)}`] };
  }
}

async function main(): Promise<number> {
  let passed = 0;
  let failed = 0;
  const failures: string[] = [];
  const chosen = steps.filter(({ title }) => only.length === 0 || only.some((word) => title.includes(word)));
  for (const step of chosen) {
    const hasPassed = await runStep(step);
    const count =
      step.isTests === true
        ? testCount()
        : { passed: hasPassed ? 1 : 0, failed: hasPassed ? 0 : 1, remarks: hasPassed ? [] : [step.title] };
    // A runner that dies after a green report (an open handle, a failing teardown) has failed too.
    if (step.isTests === true && !hasPassed && count.failed === 0)
      Object.assign(count, { failed: 1, remarks: [`${step.title}: failed although every test passed`] });
    passed += count.passed;
    failed += count.failed;
    failures.push(...count.remarks);
  }
  rmSync(folder, { recursive: true, force: true });
  if (failures.length > 0) console.log(`\nfailed:\n${failures.map((line) => `  ${line}`).join('\n')}`);
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

process.exitCode = await main();
