/** Which tiers a program chose and why, what that cost beside the dearest model for all, and which contexts were made smaller. */
import type { RunReport } from '../../../analysis/index.ts';
import { count, money, percent, plural } from '../numbers.ts';
import { MAX_ROWS, type Section } from '../section.ts';
import { clean, wrap, type Style } from '../style.ts';

export const routing: Section = { title: 'Routing and context', lines };

function lines({ routing: routed, optimization }: RunReport, style: Style): string[] {
  const saved = optimization.slice(0, MAX_ROWS).map(({ optimizer, times, tokensBefore, tokensAfter }) => {
    const change = tokensBefore === 0 ? '' : ` (${percent(1 - tokensAfter / tokensBefore)} less)`;
    return `context made smaller by ${clean(optimizer)} ${plural(times, 'time')}: ${count(tokensBefore)} tokens before, ${count(tokensAfter)} after${change}`;
  });
  return [...(routed === undefined ? [] : routingLines(routed)), ...saved].flatMap((line) => wrap(line, style.width));
}

function routingLines({ decisions, tiers, reasons, cost }: NonNullable<RunReport['routing']>): string[] {
  const chosen = tiers.slice(0, MAX_ROWS).map(({ tier, decisions: times, fallbacks, rejected, meanComplexity }) => {
    const facts = [
      fallbacks === 0 ? '' : plural(fallbacks, 'fallback'),
      rejected === 0 ? '' : `${rejected} rejected`,
      meanComplexity === undefined ? '' : `complexity ${meanComplexity.toPrecision(2)} on average`,
    ].filter((fact) => fact !== '');
    return `${clean(tier)} ${times}${facts.length === 0 ? '' : ` (${facts.join(', ')})`}`;
  });
  const why = reasons.slice(0, MAX_ROWS).map(({ reason, count: times }) => `${clean(reason)} ${times}`);
  return [
    `${plural(decisions, 'choice')} of a model: ${chosen.join(', ')}`,
    ...(why.length === 0 ? [] : [`because of: ${why.join(', ')}`]),
    ...(cost === undefined
      ? []
      : [
          `${plural(cost.calls, 'call')} of these models cost ${money(cost.amount, 'USD')}; all with ${clean(cost.baselineModel)}, token by token: ${money(cost.baselineAmount, 'USD')}`,
        ]),
  ];
}
