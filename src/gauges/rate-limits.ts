/** How much of each provider's rate limit is left, as its last answer said. */
import {
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_SWARMSCOPE_RATE_LIMIT_KIND,
  METRIC_SWARMSCOPE_RATE_LIMIT_LIMIT,
  METRIC_SWARMSCOPE_RATE_LIMIT_REMAINING,
  METRIC_SWARMSCOPE_RATE_LIMIT_UTILIZATION,
} from '../semconv/index.ts';
import { observe, type Gauge } from './gauge.ts';

export const rateLimits: Gauge = {
  name: 'rate-limits',
  where: 'every-process',
  start: ({ meter, state }) =>
    observe(
      meter,
      [METRIC_SWARMSCOPE_RATE_LIMIT_LIMIT, METRIC_SWARMSCOPE_RATE_LIMIT_REMAINING, METRIC_SWARMSCOPE_RATE_LIMIT_UTILIZATION],
      (report) => {
        for (const { provider, model, kind, limit, remaining } of state.rateLimits()) {
          const by = { [ATTR_GEN_AI_PROVIDER_NAME]: provider, [ATTR_GEN_AI_REQUEST_MODEL]: model, [ATTR_SWARMSCOPE_RATE_LIMIT_KIND]: kind };
          report(METRIC_SWARMSCOPE_RATE_LIMIT_LIMIT, limit, by);
          report(METRIC_SWARMSCOPE_RATE_LIMIT_REMAINING, remaining, by);
          report(METRIC_SWARMSCOPE_RATE_LIMIT_UTILIZATION, limit > 0 ? (limit - remaining) / limit : undefined, by);
        }
      },
    ),
};
