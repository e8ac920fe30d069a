/** Operations wait for a lock of a repository, or fail because another process holds it. */
import { ATTR_VCS_REPOSITORY_NAME } from '../../semconv/index.ts';
import { textOf } from '../span-tree.ts';
import { byLoss } from './by-loss.ts';
import { spoken, spokenTimes, type FindingRule } from './finding.ts';

export const lockContention: FindingRule = {
  kind: 'lock_contention',
  find: (examined) =>
    byLoss(examined, examined.losses.lock, {
      confidence: 0.85,
      assumptions: ['what runs behind the lock takes as long without it'],
      action: (lost, savedMs) =>
        `Hold the lock for less work or merge in groups: ${spokenTimes(lost.length, 'wait')} for it cost about ${spoken(savedMs)}.`,
      where: (lost) => ({ repositories: lost.map(({ node }) => textOf(node.row.attributes, ATTR_VCS_REPOSITORY_NAME)) }),
    }),
};
