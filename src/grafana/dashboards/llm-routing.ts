/** The row of the board of LLM calls about how a program chooses models, makes contexts smaller, and goes from phase to phase. */
import * as names from '../../semconv/index.ts';
import { timeseries, type Row } from '../panel.ts';
import { queries, share } from '../query.ts';
import { scope } from './llm-errors.ts';

const q = queries(scope);
const ROUTES = 'a program that calls `route`';

export const routing: Row = {
  title: 'Routing, context and phases',
  panels: [
    timeseries({
      title: 'Choices of a model per minute, by tier',
      description: 'As the program tells them. Many fallbacks: the first choice is refused or too small, and each of them costs a call.',
      unit: 'short',
      width: 8,
      needs: ROUTES,
      queries: [
        {
          expr: `60 * ${q.rate(names.METRIC_SWARMSCOPE_ROUTING_DECISIONS, { by: [names.ATTR_SWARMSCOPE_ROUTING_TIER, names.ATTR_SWARMSCOPE_ROUTING_OUTCOME] })}`,
          legend: '{{swarmscope_routing_tier}} {{swarmscope_routing_outcome}}',
        },
      ],
    }),
    timeseries({
      title: 'Cost per hour of routed calls, beside the dearest model for all',
      description: 'The distance between the two is what routing saves, token by token. None: everything goes to the dearest tier.',
      unit: 'currencyUSD',
      width: 8,
      needs: ROUTES,
      queries: [
        { expr: `3600 * ${q.rate(names.METRIC_SWARMSCOPE_ROUTING_COST)}`, legend: 'as routed' },
        { expr: `3600 * ${q.rate(names.METRIC_SWARMSCOPE_ROUTING_BASELINE_COST)}`, legend: 'dearest model for all' },
      ],
    }),
    timeseries({
      title: 'Tokens that are left of contexts made smaller',
      description: 'Share that each optimiser leaves. Near 1 it does nothing for its time; near 0 ask what the model still knows.',
      unit: 'percentunit',
      width: 8,
      needs: 'a program that calls `optimization`',
      queries: [
        {
          expr: share(
            q.rate(names.METRIC_SWARMSCOPE_CONTEXT_OPTIMIZATION_TOKENS, {
              by: [names.ATTR_SWARMSCOPE_CONTEXT_OPTIMIZER_NAME],
              where: { [names.ATTR_SWARMSCOPE_CONTEXT_OPTIMIZATION_STATE]: names.SWARMSCOPE_CONTEXT_OPTIMIZATION_STATE_VALUE_AFTER },
            }),
            q.rate(names.METRIC_SWARMSCOPE_CONTEXT_OPTIMIZATION_TOKENS, {
              by: [names.ATTR_SWARMSCOPE_CONTEXT_OPTIMIZER_NAME],
              where: { [names.ATTR_SWARMSCOPE_CONTEXT_OPTIMIZATION_STATE]: names.SWARMSCOPE_CONTEXT_OPTIMIZATION_STATE_VALUE_BEFORE },
            }),
          ),
          legend: '{{swarmscope_context_optimizer_name}}',
        },
      ],
    }),
    timeseries({
      title: 'Duration of a phase (p95)',
      description: 'Scout, plan, build, as the program names them. The longest one is where more workers or a smaller plan help.',
      unit: 's',
      width: 24,
      needs: 'a program with phases (`withPhase`)',
      queries: [
        {
          expr: q.quantile(0.95, names.METRIC_SWARMSCOPE_PHASE_DURATION, { by: [names.ATTR_SWARMSCOPE_PHASE_NAME] }),
          legend: '{{swarmscope_phase_name}}',
        },
      ],
    }),
  ],
};
