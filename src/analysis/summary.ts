/** Answers where the time and the money of a run went: walks the catalogue of sections. */
import { factsOf } from './facts.ts';
import { belowTheirAgents } from './below-agents.ts';
import { withoutLookedThrough } from './looked-through.ts';
import type { RunData } from './model.ts';
import { sections, type RunReport } from './sections/index.ts';

/**
 * Analyses one run; never throws, whatever the spans look like. 100,000 spans take about a second.
 * @example analyse(readRun(folder, id)).laneTime.byCategory
 */
export function analyse(data: RunData): RunReport {
  const facts = factsOf(withoutLookedThrough(belowTheirAgents(data)));
  return Object.fromEntries(Object.entries(sections).map(([name, answer]) => [name, answer(facts)])) as unknown as RunReport;
}
