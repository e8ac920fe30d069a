/** The run stands still until a person has answered. */
import { byLoss } from './by-loss.ts';
import { spoken, spokenTimes, type FindingRule } from './finding.ts';

export const humanWait: FindingRule = {
  kind: 'human_wait',
  find: (examined) =>
    byLoss(examined, examined.losses.human, {
      confidence: 0.93,
      assumptions: ['the answers would have been the same'],
      action: (lost, savedMs) =>
        `Approve in advance what is asked for again and again, or be told at once: ${spokenTimes(lost.length, 'wait')} for a person cost about ${spoken(savedMs)}.`,
    }),
};
