/** What was counted in this process, and which observers failed; the status file has it, and thus `doctor`. */
import { writeSync } from 'node:fs';
import { startedWith } from './config/started-with.ts';

/** Distinct names kept; ours are few. Protects from a name made of data. */
const MAX_NAMES = 256;
const MAX_REASON_CHARACTERS = 200;

export const counts = new Map<string, number>();
/** The reason of the first fault, by observer. */
export const faults = new Map<string, string>();
let onFault = (): void => undefined;

export function count(name: string, by = 1): void {
  if (counts.has(name) || counts.size < MAX_NAMES) counts.set(name, (counts.get(name) ?? 0) + by);
}

/** Keeps the first fault of each observer. */
export function fault(observer: string, error: unknown): void {
  if (faults.has(observer) || faults.size >= MAX_NAMES) return;
  faults.set(observer, reasonOf(error).slice(0, MAX_REASON_CHARACTERS));
  onFault();
  if (/^(?:debug|all)$/i.test(startedWith['OTEL_LOG_LEVEL'] ?? '')) say(`swarmscope: ${observer}: ${String(error)}\n`);
}

const STDERR = 2;

/** Not by `process.stderr`: the error of a stream that nobody reads would be the program's end. */
function say(line: string): void {
  try {
    writeSync(STDERR, line);
  } catch {
    // EPIPE, EAGAIN, ENOSPC, EBADF: nobody can be told.
  }
}

/** Calls `listener` at each further fault. */
export function whenFaulted(listener: () => void): void {
  onFault = listener;
}

/** The class, the code and the place in our bundles; a message may quote a path or an answer. A string is our own. */
function reasonOf(error: unknown): string {
  if (typeof error === 'string') return error;
  if (!(error instanceof Error)) return `thrown: ${typeof error}`;
  const { code } = error as NodeJS.ErrnoException;
  const place = /\n\s+at [^\n]*?([\w-]+\.cjs:\d+:\d+)/.exec(error.stack ?? '')?.[1];
  return `${error.name}${typeof code === 'string' ? ` ${code}` : ''}${place === undefined ? '' : ` at ${place}`}`;
}
