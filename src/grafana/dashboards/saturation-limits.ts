/** The row of the saturation board about what providers and git limit: context windows, rates, locks. */
import * as names from '../../semconv/index.ts';
import { timeseries, type Query, type Row } from '../panel.ts';
import { narrowed, queries, type Where } from '../query.ts';

/** Of the whole board. */
export const scope = narrowed({ [names.ATTR_SWARMSCOPE_POOL_NAME]: 'pool', [names.ATTR_GEN_AI_REQUEST_MODEL]: 'model' });
const q = queries(scope);
const model = [names.ATTR_GEN_AI_REQUEST_MODEL];
const rateLimit = [
  names.ATTR_GEN_AI_PROVIDER_NAME,
  names.ATTR_GEN_AI_REQUEST_MODEL,
  names.ATTR_SWARMSCOPE_RATE_LIMIT_KIND,
  names.ATTR_SWARMSCOPE_RATE_LIMIT_WINDOW,
];
const rateLimitLegend = '{{gen_ai_request_model}} {{swarmscope_rate_limit_kind}} {{swarmscope_rate_limit_window}}';
const operation = [names.ATTR_SWARMSCOPE_GIT_OPERATION_NAME];
const LOCK = 'two git commands that want the same lock';

/** What is left, beside the limit. */
function left(where: Where): readonly Query[] {
  return [
    { expr: q.min(names.METRIC_SWARMSCOPE_RATE_LIMIT_REMAINING, { by: rateLimit, where }), legend: rateLimitLegend },
    { expr: q.max(names.METRIC_SWARMSCOPE_RATE_LIMIT_LIMIT, { by: rateLimit, where }), legend: `limit ${rateLimitLegend}`, isLimit: true },
  ];
}

export const limits: Row = {
      title: 'Context, rate limits, locks',
      panels: [
        timeseries({
          title: 'Use of the context window (p95)',
          description: 'Input tokens as a share of what the model takes, by model. Climbing in a run: histories are carried along; compact them or split the task.',
          unit: 'percentunit',
          max: 1,
          queries: [
            { expr: q.quantile(0.95, names.METRIC_SWARMSCOPE_CONTEXT_UTILIZATION, { by: model }), legend: '{{gen_ai_request_model}}' },
            { expr: 'vector(1)', legend: 'limit', isLimit: true },
          ],
        }),
        timeseries({
          title: 'Requests left of the rate limit',
          description: 'As the headers of the last answers say, beside the limit. At zero the next call is refused: fewer workers, or fewer and longer calls.',
          unit: 'short',
          queries: left({ [names.ATTR_SWARMSCOPE_RATE_LIMIT_KIND]: names.SWARMSCOPE_RATE_LIMIT_KIND_VALUE_REQUESTS }),
        }),
        timeseries({
          title: 'Tokens left of the rate limit',
          description: 'As the headers of the last answers say, beside the limit. At zero the next call is refused: shorter prompts, or fewer workers.',
          unit: 'short',
          queries: left({ [names.ATTR_SWARMSCOPE_RATE_LIMIT_KIND]: { not: names.SWARMSCOPE_RATE_LIMIT_KIND_VALUE_REQUESTS } }),
        }),
        timeseries({
          title: 'Until the rate limit is whole again',
          description: 'As the headers of the last answers say. Longer than a call takes: workers that are refused now wait for this.',
          unit: 's',
          queries: [{ expr: q.max(names.METRIC_SWARMSCOPE_RATE_LIMIT_TIME_TO_RESET, { by: rateLimit }), legend: rateLimitLegend }],
        }),
        timeseries({
          title: 'Refused for rate per minute',
          description: 'By model. A saw-tooth means that all workers come back at once after the same wait.',
          unit: 'short',
          queries: [{ expr: `60 * ${q.rate(names.METRIC_SWARMSCOPE_RATE_LIMIT_REJECTIONS, { by: model })}`, legend: '{{gen_ai_request_model}}' }],
        }),
        timeseries({
          title: 'Lock failures in git per minute',
          description: 'By operation. Give each agent a worktree of its own, or let one process do the writing.',
          unit: 'short',
          needs: LOCK,
          queries: [
            {
              expr: `60 * ${q.rate(names.METRIC_SWARMSCOPE_GIT_LOCK_FAILURES, { by: operation })}`,
              legend: '{{swarmscope_git_operation_name}}',
            },
          ],
          goTo: ['swarmscope-git'],
        }),
      ],
    };
