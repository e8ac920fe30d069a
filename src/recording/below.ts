/** Which of two frames lies deeper. */
import type { Frame } from './types.ts';

/** Frames that are looked through; protects from a chain without an end. */
const MAX_DEPTH = 256;

/** Whether `frame` is `above`, or somewhere below it. */
export function isBelow(frame: Frame | undefined, above: Frame): boolean {
  let each = frame;
  for (let depth = 0; each !== undefined && depth < MAX_DEPTH; depth += 1) {
    if (each === above || each.context === above.context) return true;
    each = each.parent;
  }
  return false;
}
