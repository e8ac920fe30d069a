/** Where the money went, and what other models of the same maker cost. */
import type { Money, RunReport } from '../../../analysis/index.ts';
import { count, money as amountText, plural } from '../numbers.ts';
import { costText, MAX_ROWS, more, type Section } from '../section.ts';
import { clean, table, wrap, type Style } from '../style.ts';

export const money: Section = { title: 'Where the money went', lines };

/** Other models named of each model: the cheapest, and the next above it. */
const MAX_OTHERS = 2;
/** Below this share of what is known to be paid, another model is not worth a line. */
const WORTH = 0.05;

function lines({ money: { phases, taskTypes, failedAttempts, models }, usage }: RunReport, { width }: Style): string[] {
  const total = usage.cost.amount;
  if (total === undefined || total <= 0) return [];
  const notes: string[] = [];
  if (failedAttempts?.cost.amount !== undefined)
    notes.push(`${plural(failedAttempts.attempts, 'failed attempt')} of tasks: ${costText(failedAttempts.cost)}`);
  const worth = models.filter(({ amount, others }) => amount - (others[0]?.amount ?? amount) >= WORTH * total);
  notes.push(...worth.slice(0, MAX_ROWS).map(modelText));
  if (worth.length > 0) notes.push('what another model would have answered, and with how many tokens, is not known');
  return [
    ...partsTable('phase', phases, width),
    ...partsTable('task type', taskTypes, width),
    ...notes.flatMap((note) => wrap(note, width)),
  ];
}

/** One part alone says nothing that the sum does not say. */
function partsTable(title: string, parts: Money['phases'], width: number): string[] {
  if (parts.length < 2) return [];
  const rows = parts
    .slice(0, MAX_ROWS)
    .map(({ name, calls, tokens, cost }) => [
      clean(name ?? '(outside)', Math.max(8, width - 46)),
      count(calls),
      tokens.input === undefined ? '-' : count(tokens.input),
      tokens.output === undefined ? '-' : count(tokens.output),
      costText(cost),
    ]);
  return [...table([[title, 'calls', 'in', 'out', 'cost'], ...rows]), ...more(parts.length, `${title}s`)];
}

function modelText({ model, calls, amount, short, others }: Money['models'][number]): string {
  const named = others.slice(0, MAX_OTHERS);
  const prices = (of: (other: (typeof named)[number]) => number): string =>
    named.map((other) => `${amountText(of(other), 'USD')} with ${clean(other.model, 32)}`).join(', ');
  const all = `${plural(calls, 'call')} of ${clean(model, 32)} for ${amountText(amount, 'USD')}: the same tokens are ${prices((other) => other.amount)}`;
  if (short.calls === 0 || short.calls === calls) return all;
  const which = `${plural(short.calls, 'short one')} (at most ${count(short.maxOutputTokens)} tokens out, no tool asked for)`;
  return `${all}; of them ${which} for ${amountText(short.amount, 'USD')}: ${prices((other) => other.shortAmount)}`;
}
