/** Processes that outlived their task by a minute or more, by name. */
import type { RunReport } from '../../../analysis/index.ts';
import { duration, plural } from '../numbers.ts';
import { MAX_ROWS, more, type Section } from '../section.ts';
import { clean, table } from '../style.ts';

export const orphans: Section = { title: 'Left behind', lines };

function lines({ orphans: { count, longest } }: RunReport): string[] {
  if (count === 0) return [];
  const rows = longest
    .slice(0, MAX_ROWS)
    .map(({ name, pid, taskType = '', taskId = '', starter = '', aliveMs, isAlive }) => [
      clean(name),
      pid === undefined ? '' : `pid ${pid}`,
      `${duration(aliveMs)} after ${clean(`${taskType} ${taskId}`.trim() || starter)}`,
      isAlive ? 'still alive at the end' : '',
    ]);
  return [
    `${plural(count, 'process', 'processes')} lived on for a minute or more after the task, or the program, that started them.`,
    ...table(rows),
    ...more(count, 'processes'),
  ];
}
