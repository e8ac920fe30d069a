/** Batches: their size and length, how well they used their lanes, and the task that held the barrier. */
import type { RunReport } from '../../../analysis/index.ts';
import { count, duration } from '../numbers.ts';
import { MAX_ROWS, more, type Section } from '../section.ts';
import { clean, table, type Style } from '../style.ts';

export const batches: Section = { title: 'Batches', lines };

function lines({ batches: all }: RunReport, style: Style): string[] {
  if (all.length === 0) return [];
  const rows = all
    .slice(0, MAX_ROWS)
    .map((each, position) => [
      `${clean(each.scheduler, 16)} ${each.index ?? position}${each.isInferred ? '*' : ''}`,
      count(each.size),
      `${each.isOpen === true ? 'open ' : ''}${duration(each.durationMs)}`,
      each.parallelism === undefined ? '-' : each.parallelism.toFixed(1),
      duration(each.barrierWaitMs),
      each.straggler === undefined
        ? '-'
        : `${clean(each.straggler.name, Math.max(8, style.width - 62))} +${duration(each.straggler.delayMs)}`,
    ]);
  const isInferred = all.some((each) => each.isInferred);
  return [
    ...table([['', 'size', 'took', 'parallel', 'barrier wait', 'straggler'], ...rows]),
    ...more(all.length, 'batches'),
    ...(isInferred ? ['  * inferred from a barrier seen, not declared'] : []),
  ];
}
