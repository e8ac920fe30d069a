/** What of the stored run this report does not know, since it was more than the memory of one process holds. */
import type { RunFacts } from '../facts.ts';
import type { Unread } from '../model.ts';

/** Empty where all was read. Where it is not, sums are lower bounds and the last part of the run is missing. */
export function unread({ data }: RunFacts): readonly Unread[] {
  return data.unread ?? [];
}
