/** What headers say of waiting and trying again: how long to wait, which attempt of a call this is, what time it is there. */
import type { EpochMs } from '../../semconv/telemetry.ts';
import { readRetryAfter } from '../../semconv/retry-after.ts';

export interface Headers {
  /** First value of a header; `name` in lower case. */
  header(name: string): string | undefined;
}

/** Seconds that the provider asks to wait; `retry-after-ms`, at Azure also `x-ms-retry-after-ms`, is finer. A date is told by its own clock. */
export function retryAfterOf(answer: Headers): number | undefined {
  const finer = numberIn(answer.header('retry-after-ms')) ?? numberIn(answer.header('x-ms-retry-after-ms'));
  if (finer !== undefined) return finer / 1000;
  const asked = answer.header('retry-after');
  const milliseconds = asked === undefined ? undefined : readRetryAfter(asked, serverTime(answer));
  return milliseconds === undefined ? undefined : milliseconds / 1000;
}

/** By the clock of the server, to which the dates in its other headers belong. */
export function serverTime(answer: Headers): EpochMs | undefined {
  const time = Date.parse(answer.header('date') ?? '');
  return Number.isNaN(time) ? undefined : time;
}

/** Retries before this attempt, as the SDKs count them in a header; other clients do not tell. */
export function resendCountOf(request: Headers): number | undefined {
  const text = request.header('x-stainless-retry-count');
  if (text !== undefined && /^\d{1,4}$/.test(text)) return Number(text);
  // AWS counts attempts from 1: `attempt=2; max=3`.
  const attempt = /\battempt=(\d{1,4})\b/.exec(request.header('amz-sdk-request') ?? '')?.[1];
  return attempt === undefined || attempt === '0' ? undefined : Number(attempt) - 1;
}

function numberIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*\d{1,12}(\.\d{1,9})?\s*$/.test(text) ? Number(text) : undefined;
}
