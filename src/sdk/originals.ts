/** Timers, files and clocks as they were when this room was loaded, before a fake clock or a mocked `fs` of the app. */
import process from 'node:process';
import { AsyncLocalStorage } from 'node:async_hooks';
import * as fs from 'node:fs';
import { performance } from 'node:perf_hooks';
import * as timers from 'node:timers';

const { setTimeout: originalSetTimeout, clearTimeout: originalClearTimeout, setImmediate: originalSetImmediate } = timers;
const { now: originalDateNow } = Date;
const originalPerformanceNow = performance.now.bind(performance);

export const {
  chmodSync,
  closeSync,
  constants,
  fstatSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  readdirSync,
  renameSync,
  rmSync,
  rmdirSync,
  statSync,
  unlinkSync,
  writeFileSync,
} = fs;
const originalKill = process.kill.bind(process);

export const clock = {
  /** Milliseconds since the epoch. */
  now: (): number => originalDateNow(),
  /** Milliseconds that only grow. */
  monotonic: (): number => originalPerformanceNow(),
};

export type Timer = ReturnType<typeof setTimeout>;

/** What fails in a timer of ours would end the app: the program may have broken what the language offers. */
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
  const timer = outside(() => originalSetTimeout(quietly(fn), delayMs));
  timer.unref();
  return timer;
}

/** The same, but the process waits for it: only for a flush with a deadline. */
export function laterHeld(delayMs: number, fn: () => void): Timer {
  return outside(() => originalSetTimeout(quietly(fn), delayMs));
}

export function soon(fn: () => void): void {
  outside(() => originalSetImmediate(quietly(fn))).unref();
}

/** Blocks; only while the process ends. */
export function pause(durationMs: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, durationMs);
}

/** Ends this process by `signal`. */
export const raise = (signal: NodeJS.Signals): void => void originalKill(process.pid, signal);

/** Whether a process of that number lives on this machine; one of another user lives too. */
export function isAlive(pid: number): boolean {
  try {
    return originalKill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

export const cancel = (timer: Timer | undefined): void => originalClearTimeout(timer);

/** One of Node's own modules, loaded late and past every module hook. */
export function builtin<T>(name: string): T {
  return process.getBuiltinModule(name) as T;
}

/** Our sockets and timers must not carry the async context of whichever request of the app happened to be first. */
export const outside: <T>(fn: () => T) => T = AsyncLocalStorage.snapshot();
