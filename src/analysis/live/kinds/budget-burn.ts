/** A budget is used up, and more is spent all the same. */
import * as names from '../../../semconv/index.ts';
import { money } from '../../numbers.ts';
import { numberOf, textOf } from '../../span-tree.ts';
import type { LiveRule } from '../detector.ts';
import type { Claim, LiveEvidence } from '../types.ts';

/** Nothing was spent for so long: it burns no more. */
const QUIET_MS = 300_000;
/** swarmscope itself keeps 300 budgets. */
const MAX_BUDGETS = 1_000;

const USAGE: ReadonlyMap<string, string> = new Map<string, string>([
  [names.METRIC_SWARMSCOPE_BUDGET_TOKEN_USAGE.name, names.SWARMSCOPE_BUDGET_KIND_VALUE_TOKEN],
  [names.METRIC_SWARMSCOPE_BUDGET_COST_USAGE.name, names.SWARMSCOPE_BUDGET_KIND_VALUE_COST],
  [names.METRIC_SWARMSCOPE_BUDGET_TIME_USAGE.name, names.SWARMSCOPE_BUDGET_KIND_VALUE_TIME],
]);

interface Budget {
  readonly name: string;
  readonly kind: string;
  readonly sinceMs: number;
  readonly limit: number;
  readonly evidence: readonly LiveEvidence[];
  spent: number;
  /** When it was last seen to have become more. */
  lastMs: number;
  percent: number;
}

export const budgetBurn: LiveRule = {
  kind: 'budget_burn',
  watch({ value: threshold }) {
    const budgets = new Map<string, Budget>();
    return {
      log({ eventName, attributes, timeMs, traceId, spanId }) {
        if (eventName !== names.EVENT_SWARMSCOPE_BUDGET_THRESHOLD_REACHED) return;
        const percent = numberOf(attributes, names.ATTR_SWARMSCOPE_BUDGET_THRESHOLD) ?? 0;
        const name = textOf(attributes, names.ATTR_SWARMSCOPE_BUDGET_NAME);
        const kind = textOf(attributes, names.ATTR_SWARMSCOPE_BUDGET_KIND) ?? '';
        const limit = numberOf(attributes, names.ATTR_SWARMSCOPE_BUDGET_LIMIT);
        if (percent < threshold || name === undefined || limit === undefined || budgets.size >= MAX_BUDGETS) return;
        const spent = numberOf(attributes, names.ATTR_SWARMSCOPE_BUDGET_AMOUNT) ?? limit;
        const before = budgets.get(`${name} ${kind}`);
        const evidence = traceId === undefined || spanId === undefined ? [] : [{ traceId, spanId }];
        budgets.set(`${name} ${kind}`, { name, kind, limit, spent, sinceMs: before?.sinceMs ?? timeMs, lastMs: timeMs, percent, evidence });
      },
      point({ name: metric, value, timeMs, attributes }) {
        const kind = budgets.size === 0 ? undefined : USAGE.get(metric);
        if (kind === undefined) return;
        const known = budgets.get(`${textOf(attributes, names.ATTR_SWARMSCOPE_BUDGET_NAME) ?? ''} ${kind}`);
        if (known === undefined || value <= known.spent) return;
        known.spent = value;
        known.lastMs = timeMs;
      },
      claims: ({ nowMs }) =>
        [...budgets.values()]
          .filter(({ lastMs }) => nowMs - lastMs < QUIET_MS)
          .map(({ name, kind, limit, spent, sinceMs, evidence }): Claim => {
            const share = limit > 0 ? (100 * spent) / limit : 100;
            return {
              id: `budget_burn:${name}/${kind}`,
              text: `the budget ${name} is ${share >= 100 ? 'used up' : `used to ${Math.floor(share)} %`}: ${amount(spent, kind)} of ${amount(limit, kind)}`,
              action: 'Stop what spends it, or grant more: swarmscope never holds a call back.',
              sinceMs,
              value: share,
              threshold,
              where: { budget: name },
              evidence,
            };
          }),
    };
  },
};

function amount(value: number, kind: string): string {
  if (kind === names.SWARMSCOPE_BUDGET_KIND_VALUE_COST) return money(value, 'USD');
  return `${Math.round(value)} ${kind === names.SWARMSCOPE_BUDGET_KIND_VALUE_TIME ? 's' : 'tokens'}`;
}
