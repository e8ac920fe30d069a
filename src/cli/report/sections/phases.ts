/** The phases of the run in their order: how long each took, and what its calls used. */
import type { RunReport } from '../../../analysis/index.ts';
import { count, duration, money } from '../numbers.ts';
import { MAX_ROWS, more, type Section } from '../section.ts';
import { clean, table } from '../style.ts';

export const phases: Section = { title: 'Phases', lines };

function lines({ phases: all }: RunReport): string[] {
  if (all.length === 0) return [];
  const rows = all
    .slice(0, MAX_ROWS)
    .map(({ name, times, durationMs, failed, calls, tokens, cost }) => [
      clean(name),
      times > 1 ? `${times} times` : '',
      duration(durationMs),
      failed > 0 ? `${failed} failed` : '',
      calls === 0 ? '' : `${count(calls)} LLM`,
      tokens.input === undefined && tokens.output === undefined ? '' : `${count((tokens.input ?? 0) + (tokens.output ?? 0))} tokens`,
      cost.amount === undefined ? '' : money(cost.amount, cost.currency),
    ]);
  return [...table(rows), ...more(all.length, 'phases')];
}
