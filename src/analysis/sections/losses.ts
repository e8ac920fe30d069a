/** What was lost on the way to the store, counted by what it was and why it was lost. */
import type { RunFacts } from '../facts.ts';

export function losses({ data, missing: { byReason, spanStarts } }: RunFacts): Readonly<Record<string, number>> {
  const told = Object.entries(data.losses).filter(([, count]) => count > 0);
  return Object.fromEntries([...told, ...named('span', byReason), ...named('span-start', spanStarts)]);
}

/** @example named('span', { queue_full: 3 }) // [['span.queue-full', 3]] */
const named = (what: string, byReason: Readonly<Record<string, number>>): [string, number][] =>
  Object.entries(byReason).map(([reason, count]) => [`${what}.${reason.replaceAll('_', '-')}`, count]);
