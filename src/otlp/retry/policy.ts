/** How long a refused request waits before it is sent again, and how often: one row for each sender. */

export interface RetryPolicy {
  readonly firstBackoffMs: number;
  readonly longestBackoffMs: number;
  /** A receiver that asks for more time than this is asked again all the same. */
  readonly longestAskedMs: number;
  /** Share by which a wait varies at random, so that many processes do not return at the same moment. */
  readonly jitter: number;
  readonly maxAttempts: number;
}

/** For a process that records: what it cannot send is kept on disk or lost at its end, never before. */
export const EXPORT_RETRIES: RetryPolicy = {
  firstBackoffMs: 1_000,
  longestBackoffMs: 30_000,
  longestAskedMs: 300_000,
  jitter: 0.2,
  maxAttempts: Infinity,
};

/** For `swarmscope run --export`: one sender for all processes, whose next requests wait behind the refused one. */
export const FORWARD_RETRIES: RetryPolicy = {
  firstBackoffMs: 500,
  longestBackoffMs: 30_000,
  longestAskedMs: 30_000,
  jitter: 0,
  maxAttempts: 6,
};

/** @param askedMs what the receiver asked for */
export function waitMs(policy: RetryPolicy, attempts: number, askedMs: number | undefined): number {
  if (askedMs !== undefined) return Math.min(askedMs, policy.longestAskedMs);
  const backoffMs = Math.min(policy.firstBackoffMs * 2 ** (attempts - 1), policy.longestBackoffMs);
  return backoffMs * (1 - policy.jitter + Math.random() * 2 * policy.jitter);
}
