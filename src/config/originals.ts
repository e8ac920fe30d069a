/** Timers, clocks and process functions as they were at the start (by own-loader.ts): no mock of the app is called. */
import { AsyncLocalStorage } from 'node:async_hooks';

/** Taken at once: with `--frozen-intrinsics`, `Date` and the loader's stand-in are unusable after the preload. */
const { now } = Date;

export const clock = {
  /** Milliseconds since the epoch, by the machine's clock, which may be set back. */
  now: (): number => now(),
  /** Milliseconds that only grow. */
  monotonic: (): number => performance.now(),
};

export type Timer = ReturnType<typeof setTimeout>;

/** An error in a timer of ours would end the app; the program may have broken what the language offers. */
function quietly(fn: () => void): () => void {
  return () => {
    try {
      fn();
    } catch {
      // Nobody to tell: telling may fail for the same reason.
    }
  };
}

/** Runs `fn` later without keeping the process alive. */
export function later(delayMs: number, fn: () => void): Timer {
  const timer = laterHeld(delayMs, fn);
  timer.unref();
  return timer;
}

/** The same, but the process waits for it: only for a flush with a deadline. */
export function laterHeld(delayMs: number, fn: () => void): Timer {
  return outside(() => setTimeout(quietly(fn), delayMs));
}

/** Runs `fn` when the event loop turns, without keeping the process alive. */
export function soon(fn: () => void): void {
  outside(() => setImmediate(quietly(fn))).unref();
}

export const cancel = (timer: Timer | undefined): void => clearTimeout(timer);

/** Blocks; only while the process ends. */
export function pause(durationMs: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, durationMs);
}

export const raise = (signal: NodeJS.Signals): void => void process.kill(process.pid, signal);

/** Whether a process of that number lives on this machine; one of another user lives too. */
export function isProcessAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Runs `fn` without the async context of any request of the app, which our sockets and timers must not carry. */
export const outside: <T>(fn: () => T) => T = /* @__PURE__ */ AsyncLocalStorage.snapshot();
