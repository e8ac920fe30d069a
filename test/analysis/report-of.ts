/** The times of a report in seconds by category, and the rows of its table of durations. */
import type { NamedDistribution, RunReport } from '../../src/analysis/index.ts';

const inSeconds = (times: readonly { category: string; ms: number }[]): Record<string, number> =>
  Object.fromEntries(times.map(({ category, ms }) => [category, Number((ms / 1000).toFixed(3))]));

export function seconds(report: RunReport): Record<string, number> {
  return inSeconds(report.laneTime.byCategory);
}

export function wall(report: RunReport): Record<string, number> {
  return inSeconds(report.wallPath.byCategory);
}

export function row(report: RunReport, name: string): NamedDistribution | undefined {
  return report.categories.find((each) => each.name === name);
}
