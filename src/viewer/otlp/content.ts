/** Keeps content out of the store while its capture is off: other programs may send prompts, commands and ids of people. */
import type { Attributes } from '../../analysis/model.ts';
import { contentNames, type ForeignSpan } from '../../semconv/index.ts';

/** How requests are read. */
export interface Reading {
  /** What senders say in texts is stored as it came. */
  readonly isContentKept: boolean;
}

export const KEEP_CONTENT: Reading = { isContentKept: true };

/** `attributes` (as sent, or already in our words) without what may be content; `sent` tells which vocabulary it is. */
export function withoutContent<Kept extends Attributes>(sent: ForeignSpan, attributes: Kept, { isContentKept }: Reading): Kept {
  if (isContentKept) return attributes;
  const hidden = contentNames(sent, attributes);
  if (hidden.length === 0) return attributes;
  const names = new Set(hidden);
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => !names.has(name))) as Kept;
}
