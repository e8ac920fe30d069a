/** What was lost on the way to the store, counted by what it was and why it was lost. */
import type { RunFacts } from '../facts.ts';

export function losses({ data }: RunFacts): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(data.losses).filter(([, count]) => count > 0));
}
