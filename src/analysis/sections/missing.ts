/** Which spans are missing, so that nobody takes what is left for the whole. */
import type { RunFacts } from '../facts.ts';
import type { Missing } from '../missing.ts';

/** undefined: nothing is known to be missing. */
export function missing(facts: RunFacts): Missing | undefined {
  return facts.missing.isIncomplete ? facts.missing : undefined;
}
