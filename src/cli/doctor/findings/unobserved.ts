/** Processes whose calls of models nobody observes. */
import type { Finding } from '../finding.ts';
import type { Unobserved } from '../unobserved.ts';

/** Told one by one; the rest is counted. */
const TOLD = 10;

export function ofUnobserved(unobserved: readonly Unobserved[]): Finding[] {
  const told = unobserved.slice(0, TOLD).map(({ pid, program, to }): Finding => {
    return {
      level: 'note',
      text: `${program} (pid ${pid}) is connected to ${to.map(placed).join(', ')} and belongs to no run: its calls are not observed.`,
      next: 'start it by swarmscope run -- COMMAND; swarmscope top shows agents that run already',
    };
  });
  const more = unobserved.length - told.length;
  return more <= 0 ? told : [...told, { level: 'note', text: `${more} more processes are connected to models and belong to no run.` }];
}

/** A service may share its addresses with others. */
const placed = (host: string): string => (/^(?:localhost\b|\d|\[)/.test(host) ? host : `an address of ${host}`);
