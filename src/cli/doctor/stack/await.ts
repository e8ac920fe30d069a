/** Waiting for what takes a moment, together and bounded: every wait of one check ends at the same time. */
import { setTimeout as sleep } from 'node:timers/promises';

/** Short beside the second for which the collector gathers a batch. */
const PAUSE_MS = 250;

export interface Patience {
  /** What is waited for at most, for texts. */
  readonly seconds: number;
  /** By `performance.now()`. */
  readonly endMs: number;
}

export function patienceOf(seconds: number): Patience {
  return { seconds, endMs: performance.now() + seconds * 1_000 };
}

/** Asks until `isEnough`, then returns that answer; when the time is up, the last one. Asks once at least. */
export async function until<Value>({ endMs }: Patience, ask: () => Promise<Value>, isEnough: (value: Value) => boolean): Promise<Value> {
  for (;;) {
    const value = await ask();
    if (isEnough(value) || performance.now() + PAUSE_MS > endMs) return value;
    await sleep(PAUSE_MS);
  }
}
