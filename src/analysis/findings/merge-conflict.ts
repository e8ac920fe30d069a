/** Merges leave conflicts, which somebody has to resolve before the next merge. */
import { ATTR_VCS_REPOSITORY_NAME } from '../../semconv/index.ts';
import { textOf } from '../span-tree.ts';
import { byLoss } from './by-loss.ts';
import { spoken, spokenTimes, type FindingRule } from './finding.ts';
import { costIn } from './money.ts';

export const mergeConflict: FindingRule = {
  kind: 'merge_conflict',
  find: (examined) => {
    const found = byLoss(examined, examined.losses.conflict, {
      confidence: 0.85,
      assumptions: ['work that touches the same files can be put apart or after each other'],
      action: (lost, savedMs) =>
        `Give tasks that touch the same files to one worker, or merge earlier: ${spokenTimes(new Set(lost.map(({ node }) => node)).size, 'merge conflict')} cost about ${spoken(savedMs)}.`,
      where: (lost) => ({ repositories: lost.map(({ node }) => textOf(node.row.attributes, ATTR_VCS_REPOSITORY_NAME)) }),
    });
    return found === undefined ? undefined : { ...found, usd: costIn(examined, examined.losses.conflict) };
  },
};
