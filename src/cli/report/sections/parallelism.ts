/** How many lanes were occupied at once, against their limit. */
import type { RunReport } from '../../../analysis/index.ts';
import { count, percent, plural } from '../numbers.ts';
import { incomplete, type Section } from '../section.ts';
import { wrap, type Style } from '../style.ts';

export const parallelism: Section = { title: 'Parallelism', lines };

/** What is in a lane, as one and as several. */
const WORDS: Readonly<Record<RunReport['parallelism']['occupants'][number]['kind'], readonly [one: string, several: string]>> = {
  task: ['task', 'tasks'],
  agent: ['agent', 'agents'],
  process: ['process', 'processes'],
  call: ['call', 'calls'],
  wait: ['wait', 'waits'],
};

function lines(report: RunReport, style: Style): string[] {
  const { occupants, innerTasks, peak, average, limit } = report.parallelism;
  if (occupants.length === 0 || average === undefined) return [];
  const what = occupants.map(({ kind, count: times }) => plural(times, ...WORDS[kind])).join(', ');
  const inner = innerTasks === 0 ? '' : ` (and ${plural(innerTasks, 'task')} inside them)`;
  const against = limit === undefined || limit === 0 ? '' : `, limit ${count(limit)} (${percent(average / limit)} used)`;
  const text = `${what}${inner}, at most ${count(peak)} at once, ${average.toFixed(1)} on average${against}`;
  return [...wrap(text, style.width), ...incomplete(report, style.width)];
}
