/** The processes that this one started: at its end none of them is left, and none still writes. */
import { once } from 'node:events';

const living = new Set();
let isEnding = false;

/** Keeps track of `child` until it has ended. */
export function watched(child) {
  living.add(child);
  child.once('exit', () => living.delete(child));
  child.once('error', () => living.delete(child));
  if (isEnding) child.kill('SIGTERM');
  return child;
}

/** Ends all of them, also those that are started meanwhile, and waits until they are gone. */
export async function endChildren() {
  isEnding = true;
  for (const child of living) child.kill('SIGTERM');
  while (living.size > 0) await Promise.all([...living].map((child) => once(child, 'exit').catch(() => {})));
}

/** On each of these signals ends the children, then calls `cleanUp(signal)`, then exits as a shell expects it. */
export function endOnSignals(cleanUp) {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ]) {
    process.once(signal, async () => {
      await endChildren();
      cleanUp(signal);
      process.exit(code);
    });
  }
}
