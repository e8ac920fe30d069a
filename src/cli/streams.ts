/** Standard output and standard error of our commands: each may fail at any time, and no command ends by that. */
import { SwarmscopeError } from './errors.ts';
import { printable } from './printable.ts';

/** The reader has left: nobody is there to be told. */
const READER_LEFT: ReadonlySet<string | undefined> = new Set(['EPIPE', 'ECONNRESET', 'ERR_STREAM_DESTROYED']);

/** To be called before anything is written: without a listener, an error of a stream ends a process of Node. */
export function guardStreams(): void {
  for (const name of ['stdout', 'stderr'] as const)
    quietly(() =>
      process[name].on('error', () => {
        // EPIPE, EIO, ENOSPC: what is written there is lost, and what we watch goes on.
      }),
    );
}

/** Standard error: warnings, the status, the report of a run. What cannot be written is lost. */
export function say(text: string): void {
  quietly(() => process.stderr.write(printable(text)));
}

export function warn(message: string): void {
  say(`swarmscope: ${message.replaceAll('\n', ' ')}\n`);
}

/** What was said waits for a slow reader, or the stream is gone: more would only wait behind it. */
export function isHeldUp(): boolean {
  return process.stderr.writableLength > 0;
}

/** Longest wait for a reader of standard error that takes nothing: a pager that is read is not cut off. */
const STUCK_MS = 10_000;
const LOOK_MS = 20;

/** Resolves when all that was said has been taken: false where nobody takes it any more. */
export async function isSaid(): Promise<boolean> {
  let left = process.stderr.writableLength;
  let sinceMs = performance.now();
  while (isHeldUp()) {
    if (performance.now() - sinceMs > STUCK_MS) return false;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    if (process.stderr.writableLength === left) continue;
    left = process.stderr.writableLength;
    sinceMs = performance.now();
  }
  return true;
}

/**
 * Standard output: the result of a command. A reader that has seen enough (`| head -1`) is no fault.
 * @throws SwarmscopeError `FILE` where it cannot be written, such as on a full disk
 */
export function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const written = (error?: (Error & { code?: string }) | null): void => {
      const isGone = READER_LEFT.has(error?.code) || (error?.code === 'EIO' && process.stdout.isTTY);
      if (error === undefined || error === null || isGone) resolve();
      else
        reject(
          new SwarmscopeError('FILE', `Cannot write to standard output (${error.code ?? error.message}). Name a file with --json FILE.`, {
            cause: error,
          }),
        );
    };
    try {
      process.stdout.write(printable(text), written);
    } catch (error) {
      written(error as Error);
    }
  });
}

/** A stream that cannot even be opened throws at its first use: a terminal that is gone (ERR_TTY_INIT_FAILED). */
function quietly(fn: () => unknown): void {
  try {
    fn();
  } catch {
    // Nowhere to say it.
  }
}
