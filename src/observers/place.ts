/** Where something hangs that a library names a parent of: below that, or deeper, where the program has opened more. */
import { isBelow } from '../recording/below.ts';
import type { Frame, Recorder } from '../recording/types.ts';

/** The current frame where it lies below `known`, else `known`; without `known` the current one. */
export function placeBelow(recorder: Recorder, known: Frame | undefined): Frame | undefined {
  const current = recorder.current();
  return known === undefined || isBelow(current, known) ? current : known;
}

/** Runs `fn` below `known`, and changes nothing where that is so already. */
export function runBelow<T>(recorder: Recorder, known: Frame, fn: () => T): T {
  return isBelow(recorder.current(), known) ? fn() : recorder.within(known, fn);
}
