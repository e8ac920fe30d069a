/** What a section of the printed report is, and how long its lists may be. */
import type { Cost, RunReport } from '../../analysis/index.ts';
import { count, money } from './numbers.ts';
import { wrap, type Style } from './style.ts';

/** A section is one file in `sections/` and one line in its catalogue. */
export interface Section {
  readonly title: string | ((report: RunReport) => string);
  /** Lines within `style.width` columns. A section without lines is left out, with its title. */
  readonly lines: (report: RunReport, style: Style) => string[];
}

/** Rows of a list before the rest is only counted. */
export const MAX_ROWS = 10;

/** Said below figures of a run whose spans are not all there. */
export function incomplete(report: RunReport, width: number): string[] {
  return report.missing === undefined ? [] : wrap(`Spans are missing in this section: see "${reasonSection(report)}".`, width);
}

/** The title of the section that says why spans are missing. */
export function reasonSection({ unread, sampled, missing }: RunReport): string {
  if (unread.some(({ what }) => what === 'span')) return 'Not read';
  return sampled !== undefined && (missing?.spans ?? 0) === 0 ? 'Sampled' : 'Lost on the way';
}

export function more(length: number, what: string): string[] {
  return length > MAX_ROWS ? [`  and ${count(length - MAX_ROWS)} more ${what}`] : [];
}

/** A sum in which calls are missing is marked: it is the least that was paid. */
export function costText({ amount, currency, isLowerBound }: Cost): string {
  return amount === undefined ? '-' : `${money(amount, currency)}${isLowerBound ? '+' : ''}`;
}
