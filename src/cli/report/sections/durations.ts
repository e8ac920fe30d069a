/** How long single acts, tasks and the wait in a queue took. */
import type { NamedDistribution, RunReport } from '../../../analysis/index.ts';
import { count, duration } from '../numbers.ts';
import { incomplete, MAX_ROWS, more, type Section } from '../section.ts';
import { clean, LOOKS, table, type Style } from '../style.ts';

export const durations: Section = { title: 'How long things take', lines };

function lines(report: RunReport, style: Style): string[] {
  const { categories, taskTypes, queueWait } = report;
  const isAnyOpen = [...categories, ...taskTypes].some(({ open }) => open > 0);
  const rows = [
    ...categories.map((each) => row(each.name === 'process' ? 'child process' : LOOKS[each.name as keyof typeof LOOKS].label, each)),
    ...taskTypes.slice(0, MAX_ROWS).map((each) => row(`task ${clean(each.name, Math.max(8, style.width - (isAnyOpen ? 61 : 55)))}`, each)),
  ];
  if (queueWait !== undefined) rows.push(['queue wait', count(queueWait.count), '', '', ...times(queueWait)]);
  if (rows.length === 0) return [];
  const all = [['', 'count', 'failed', 'open', 'mean', 'p50', 'p95'], ...rows];
  return [
    ...table(isAnyOpen ? all : all.map((cells) => cells.toSpliced(OPEN_COLUMN, 1))),
    ...more(taskTypes.length, 'task types'),
    ...incomplete(report, style.width),
  ];
}

/** Left out where everything has ended. */
const OPEN_COLUMN = 3;

function row(label: string, { count: all, failed, open, durationMs }: NamedDistribution): string[] {
  const known = (value: number): string => (value === 0 ? '-' : count(value));
  return [label, count(all), known(failed), known(open), ...(durationMs === undefined ? ['-', '-', '-'] : times(durationMs))];
}

function times({ mean, p50, p95 }: { mean: number; p50: number; p95: number }): string[] {
  return [duration(mean), duration(p50), duration(p95)];
}
