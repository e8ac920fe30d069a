/** What headers say: the limits of the account, how long to wait, which attempt of a call this is. */
import type { EpochMs, RateLimit } from '../../semconv/telemetry.ts';
import { readRetryAfter } from '../../semconv/retry-after.ts';

export interface Headers {
  /** First value of a header; `name` in lower case. */
  header(name: string): string | undefined;
}

const FAMILIES: readonly { kinds: readonly string[]; header(kind: string, value: 'limit' | 'remaining'): string }[] = [
  { kinds: ['requests', 'tokens'], header: (kind, value) => `x-ratelimit-${value}-${kind}` },
  { kinds: ['requests', 'tokens', 'input-tokens', 'output-tokens'], header: (kind, value) => `anthropic-ratelimit-${kind}-${value}` },
];

/** One entry for each limit of which both the size and the rest are named; `undefined` when there is none. */
export function rateLimitsOf(answer: Headers): RateLimit[] | undefined {
  const found: RateLimit[] = [];
  for (const family of FAMILIES) {
    for (const kind of family.kinds) {
      const remaining = countIn(answer.header(family.header(kind, 'remaining')));
      if (remaining === undefined) continue;
      const limit = countIn(answer.header(family.header(kind, 'limit')));
      if (limit !== undefined) found.push({ kind: kind.replace('-', '_'), limit, remaining });
    }
    if (found.length > 0) return found;
  }
  return undefined;
}

/** Seconds that the provider asks to wait; `retry-after-ms` is finer. A date is told by the provider's own clock. */
export function retryAfterOf(answer: Headers): number | undefined {
  const milliseconds = numberIn(answer.header('retry-after-ms')) ?? readRetryAfter(answer.header('retry-after'), serverTime(answer));
  return milliseconds === undefined ? undefined : milliseconds / 1000;
}

function serverTime(answer: Headers): EpochMs | undefined {
  const time = Date.parse(answer.header('date') ?? '');
  return Number.isNaN(time) ? undefined : time;
}

/** Retries before this attempt, as the official SDKs count them in a header; other clients do not tell. */
export function resendCountOf(request: Headers): number | undefined {
  const text = request.header('x-stainless-retry-count');
  return text !== undefined && /^\d{1,4}$/.test(text) ? Number(text) : undefined;
}

function numberIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*\d{1,12}(\.\d{1,9})?\s*$/.test(text) ? Number(text) : undefined;
}

function countIn(text: string | undefined): number | undefined {
  if (text === undefined || !/^\s*\d{1,15}\s*$/.test(text)) return undefined;
  return Number(text);
}
