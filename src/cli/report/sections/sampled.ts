/** Says that the run was sampled: everything below is of the pieces of work that were recorded. */
import { percent } from '../numbers.ts';
import type { Section } from '../section.ts';
import { wrap } from '../style.ts';

export const sampled: Section = {
  title: 'Sampled',
  lines({ sampled: found }, { width }) {
    if (found === undefined) return [];
    const { leastShare, lastShare } = found;
    const share = leastShare === lastShare ? percent(lastShare) : `${percent(leastShare)} at least, ${percent(lastShare)} at the end`;
    return wrap(
      `A policy had the spans of a share of the work recorded: ${share}. All that is counted below is of these pieces: calls, tokens and money are at least what is printed. The metrics have the whole.`,
      width,
    );
  },
};
