/** Which share of the work the report is of, where a policy had the rest left out. */
import type { RunFacts } from '../facts.ts';
import { findSampled, type Sampled } from '../sampled.ts';

/** undefined: no policy had a part of the spans left out. */
export function sampled({ data }: RunFacts): Sampled | undefined {
  return findSampled(data);
}
