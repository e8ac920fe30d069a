/** `swarmscope diff` and `report --against`: two runs side by side, and an exit code for builds. */
import {
  compare,
  conditionsIn,
  judgeConditions,
  type Comparison,
  type Condition,
  type Judgement,
  type Side,
} from '../../analysis/index.ts';
import { SwarmscopeError } from '../errors.ts';
import { output } from '../output.ts';
import { terminalStyle } from '../report/index.ts';
import { DEFAULT_STYLE } from '../report/style.ts';
import { print, warn } from '../streams.ts';
import { historyOf } from './sides.ts';
import { comparisonText } from './text.ts';

export { readSide, runBefore, sideOfReport } from './sides.ts';

/** Of a condition that is met. */
const MET = 3;

export const failOnFlag = {
  type: 'string',
  value: 'CONDITIONS',
  about: 'End with 3 when one is met: wall>10%,cost>5%,lane:wait:lock>30s,task:review>20%,finding:KIND.',
} as const;

/** Before anything is read. @throws SwarmscopeError `USAGE` */
export function readConditions(text: string | undefined): readonly Condition[] {
  if (text === undefined) return [];
  const read = conditionsIn(text);
  if ('conditions' in read) return read.conditions;
  throw new SwarmscopeError(
    'USAGE',
    `--fail-on cannot read "${read.unreadable}". Write figures with a limit (wall>10%, cost>$0.50, lane:wait:lock>30s, task:review>20%) or finding:KIND, separated by commas.`,
  );
}

export interface Sides {
  readonly before: Side;
  readonly after: Side;
  readonly conditions: readonly Condition[];
  readonly json: string | undefined;
  /** For the text. */
  readonly reportFile?: string | undefined;
}

/** Resolves with the exit code. @throws SwarmscopeError `FILE` */
export async function showComparison({ before, after, conditions, json, reportFile }: Sides): Promise<number> {
  const comparison = compare(before, after, { historyMs: historyOf(before, after) });
  const judgements = judgeConditions(conditions, comparison);
  if (json !== undefined) await output(json, comparisonJson(comparison, judgements));
  if (reportFile !== undefined && reportFile !== '-') await output(reportFile, comparisonText(comparison, DEFAULT_STYLE));
  else if (json === undefined || reportFile === '-') await print(comparisonText(comparison, terminalStyle(process.stdout)));
  return exitCodeOf(judgements);
}

export function comparisonJson(comparison: Comparison, judgements: readonly Judgement[]): string {
  return `${JSON.stringify({ schemaVersion: 1, ...comparison, conditions: judgements }, undefined, 2)}\n`;
}

/** Names what is met, on standard error. */
export function exitCodeOf(judgements: readonly Judgement[]): number {
  for (const { text, isMet, why } of judgements) {
    if (isMet === true) warn(`--fail-on ${text} is met: ${why}.`);
    if (isMet === undefined) warn(`--fail-on ${text} cannot be told: ${why}.`);
  }
  return judgements.some(({ isMet }) => isMet === true) ? MET : 0;
}
