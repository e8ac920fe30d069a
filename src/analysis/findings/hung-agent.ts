/** One step took ten times what its like take, or never ended. */
import { byLoss } from './by-loss.ts';
import { spoken, spokenTimes, type FindingRule } from './finding.ts';

export const hungAgent: FindingRule = {
  kind: 'hung_agent',
  find: (examined) =>
    byLoss(examined, examined.losses.hang, {
      confidence: 0.85,
      assumptions: ['tried again, the step takes what its like take'],
      action: (lost, savedMs) =>
        `Give steps a time limit and try again: ${spokenTimes(lost.length, 'step')} that hung cost about ${spoken(savedMs)}.`,
      where: (lost) => ({ steps: lost.map(({ node }) => node.row.name) }),
    }),
};
