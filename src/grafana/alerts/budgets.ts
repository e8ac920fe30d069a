/** Alerts on budgets: nearly used up, and overrun. */
import * as names from '../../semconv/index.ts';
import type { MetricSpec } from '../../semconv/index.ts';
import { inRule, queries } from '../query.ts';
import type { AlertGroup } from './alert.ts';

const q = queries(inRule('5m'));
const by = ['service_name', names.ATTR_SWARMSCOPE_BUDGET_NAME];
const SHARES = [
  names.METRIC_SWARMSCOPE_BUDGET_TOKEN_UTILIZATION,
  names.METRIC_SWARMSCOPE_BUDGET_COST_UTILIZATION,
  names.METRIC_SWARMSCOPE_BUDGET_TIME_UTILIZATION,
];
/** Each kind of a budget by itself, since one label set has one value. */
const anyOf = (condition: (share: string) => string): string =>
  SHARES.map((metric) => condition(q.max(metric, { by }))).join(' or ');
const share = (metric: MetricSpec, values: string): Record<string, string> => ({
  [`${metric.prometheus}{service_name="s",swarmscope_budget_name="b"}`]: values,
});
const of = 'The budget {{ $labels.swarmscope_budget_name }} of {{ $labels.service_name }}';
const look = ['Saturation: the row of budgets, each with its limit.', 'LLM use and cost: by model and by agent.'];

export const budgets: AlertGroup = {
  name: 'swarmscope-budgets',
  alerts: [
    {
      name: 'SwarmBudgetNearLimit',
      expr: anyOf((value) => `${value} >= 0.8 < 1`),
      for: '1m',
      severity: 'warning',
      resource: 'budget',
      summary: `${of} is nearly used up`,
      description: '{{ $value | humanizePercentage }} of its tokens, its money or its time is used.',
      board: 'swarmscope-saturation',
      runbook: {
        meaning: 'What was granted to a run, an agent or a task will not last for much longer. Nothing is held back by a budget: it tells.',
        causes: ['More work than was planned.', 'An agent that goes round in circles.', 'A larger model than was meant.'],
        look,
        act: ['Is the work as far as the budget? Then raise it. Else look at what the agent does, and end it.'],
      },
      cases: [
        { title: 'nine tenths of the tokens', series: share(names.METRIC_SWARMSCOPE_BUDGET_TOKEN_UTILIZATION, '0.9x30'), at: '10m', fires: true },
        { title: 'nine tenths of the time', series: share(names.METRIC_SWARMSCOPE_BUDGET_TIME_UTILIZATION, '0.9x30'), at: '10m', fires: true },
        { title: 'half of the money', series: share(names.METRIC_SWARMSCOPE_BUDGET_COST_UTILIZATION, '0.5x30'), at: '10m', fires: false },
        { title: 'an overrun, which says more', series: share(names.METRIC_SWARMSCOPE_BUDGET_COST_UTILIZATION, '1.1x30'), at: '10m', fires: false },
      ],
    },
    {
      name: 'SwarmBudgetExceeded',
      expr: anyOf((value) => `${value} >= 1`),
      for: '1m',
      severity: 'critical',
      resource: 'budget',
      summary: `${of} is overrun`,
      description: '{{ $value | humanizePercentage }} of its tokens, its money or its time is used.',
      board: 'swarmscope-saturation',
      runbook: {
        meaning: 'More was spent than was granted, and spending goes on until somebody ends it.',
        causes: ['A loop of calls.', 'A budget that was too small for the work.', 'Retries that each pay the whole prompt again.'],
        look: [...look, 'The event `swarmscope.budget.threshold.reached` has the trace and span id of the call that reached the limit.'],
        act: ['End the agent or the run that spends, or raise the budget where the work is worth it.'],
      },
      cases: [
        { title: 'more money than there was', series: share(names.METRIC_SWARMSCOPE_BUDGET_COST_UTILIZATION, '1.2x30'), at: '10m', fires: true },
        { title: 'nearly all of it', series: share(names.METRIC_SWARMSCOPE_BUDGET_COST_UTILIZATION, '0.99x30'), at: '10m', fires: false },
      ],
    },
  ],
};
