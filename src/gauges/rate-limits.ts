/** How much of each provider's rate limit is left, as its last answer said, and how long until all of it is there again. */
import {
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_SWARMSCOPE_RATE_LIMIT_KIND,
  ATTR_SWARMSCOPE_RATE_LIMIT_WINDOW,
  METRIC_SWARMSCOPE_RATE_LIMIT_LIMIT,
  METRIC_SWARMSCOPE_RATE_LIMIT_REMAINING,
  METRIC_SWARMSCOPE_RATE_LIMIT_TIME_TO_RESET,
  METRIC_SWARMSCOPE_RATE_LIMIT_UTILIZATION,
} from '../semconv/index.ts';
import type { EpochMs } from '../semconv/telemetry.ts';
import { observe, type Gauge } from './gauge.ts';
import type { RateLimitState } from './state.ts';

export const rateLimits: Gauge = {
  name: 'rate-limits',
  where: 'every-process',
  start: ({ meter, state, now }) =>
    observe(
      meter,
      [
        METRIC_SWARMSCOPE_RATE_LIMIT_LIMIT,
        METRIC_SWARMSCOPE_RATE_LIMIT_REMAINING,
        METRIC_SWARMSCOPE_RATE_LIMIT_UTILIZATION,
        METRIC_SWARMSCOPE_RATE_LIMIT_TIME_TO_RESET,
      ],
      (report) => {
        const at = now();
        for (const told of state.rateLimits()) {
          const by = {
            [ATTR_GEN_AI_PROVIDER_NAME]: told.provider,
            [ATTR_GEN_AI_REQUEST_MODEL]: told.model,
            [ATTR_SWARMSCOPE_RATE_LIMIT_KIND]: told.kind,
            [ATTR_SWARMSCOPE_RATE_LIMIT_WINDOW]: told.window,
          };
          const { remaining, utilization, resetInSeconds } = standing(told, at);
          report(METRIC_SWARMSCOPE_RATE_LIMIT_LIMIT, told.limit, by, told.toldAt);
          report(METRIC_SWARMSCOPE_RATE_LIMIT_REMAINING, remaining, by, told.toldAt);
          report(METRIC_SWARMSCOPE_RATE_LIMIT_UTILIZATION, utilization, by, told.toldAt);
          report(METRIC_SWARMSCOPE_RATE_LIMIT_TIME_TO_RESET, resetInSeconds, by, told.toldAt);
        }
      },
    ),
};

interface Standing {
  remaining: number | undefined;
  utilization: number | undefined;
  resetInSeconds: number | undefined;
}

/** Once the time that the provider named is over, all is there again: nobody may have asked since. */
function standing({ limit, remaining, utilization, resetAt }: RateLimitState, now: EpochMs): Standing {
  const isOver = resetAt !== undefined && resetAt <= now;
  const left = isOver ? limit : remaining;
  const used = limit === undefined || limit <= 0 || left === undefined ? undefined : Math.max(0, (limit - left) / limit);
  const share = isOver ? 0 : utilization;
  return {
    remaining: left,
    utilization: utilization === undefined ? used : share,
    resetInSeconds: resetAt === undefined ? undefined : Math.max(0, resetAt - now) / 1000,
  };
}
