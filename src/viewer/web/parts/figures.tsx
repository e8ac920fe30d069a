/** Figures of a comparison in words: only what is beyond chance is strong. */
import type { Figured } from '../../../analysis/index.ts';
import { count, duration, money, percent } from '../../../analysis/numbers.ts';

const WORDS = { more: 'more', less: 'less', same: 'the same', noise: 'within chance', unknown: 'not known' } as const;

export const signed = (share: number): string => `${share > 0 ? '+' : ''}${percent(share)}`;

export function shown(value: number | undefined, unit: Figured['unit']): string {
  if (value === undefined) return '–';
  if (unit === 'ms') return duration(value);
  if (unit === 'USD') return money(value, 'USD');
  return Number.isInteger(value) || value >= 100 ? count(value) : value.toFixed(2);
}

export function judged({ verdict, change, interval }: Pick<Figured, 'verdict' | 'change' | 'interval'>): preact.ComponentChildren {
  const band = interval === undefined ? '' : ` (${signed(interval.low)} to ${signed(interval.high)})`;
  const text = `${change === undefined ? '' : `${signed(change)}, `}${WORDS[verdict]}${band}`;
  return verdict === 'more' || verdict === 'less' ? <b>{text}</b> : <span class="quiet">{text}</span>;
}
