/** Reads the `Retry-After` header: how long the server asks to wait. The longest wait is up to the caller. */
import type { EpochMs } from './telemetry.ts';

/** Nine digits are 31 years: a longer number is no time to wait. */
const SECONDS = /^\s*\d{1,9}(\.\d{1,9})?\s*$/;
/** A date names its month or its weekday; without a letter `Date.parse` would take `-3` for a day in March. */
const DATE = /[A-Za-z]/;

/**
 * Milliseconds, at least 0; a date counts only with `now` (clocks differ); else undefined. RFC 9110, section 10.2.3.
 * @example readRetryAfter('1.5') // 1500
 * @example readRetryAfter('Sun, 06 Nov 1994 08:49:37 GMT', Date.UTC(1994, 10, 6, 8, 49, 30)) // 7000
 */
export function readRetryAfter(text: string | undefined, now?: EpochMs): number | undefined {
  if (text === undefined) return undefined;
  if (SECONDS.test(text)) return Number(text) * 1000;
  if (now === undefined || !DATE.test(text)) return undefined;
  const waitMs = Date.parse(text) - now;
  return Number.isNaN(waitMs) ? undefined : Math.max(0, waitMs);
}
