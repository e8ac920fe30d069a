/** The endings that run no `exit` handler: `process.reallyExit`, and a signal that the process sends itself. */
import realProcess from 'node:process';
import { constants } from 'node:os';
import { wrapMethod } from '../wrap-method.ts';

/** What ends a process by default; Node itself listens to or ignores SIGUSR1, SIGPIPE and SIGPROF. */
const DEADLY = [
  'SIGHUP',
  'SIGINT',
  'SIGQUIT',
  'SIGILL',
  'SIGTRAP',
  'SIGABRT',
  'SIGBUS',
  'SIGFPE',
  'SIGKILL',
  'SIGUSR2',
  'SIGSEGV',
  'SIGALRM',
  'SIGTERM',
  'SIGSYS',
  'SIGXCPU',
] as const;

export interface WaysOut {
  /** Called in `process.reallyExit`, before it. */
  readonly onExit: () => void;
  /** Called before a signal of its own that ends this process: no line after `process.kill` would have run. */
  readonly onOwnSignal: (signal: NodeJS.Signals) => void;
}

/** Neither of the two may throw. */
export function watchWaysOut({ onExit, onOwnSignal }: WaysOut): void {
  inFrontOf('reallyExit', () => onExit());
  inFrontOf('_kill', (pid, number) => {
    const signal = deadlySignal(pid, number);
    if (signal !== undefined) onOwnSignal(signal);
  });
}

/** As PID 1 a process is not ended by what it does not listen to. */
function deadlySignal(pid: unknown, number: unknown): NodeJS.Signals | undefined {
  const isUs = Number(pid) === process.pid || Number(pid) === 0 || Number(pid) === -process.pid;
  if (!isUs || process.pid === 1) return undefined;
  const signal = DEADLY.find((name) => constants.signals[name] === number);
  return signal !== undefined && process.listenerCount(signal) === 0 ? signal : undefined;
}

function inFrontOf(name: string, before: (...args: unknown[]) => void): void {
  try {
    wrapMethod(realProcess, name, (original, self, args) => {
      before(...args);
      return original.apply(self, args);
    });
  } catch {
    // The program has made its process unchangeable: this way out is not seen.
  }
}
