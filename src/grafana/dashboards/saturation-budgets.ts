/** The row of the saturation board about budgets: what was granted, what is used, and what was told of it. */
import * as names from '../../semconv/index.ts';
import { timeseries, type Row } from '../panel.ts';
import { queries } from '../query.ts';
import { scope } from './saturation-limits.ts';

const q = queries(scope);
const budget = [names.ATTR_SWARMSCOPE_BUDGET_NAME];
const byBudget = { by: budget };
const legend = '{{swarmscope_budget_name}}';
const DECLARED = 'a program that declares budgets';

export const budgets: Row = {
  title: 'Budgets',
  panels: [
    timeseries({
      title: 'Tokens of a budget beside its limit',
      description: 'Input and output together; a parent has in it what its parts have used. Past the line, the work goes on unpaid for.',
      unit: 'short',
      width: 8,
      needs: DECLARED,
      queries: [
        { expr: q.sum(names.METRIC_SWARMSCOPE_BUDGET_TOKEN_USAGE, byBudget), legend },
        { expr: q.sum(names.METRIC_SWARMSCOPE_BUDGET_TOKEN_LIMIT, byBudget), legend: `limit of ${legend}`, isLimit: true },
      ],
    }),
    timeseries({
      title: 'Money of a budget beside its limit',
      description: 'Calls without a known price cost nothing here: look at the LLM board for how many there are.',
      unit: 'currencyUSD',
      width: 8,
      needs: DECLARED,
      queries: [
        { expr: q.sum(names.METRIC_SWARMSCOPE_BUDGET_COST_USAGE, byBudget), legend },
        { expr: q.sum(names.METRIC_SWARMSCOPE_BUDGET_COST_LIMIT, byBudget), legend: `limit of ${legend}`, isLimit: true },
      ],
    }),
    timeseries({
      title: 'Time of a budget beside its limit',
      description: 'Seconds of LLM calls, those at the same time each for itself. Steep: many calls at once, or slow ones.',
      unit: 's',
      width: 8,
      needs: DECLARED,
      queries: [
        { expr: q.sum(names.METRIC_SWARMSCOPE_BUDGET_TIME_USAGE, byBudget), legend },
        { expr: q.sum(names.METRIC_SWARMSCOPE_BUDGET_TIME_LIMIT, byBudget), legend: `limit of ${legend}`, isLimit: true },
      ],
    }),
    timeseries({
      title: 'Used share of each budget',
      description: 'At 50, 80 and 100 % an event names the call that reached it. A line that climbs faster than the work is worth a look.',
      unit: 'percentunit',
      width: 12,
      needs: DECLARED,
      queries: [
        { expr: q.max(names.METRIC_SWARMSCOPE_BUDGET_TOKEN_UTILIZATION, byBudget), legend: `tokens of ${legend}` },
        { expr: q.max(names.METRIC_SWARMSCOPE_BUDGET_COST_UTILIZATION, byBudget), legend: `money of ${legend}` },
        { expr: q.max(names.METRIC_SWARMSCOPE_BUDGET_TIME_UTILIZATION, byBudget), legend: `time of ${legend}` },
        { expr: 'vector(1)', legend: 'limit', isLimit: true },
      ],
    }),
    timeseries({
      title: 'Budgets that were reached or promised twice',
      description: 'How often a threshold was reached, and how often more was set aside than there is. The second is a plan that cannot hold.',
      unit: 'short',
      width: 12,
      needs: DECLARED,
      queries: [
        {
          expr: q.sum(names.METRIC_SWARMSCOPE_BUDGET_THRESHOLDS_REACHED, {
            by: [...budget, names.ATTR_SWARMSCOPE_BUDGET_THRESHOLD],
          }),
          legend: `${legend} {{swarmscope_budget_threshold}} %`,
        },
        { expr: q.sum(names.METRIC_SWARMSCOPE_BUDGET_OVERALLOCATIONS, byBudget), legend: `promised twice: ${legend}` },
      ],
    }),
  ],
};
