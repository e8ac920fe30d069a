/** Long work in slices, between which the event loop serves others. */
import { setImmediate as turn } from 'node:timers/promises';

/** Longest slice. A sender whose request is small waits no longer than this for one that is large. */
const SLICE_MS = 15;

export async function inSlices<T>(steps: Generator<unknown, T>): Promise<T> {
  let untilMs = performance.now() + SLICE_MS;
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    if (performance.now() < untilMs) continue;
    await turn();
    untilMs = performance.now() + SLICE_MS;
  }
}
