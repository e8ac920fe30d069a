/** The provider refuses calls, and the run waits until it may repeat them. */
import { ATTR_GEN_AI_REQUEST_MODEL } from '../../semconv/index.ts';
import { textOf } from '../span-tree.ts';
import { byLoss } from './by-loss.ts';
import { spoken, spokenTimes, type FindingRule } from './finding.ts';

export const rateLimit: FindingRule = {
  kind: 'rate_limit',
  find: (examined) =>
    byLoss(examined, examined.losses.rateLimit, {
      confidence: 0.9,
      assumptions: ['without refusals the calls take what the accepted ones took'],
      action: (_lost, savedMs) =>
        `Keep fewer calls in flight or ask for a higher limit: ${spokenTimes(examined.schedule.facts.refusals.size, 'refused call')} and the waits after them cost about ${spoken(savedMs)}.`,
      where: (lost) => ({ models: lost.map(({ node }) => textOf(node.row.attributes, ATTR_GEN_AI_REQUEST_MODEL)) }),
    }),
};
