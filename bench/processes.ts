/** The processes that a bench starts: none outlives it, also where it is broken off. */
import { execFile, fork, spawn, type ChildProcess, type ForkOptions, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';

const running = new Set<ChildProcess>();

function kept<Child extends ChildProcess>(child: Child): Child {
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

/** Ends what still runs, at once. */
export function endProcesses(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** Starts a program of `bench/programs/` with a channel to it. */
export function forkProgram(name: string, options: ForkOptions): ChildProcess {
  return kept(fork(join(import.meta.dirname, 'programs', name), options));
}

/** Its next message. Rejects when it ends before it says anything. */
export async function nextMessage<Message>(child: ChildProcess): Promise<Message> {
  const ended = new AbortController();
  const gone = (code: number | null, signal: string | null): void => ended.abort(new Error(`it ended with ${code ?? signal}`));
  child.once('exit', gone);
  try {
    const [message] = (await once(child, 'message', { signal: ended.signal })) as [Message];
    return message;
  } catch (error) {
    throw ended.signal.aborted ? ended.signal.reason : error;
  } finally {
    child.off('exit', gone);
  }
}

/** What it wrote to the descriptor `from`. Rejects when it fails. */
export async function outputOf(command: string, args: readonly string[], options: SpawnOptions & { from: 1 | 3 }): Promise<string> {
  const child = kept(spawn(command, args, options));
  let output = '';
  child.stdio[options.from]?.on('data', (part: Buffer) => (output += String(part)));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  if (code !== 0) throw new Error(`${command} ended with ${code ?? signal}`);
  return output;
}

/** What a program that succeeds writes to its standard error. */
export async function errorsOf(command: string, args: readonly string[], env: Record<string, string | undefined>): Promise<string> {
  const program = promisify(execFile)(command, args, { env });
  kept(program.child);
  return (await program).stderr;
}

/** Runs a program to its end and returns what it printed. Rejects with its words when it fails. */
export async function runProgram(command: string, args: readonly string[], cwd: string): Promise<string> {
  const program = promisify(execFile)(command, args, { cwd, maxBuffer: 64 * 1024 * 1024 });
  kept(program.child);
  return (await program).stdout;
}
