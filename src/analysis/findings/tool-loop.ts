/** An agent repeats the same call, or two alternating ones, with the same result. */
import { ATTR_GEN_AI_TOOL_NAME } from '../../semconv/index.ts';
import { textOf } from '../span-tree.ts';
import { byLoss } from './by-loss.ts';
import { spoken, spokenTimes, type FindingRule } from './finding.ts';
import { costIn } from './money.ts';

export const toolLoop: FindingRule = {
  kind: 'tool_loop',
  find: (examined) => {
    const { loop } = examined.losses;
    const found = byLoss(examined, loop, {
      confidence: 0.85,
      assumptions: ['the agent does not need the repetitions to go on'],
      action: (lost, savedMs) =>
        `Stop an agent that gets the same result again: ${spokenTimes(new Set(lost.map(({ node }) => node)).size, 'repeated call')} cost about ${spoken(savedMs)}.`,
      where: (lost) => ({ tools: lost.map(({ node }) => textOf(node.row.attributes, ATTR_GEN_AI_TOOL_NAME)) }),
    });
    const usd = costIn(examined, loop);
    if (found !== undefined) return { ...found, usd };
    // Nobody waited for it, but it was paid.
    const evidence = loop.lost.map(({ node }) => node);
    return usd > 0
      ? {
          savedMs: 0,
          usd,
          confidence: 0.8,
          evidence,
          assumptions: ['the agent does not need the repetitions to go on'],
          action: `Stop an agent that gets the same result again: ${spokenTimes(new Set(evidence).size, 'repeated call')} were paid for.`,
        }
      : undefined;
  },
};
