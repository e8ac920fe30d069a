/** How much memory a command takes to analyse a run of very many spans. */
import { setFlagsFromString } from 'node:v8';
import type { RunData } from '../analysis/index.ts';

/** Smaller runs take less than half a gigabyte, and lose time for nothing. */
const MANY_SPANS = 200_000;
/**
 * V8 lets the heap double before it looks for garbage. With a third, the report of a million spans takes 1.7 GB where it took 2.4 GB, for more
 * CPU time (`bench/README.md`).
 */
const GROWTH = '--heap-growing-percent=30';

/** To be called between reading and analysing. */
export function keepHeapLow(data: RunData): RunData {
  if (data.spans.length >= MANY_SPANS) setFlagsFromString(GROWTH);
  return data;
}
