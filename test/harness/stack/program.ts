// One program of the stack as a child process: the end of its output is kept, and its end is waited for.
import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';

export interface ProgramCall {
  /** For messages. */
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Answers 2xx as soon as the program can be used, or 401 where it asks for a login. */
  readonly readyUrl: string;
}

export interface Program {
  readonly pid: number;
  isRunning(): boolean;
  /** Resolves when it has ended. What has ended already is left as it is. */
  end(signal: NodeJS.Signals): Promise<void>;
}

/**
 * What it printed over all its starts, cut from the front: a program that runs wild must not fill the memory of the
 * tests.
 */
export class Log {
  #text = '';
  #dropped = 0;

  add(text: string): void {
    this.#text += text;
    if (this.#text.length <= maxLogCharacters) return;
    this.#dropped += this.#text.length - maxLogCharacters;
    this.#text = this.#text.slice(-maxLogCharacters);
  }

  /** Also how much is missing at its beginning. */
  text(): string {
    return this.#dropped === 0 ? this.#text : `(${this.#dropped} characters before this are dropped)\n${this.#text}`;
  }
}

const maxLogCharacters = 2_000_000;
/** Protects the tests from a program that never gets ready; Tempo on a loaded machine takes seconds. */
const readyLimitMs = 180_000;
/** What does not end after a polite signal is killed. */
const endLimitMs = 20_000;

/** Resolves when it is ready; throws its log when it ends before, and ends it when it is not ready in time. */
export async function startProgram(call: ProgramCall, log: Log): Promise<Program> {
  const child = spawn(call.file, call.args, { cwd: call.cwd, env: { ...call.env }, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => log.add(text));
  let problem: string | undefined;
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      problem = String(error);
      resolve();
    });
    child.once('close', () => resolve());
  });
  const program: Program = {
    pid: child.pid ?? 0,
    isRunning: () => isRunning(child),
    end: (signal) => end(child, ended, signal),
  };
  const limitMs = performance.now() + readyLimitMs;
  while (!(await answers(call.readyUrl))) {
    if (problem !== undefined || !isRunning(child)) {
      await ended;
      throw new Error(`${call.name} ended before it was ready: ${problem ?? ''}\n${log.text().slice(-10_000)}`);
    }
    if (performance.now() > limitMs) {
      await program.end('SIGKILL');
      throw new Error(`${call.name} was not ready within ${readyLimitMs} ms at ${call.readyUrl}:\n${log.text().slice(-10_000)}`);
    }
    await wait(50);
  }
  return program;
}

function isRunning(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

async function answers(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await answer.arrayBuffer();
    return answer.ok || answer.status === 401;
  } catch {
    // Not listening yet, or busy.
    return false;
  }
}

async function end(child: ChildProcess, ended: Promise<void>, signal: NodeJS.Signals): Promise<void> {
  if (isRunning(child)) child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), endLimitMs);
  await ended;
  clearTimeout(timer);
}
