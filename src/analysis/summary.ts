/** Answers where the time and the money of a run went: walks the catalogue of sections. */
import { belowTheirProcesses } from './below-processes.ts';
import { factsOf, type RunFacts } from './facts.ts';
import { withoutLookedThrough } from './looked-through.ts';
import type { RunData } from './model.ts';
import { withEndsOfTable } from './process-table.ts';
import { sections, type RunReport } from './sections/index.ts';

/**
 * Analyses one run; never throws, whatever the spans look like. 100,000 spans take about a second.
 * @example analyse(readRun(folder, id)).laneTime.byCategory
 */
export function analyse(data: RunData): RunReport {
  return reportOf(findFacts(data));
}

/** What a report is made of, for those who also draw it. */
export function findFacts(data: RunData): RunFacts {
  return factsOf(withoutLookedThrough(withEndsOfTable(belowTheirProcesses(data))));
}

export function reportOf(facts: RunFacts): RunReport {
  return Object.fromEntries(Object.entries(sections).map(([name, answer]) => [name, answer(facts)])) as unknown as RunReport;
}
