/** Starts the program that is observed, hands signals on to it, and reports its end as a shell would. */
import { spawn, type ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import { SwarmscopeError } from '../errors.ts';

export interface ProgramEnd {
  code: number | undefined;
  signal: NodeJS.Signals | undefined;
  /** The signal that asked the whole run to end. */
  interruptedBy?: NodeJS.Signals | undefined;
}

export interface Program {
  readonly pid: number;
  readonly ended: Promise<ProgramEnd>;
}

/** Starts the program with our stdio. @throws SwarmscopeError `COMMAND_NOT_FOUND`, `COMMAND_NOT_EXECUTABLE` */
export async function startProgram([file, ...args]: readonly [string, ...string[]], environment: NodeJS.ProcessEnv): Promise<Program> {
  const child = spawn(file, args, { stdio: 'inherit', env: environment });
  const pid = await new Promise<number>((resolve, reject) => {
    child.once('spawn', () => resolve(child.pid ?? 0));
    child.once('error', (cause: NodeJS.ErrnoException) => reject(cannotStart(file, cause)));
  });
  let interruptedBy: NodeJS.Signals | undefined;
  const stopForwarding = forwardSignals(child, (signal) => (interruptedBy ??= signal));
  const ended = new Promise<ProgramEnd>((resolve) => {
    child.once('exit', (code, signal) => {
      stopForwarding();
      resolve({ code: code ?? undefined, signal: signal ?? undefined, interruptedBy });
    });
  });
  return { pid, ended };
}

function cannotStart(file: string, cause: NodeJS.ErrnoException): SwarmscopeError {
  if (cause.code === 'EACCES') {
    return new SwarmscopeError(
      'COMMAND_NOT_EXECUTABLE',
      `Cannot run "${file}": it is not executable. Make it so (chmod +x), or name its interpreter.`,
      { cause },
    );
  }
  if (cause.code === 'ENOENT') {
    return new SwarmscopeError(
      'COMMAND_NOT_FOUND',
      `Cannot run "${file}": no such command. Check its spelling and PATH; a shell line needs: sh -c '...'`,
      { cause },
    );
  }
  return new SwarmscopeError('COMMAND_NOT_EXECUTABLE', `Cannot run "${file}": ${cause.message}`, { cause });
}

/** The terminal sends these signals to the whole foreground group, so they have reached the program already. */
const FROM_TERMINAL: ReadonlySet<NodeJS.Signals> = new Set(['SIGINT', 'SIGQUIT', 'SIGHUP']);
const HANDED_ON: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'];

/** Signals do not end us before the program has ended, so that the report is always printed. */
function forwardSignals(child: ChildProcess, onSignal: (signal: NodeJS.Signals) => void): () => void {
  const isForeground = [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY);
  const listeners = HANDED_ON.map((signal): [NodeJS.Signals, () => void] => [
    signal,
    () => {
      onSignal(signal);
      if (!(isForeground && FROM_TERMINAL.has(signal))) child.kill(signal);
    },
  ]);
  for (const [signal, listener] of listeners) process.on(signal, listener);
  // Kept until the report is printed: a second Ctrl-C must not cut it off half-way.
  return () => {
    for (const [signal, listener] of listeners) {
      process.removeListener(signal, listener);
      // eslint-disable-next-line no-restricted-properties -- the user wants out now, report or not
      process.once(signal, () => process.exit(128 + constants.signals[signal]));
    }
  };
}

/** What a shell would report: 128 + n for a signal. */
export function exitCodeOf({ code, signal }: ProgramEnd): number {
  return signal === undefined ? (code ?? 1) : 128 + constants.signals[signal];
}
