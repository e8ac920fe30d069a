/** What was recorded or sent and did not reach the report. */
import type { RunReport } from '../../../analysis/index.ts';
import { count } from '../numbers.ts';
import type { Section } from '../section.ts';
import { clean } from '../style.ts';

export const losses: Section = { title: 'Lost on the way', lines };

function lines({ losses: lost }: RunReport): string[] {
  return Object.entries(lost).map(([what, times]) => `  ${clean(what)}: ${count(times)}`);
}
