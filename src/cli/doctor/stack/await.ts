/** Waits for answers that take a moment. All waits of one check end at the same time. */
import { setTimeout as sleep } from 'node:timers/promises';

/** Time between two questions. The collector collects telemetry for a second before it passes it on. */
const PAUSE_MS = 250;

export interface Patience {
  /** The longest wait, as it is named in findings. */
  readonly seconds: number;
  /** By `performance.now()`. */
  readonly endMs: number;
}

export function patienceOf(seconds: number): Patience {
  return { seconds, endMs: performance.now() + seconds * 1_000 };
}

/** Asks, at least once, until `isEnough` accepts an answer or the time is up. Resolves with the last answer. */
export async function until<Value>({ endMs }: Patience, ask: () => Promise<Value>, isEnough: (value: Value) => boolean): Promise<Value> {
  for (;;) {
    const value = await ask();
    if (isEnough(value) || performance.now() + PAUSE_MS > endMs) return value;
    await sleep(PAUSE_MS);
  }
}
