/** How long single acts, tasks and the wait in a queue took. */
import type { NamedDistribution, RunReport } from '../../../analysis/index.ts';
import { count, duration } from '../numbers.ts';
import { MAX_ROWS, more, type Section } from '../section.ts';
import { clean, LOOKS, table, type Style } from '../style.ts';

export const durations: Section = { title: 'How long things take', lines };

function lines({ categories, taskTypes, queueWait }: RunReport, style: Style): string[] {
  const rows = [
    ...categories.map((each) => row(each.name === 'process' ? 'child process' : LOOKS[each.name as keyof typeof LOOKS].label, each)),
    ...taskTypes.slice(0, MAX_ROWS).map((each) => row(`task ${clean(each.name, Math.max(8, style.width - 55))}`, each)),
  ];
  if (queueWait !== undefined) {
    rows.push(['queue wait', count(queueWait.count), '', duration(queueWait.mean), duration(queueWait.p50), duration(queueWait.p95)]);
  }
  return rows.length === 0
    ? []
    : [...table([['', 'count', 'failed', 'mean', 'p50', 'p95'], ...rows]), ...more(taskTypes.length, 'task types')];
}

function row(label: string, { failed, durationMs }: NamedDistribution): string[] {
  return [
    label,
    count(durationMs.count),
    failed === 0 ? '-' : count(failed),
    duration(durationMs.mean),
    duration(durationMs.p50),
    duration(durationMs.p95),
  ];
}
