/** Takes content out of attributes that were read, while its capture is off: other programs may send prompts. */
import { contentNames, type DialectValue, type ForeignSpan } from '../../semconv/index.ts';

export interface Reading {
  /** What senders say in texts is stored as it came. */
  readonly isContentKept: boolean;
}

export const KEEP_CONTENT: Reading = { isContentKept: true };

/** `attributes` (as sent, or already in our words) without what may be content; `sent` tells which vocabulary it is. */
export function withoutContent<Kept extends Readonly<Record<string, DialectValue>>>(
  sent: ForeignSpan,
  attributes: Kept,
  { isContentKept }: Reading,
): Kept {
  if (isContentKept) return attributes;
  const hidden = contentNames(sent, attributes);
  if (hidden.length === 0) return attributes;
  const names = new Set(hidden);
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => !names.has(name))) as Kept;
}
