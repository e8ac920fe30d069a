/** What the provider's headers say about the limits of the account. */
import type { RateLimit } from '../../semconv/telemetry.ts';
import { readRetryAfter } from '../../semconv/retry-after.ts';
import type { ResponseHead } from '../protocol.ts';

const FAMILIES: readonly { kinds: readonly string[]; header(kind: string, value: 'limit' | 'remaining'): string }[] = [
  { kinds: ['requests', 'tokens'], header: (kind, value) => `x-ratelimit-${value}-${kind}` },
  { kinds: ['requests', 'tokens', 'input-tokens', 'output-tokens'], header: (kind, value) => `anthropic-ratelimit-${kind}-${value}` },
];

/** One entry per limit that names both its size and what remains; `undefined` when the answer names none. */
export function rateLimitsOf(head: ResponseHead): RateLimit[] | undefined {
  const found: RateLimit[] = [];
  for (const family of FAMILIES) {
    for (const kind of family.kinds) {
      const remaining = countIn(head.header(family.header(kind, 'remaining')));
      if (remaining === undefined) continue;
      const limit = countIn(head.header(family.header(kind, 'limit')));
      if (limit !== undefined) found.push({ kind: kind.replace('-', '_'), limit, remaining });
    }
    if (found.length > 0) return found;
  }
  return undefined;
}

/** Seconds the provider asks to wait; `retry-after-ms` is the finer one. A date is left out: clocks differ. */
export function retryAfterOf(head: ResponseHead): number | undefined {
  const milliseconds = countIn(head.header('retry-after-ms')) ?? readRetryAfter(head.header('retry-after'));
  return milliseconds === undefined ? undefined : milliseconds / 1000;
}

function countIn(text: string | undefined): number | undefined {
  if (text === undefined || !/^\s*\d{1,15}\s*$/.test(text)) return undefined;
  return Number(text);
}
