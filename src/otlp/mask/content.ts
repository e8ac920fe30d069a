/** Takes content out of attributes that were read, while its capture is off: other programs may send prompts. */
import { scrubText } from '../../semconv/credentials/index.ts';
import { contentNames, type DialectValue, type ForeignSpan } from '../../semconv/index.ts';

export interface Reading {
  /** What senders say in texts is stored as it came, without the credentials in it. */
  readonly isContentKept: boolean;
}

export const KEEP_CONTENT: Reading = { isContentKept: true };

/** `attributes` (as sent, or already in our words) without what may be content; `sent` tells which vocabulary it is. */
export function withoutContent<Kept extends Readonly<Record<string, DialectValue>>>(
  sent: ForeignSpan,
  attributes: Kept,
  { isContentKept }: Reading,
): Kept {
  const names = new Set(contentNames(sent, attributes));
  if (names.size === 0) return attributes;
  if (isContentKept) return withoutCredentials(attributes, names);
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => !names.has(name))) as Kept;
}

function withoutCredentials<Kept extends Readonly<Record<string, DialectValue>>>(attributes: Kept, names: ReadonlySet<string>): Kept {
  const clean = Object.entries(attributes).map(([name, value]) => [name, names.has(name) ? scrubbed(value) : value]);
  return Object.fromEntries(clean) as Kept;
}

function scrubbed(value: DialectValue): DialectValue {
  if (typeof value === 'string') return scrubText(value);
  return Array.isArray(value) ? (value.map((item) => scrubbed(item as DialectValue)) as DialectValue) : value;
}
