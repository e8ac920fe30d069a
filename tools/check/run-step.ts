// Runs one step as a process of its own, prints what it says, and ends it when it takes too long.
import { spawn, type ChildProcess } from 'node:child_process';
import { FIRST_LOOK } from './environment.ts';
import type { Step } from './steps.ts';

/** How long the output of a step that has ended may take to arrive. */
const OUTPUT_LIMIT_MS = 5_000;

export interface StepOptions {
  /** The folder of the repository. */
  readonly cwd: string;
  /** Where tests write their report. */
  readonly report: string;
  /** `first`: what fails is run once more, and is not called a failure yet. */
  readonly look: 'first' | 'last';
  /** Added to the environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly onStart: (child: ChildProcess) => void;
}

/** Resolves whether it passed. Prints all of its output when it failed, or when its numbers are worth reading. */
export function runStep(step: Step, { cwd, report, look, env, onStart }: StepOptions): Promise<boolean> {
  const startedMs = performance.now();
  console.log(`\n== ${step.title}`);
  return new Promise((resolve) => {
    const args = step.args.map((arg) => (arg === '{report}' ? report : arg));
    const child = spawn(process.execPath, args, {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env, [FIRST_LOOK]: look === 'first' ? '1' : '0' },
    });
    onStart(child);
    let isLate = false;
    const limit = setTimeout(() => {
      isLate = true;
      child.kill('SIGKILL');
    }, step.timeoutMinutes * 60_000);
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        if (step.output === 'live') process.stdout.write(text);
        else said += text;
      });
    }
    let isOver = false;
    const finish = (): void => {
      if (isOver) return;
      isOver = true;
      clearTimeout(limit);
      const { exitCode, signalCode } = child;
      const hasPassed = exitCode === 0;
      if (said.trim() !== '' && (!hasPassed || step.output === 'kept')) console.log(said.trimEnd());
      const why = isLate ? `it had not ended after ${step.timeoutMinutes} minutes` : (signalCode ?? `exit code ${exitCode}`);
      const ending = hasPassed ? 'passed' : `${look === 'first' ? 'not passed' : 'FAILED'} (${why})`;
      console.log(`-- ${step.title}: ${ending} in ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
      resolve(hasPassed);
    };
    child.once('close', finish);
    // A program that a test left running may hold the output open: then `close` never comes.
    child.once('exit', () => setTimeout(finish, OUTPUT_LIMIT_MS).unref());
  });
}
