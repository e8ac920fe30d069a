/** Timers, files and clocks as they were when this room was loaded, before a fake clock or a mocked `fs` of the app. */
import { AsyncLocalStorage } from 'node:async_hooks';
import * as fs from 'node:fs';
import * as timers from 'node:timers';

const { setTimeout: originalSetTimeout, clearTimeout: originalClearTimeout } = timers;
const { now: originalDateNow } = Date;

export const {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} = fs;

/** Milliseconds since the epoch. */
export const epochMs = (): number => originalDateNow();

/** Our sockets and timers must not carry the async context of whichever request of the app happened to be first. */
export const outside: <T>(fn: () => T) => T = AsyncLocalStorage.snapshot();

export type Timer = ReturnType<typeof setTimeout>;

/** Runs `fn` later without keeping the process alive. */
export function later(delayMs: number, fn: () => void): Timer {
  const timer = outside(() =>
    originalSetTimeout(() => {
      try {
        fn();
      } catch {
        // What fails in a timer of ours would end the app.
      }
    }, delayMs),
  );
  timer.unref();
  return timer;
}

export const cancel = (timer: Timer | undefined): void => originalClearTimeout(timer);
