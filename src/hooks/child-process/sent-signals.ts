/** Remembers which signals this process sent to each of its children: what ends by one of them was stopped on purpose. */
import realProcess from 'node:process';
import { constants } from 'node:os';
import { wrapMethod } from '../wrap-method.ts';

/** By pid, as long as the child lives: the numbers of the signals. */
const living = new Map<number, Set<number>>();
let isWatching = false;

/** Watches `child.kill()`, an AbortSignal and a time limit by the child's own handle, and `process.kill(pid)`. */
export function rememberSignals(pid: number, handle: object): void {
  const sent = new Set<number>();
  living.set(pid, sent);
  wrapMethod(handle, 'kill', (kill, self, args) => {
    note(sent, args[0]);
    return kill.apply(self, args);
  });
  if (isWatching) return;
  isWatching = true;
  try {
    wrapMethod(realProcess, '_kill', (kill, self, args) => {
      const [to, signal] = args;
      // A negative pid is the group of that process, 0 the own one.
      if (to === 0) for (const each of living.values()) note(each, signal);
      else note(living.get(Math.abs(Number(to))), signal);
      return kill.apply(self, args);
    });
  } catch {
    // The program has made its process unchangeable: then only `child.kill()` is heard.
  }
}

/** The signal that ended a child if this process sent it; a shell and many programs say it by their exit code, 128 + n. */
export function forgetSignals(pid: number, code: number, signal: string | null): string | undefined {
  const sent = living.get(pid);
  living.delete(pid);
  if (sent === undefined || sent.size === 0) return undefined;
  const number = signal === null ? code - 128 : constants.signals[signal as NodeJS.Signals];
  if (!sent.has(number)) return undefined;
  return Object.entries(constants.signals).find(([, each]) => each === number)?.[0];
}

/** 0 asks whether the process lives. */
function note(sent: Set<number> | undefined, signal: unknown): void {
  if (typeof signal === 'number' && signal > 0) sent?.add(signal);
}
