/** Whether spans of the run were sampled by a policy: then all counts, sums and times are of the pieces that were recorded. */
import { ATTR_SWARMSCOPE_POLICY_SAMPLING, EVENT_SWARMSCOPE_POLICY_CHANGED } from '../semconv/index.ts';
import type { RunData } from './model.ts';

/** Shares of the pieces of work whose spans were recorded, of 1. */
export interface Sampled {
  /** The smallest that was in force. */
  readonly leastShare: number;
  /** The one that was in force at the end. */
  readonly lastShare: number;
}

/** undefined: no policy had a part of the spans left out. */
export function findSampled({ logs }: Pick<RunData, 'logs'>): Sampled | undefined {
  const shares = logs
    .filter(({ eventName }) => eventName === EVENT_SWARMSCOPE_POLICY_CHANGED)
    .map(({ attributes }) => attributes[ATTR_SWARMSCOPE_POLICY_SAMPLING])
    .map((share) => (typeof share === 'number' && share >= 0 && share < 1 ? share : 1));
  const leastShare = shares.reduce((least, share) => Math.min(least, share), 1);
  return leastShare === 1 ? undefined : { leastShare, lastShare: shares.at(-1) ?? 1 };
}
