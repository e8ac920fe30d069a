/** How many lanes were occupied at once, against their limit. */
import type { RunReport } from '../../../analysis/index.ts';
import { count, percent, plural } from '../numbers.ts';
import type { Section } from '../section.ts';

export const parallelism: Section = { title: 'Parallelism', lines };

function lines({ parallelism: { peak, average, limit }, lanes }: RunReport): string[] {
  if (lanes.kind === undefined || average === undefined) return [];
  const against = limit === undefined || limit === 0 ? '' : `, limit ${count(limit)} (${percent(average / limit)} used)`;
  return [`  ${plural(lanes.occupants, lanes.kind)}, at most ${count(peak)} at once, ${average.toFixed(1)} on average${against}`];
}
