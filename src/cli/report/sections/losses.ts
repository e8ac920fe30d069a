/** What was recorded or sent and did not reach the report. */
import type { Missing, RunReport } from '../../../analysis/index.ts';
import { count, plural } from '../numbers.ts';
import type { Section } from '../section.ts';
import { clean, wrap, type Style } from '../style.ts';

export const losses: Section = { title: 'Lost on the way', lines };

function lines({ losses: lost, missing }: RunReport, { width }: Style): string[] {
  const list = Object.entries(lost).map(([what, times]) => `  ${clean(what)}: ${count(times)}`);
  return missing === undefined || missing.spans === 0 ? list : [...wrap(sentence(missing), width), ...list];
}

function sentence({ spans, processes, isAtLeast }: Missing): string {
  const of = processes === undefined ? '' : ` of ${plural(processes, 'process', 'processes')}`;
  const more = isAtLeast ? 'at least ' : '';
  return `${more}${plural(spans, 'span')}${of} did not arrive. Calls, tokens and money are at least what is printed; lanes, parallelism and percentiles are of what arrived.`;
}
