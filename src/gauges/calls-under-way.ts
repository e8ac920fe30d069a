/** LLM calls that have begun and not ended, by provider and model. */
import { ATTR_GEN_AI_PROVIDER_NAME, ATTR_GEN_AI_REQUEST_MODEL, METRIC_SWARMSCOPE_INFERENCE_ACTIVE } from '../semconv/index.ts';
import type { Attributes } from '../semconv/telemetry.ts';
import { observe, type Gauge } from './gauge.ts';

/** Models shown as 0 after their last call has ended, so that graphs fall to 0; beyond that, they are left out. */
const MAX_IDLE = 256;

export const callsUnderWay: Gauge = {
  name: 'calls-under-way',
  where: 'every-process',
  start({ meter, state }) {
    const groups = new Map<string, { readonly attributes: Attributes; count: number }>();
    return observe(meter, [METRIC_SWARMSCOPE_INFERENCE_ACTIVE], (report) => {
      for (const [key, group] of groups) {
        if (groups.size > MAX_IDLE && group.count === 0) groups.delete(key);
        else group.count = 0;
      }
      for (const { provider, model, isOpen } of state.callsUnderWay()) {
        const key = `${provider}\0${model ?? ''}`;
        const group = groups.get(key) ?? {
          attributes: { [ATTR_GEN_AI_PROVIDER_NAME]: provider, [ATTR_GEN_AI_REQUEST_MODEL]: model },
          count: 0,
        };
        if (isOpen) group.count += 1;
        groups.set(key, group);
      }
      for (const { attributes, count } of groups.values()) report(METRIC_SWARMSCOPE_INFERENCE_ACTIVE, count, attributes);
    });
  },
};
