/** Budgets of the run: what was granted, what is used, and the share of it; a parent's usage has its children's in it. */
import {
  ATTR_SWARMSCOPE_BUDGET_NAME,
  METRIC_SWARMSCOPE_BUDGET_COST_LIMIT,
  METRIC_SWARMSCOPE_BUDGET_COST_USAGE,
  METRIC_SWARMSCOPE_BUDGET_COST_UTILIZATION,
  METRIC_SWARMSCOPE_BUDGET_TIME_LIMIT,
  METRIC_SWARMSCOPE_BUDGET_TIME_USAGE,
  METRIC_SWARMSCOPE_BUDGET_TIME_UTILIZATION,
  METRIC_SWARMSCOPE_BUDGET_TOKEN_LIMIT,
  METRIC_SWARMSCOPE_BUDGET_TOKEN_USAGE,
  METRIC_SWARMSCOPE_BUDGET_TOKEN_UTILIZATION,
  type MetricSpec,
} from '../semconv/index.ts';
import { observe, type Gauge } from './gauge.ts';
import type { BudgetState } from './state.ts';

const SPECS: Readonly<Record<BudgetState['kind'], Readonly<Record<'limit' | 'usage' | 'utilization', MetricSpec>>>> = {
  token: {
    limit: METRIC_SWARMSCOPE_BUDGET_TOKEN_LIMIT,
    usage: METRIC_SWARMSCOPE_BUDGET_TOKEN_USAGE,
    utilization: METRIC_SWARMSCOPE_BUDGET_TOKEN_UTILIZATION,
  },
  cost: {
    limit: METRIC_SWARMSCOPE_BUDGET_COST_LIMIT,
    usage: METRIC_SWARMSCOPE_BUDGET_COST_USAGE,
    utilization: METRIC_SWARMSCOPE_BUDGET_COST_UTILIZATION,
  },
  time: {
    limit: METRIC_SWARMSCOPE_BUDGET_TIME_LIMIT,
    usage: METRIC_SWARMSCOPE_BUDGET_TIME_USAGE,
    utilization: METRIC_SWARMSCOPE_BUDGET_TIME_UTILIZATION,
  },
};

export const budgets: Gauge = {
  name: 'budgets',
  where: 'root',
  start: ({ meter, state }) =>
    observe(
      meter,
      Object.values(SPECS).flatMap((specs) => Object.values(specs)),
      (report) => {
        for (const { name, kind, limit, usage } of state.budgets()) {
          const by = { [ATTR_SWARMSCOPE_BUDGET_NAME]: name };
          const specs = SPECS[kind];
          report(specs.limit, limit, by);
          report(specs.usage, usage, by);
          report(specs.utilization, usage / limit, by);
        }
      },
    ),
};
