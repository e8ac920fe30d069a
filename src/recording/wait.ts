/** Waiting, with its reason. */
import { SpanKind } from '@opentelemetry/api';
import {
  ATTR_SWARMSCOPE_ALLOCATION_RESOURCE_TYPE,
  ATTR_SWARMSCOPE_OPERATION_NAME,
  ATTR_SWARMSCOPE_WAIT_REASON,
  METRIC_SWARMSCOPE_ALLOCATION_WAIT_TIME,
  SWARMSCOPE_OPERATION_NAME_VALUE_WAIT,
} from '../semconv/index.ts';
import type { Core } from './core.ts';
import { rollUp } from './rollup.ts';
import type { Activity, WaitReason } from './types.ts';
import type { Attributes, EpochMs } from '../semconv/telemetry.ts';

/** Reasons that are the wait for a scarce resource, as the allocation metric counts them. */
const ALLOCATION: Partial<Record<WaitReason, string>> = { worker: 'worker', gpu: 'gpu', rate_limit: 'rate_limit' };

export function startWait(core: Core, reason: WaitReason, attributes: Attributes, startTime: EpochMs | undefined): Activity {
  const act = core.askedTools.act(undefined, 'wait', startTime);
  const task = act.frame?.task;
  const activity: Activity = core.start({
    name: `wait ${reason}`,
    kind: SpanKind.INTERNAL,
    isFramework: true,
    startTime,
    parent: act.frame,
    attributes: {
      ...attributes,
      [ATTR_SWARMSCOPE_OPERATION_NAME]: SWARMSCOPE_OPERATION_NAME_VALUE_WAIT,
      [ATTR_SWARMSCOPE_WAIT_REASON]: reason,
    },
    onEnd({ endTime }, seconds) {
      act.ended(endTime);
      rollUp(task, (rollup) => {
        rollup.waitSeconds += seconds;
      });
      const resource = ALLOCATION[reason];
      if (resource !== undefined) {
        core.measure(METRIC_SWARMSCOPE_ALLOCATION_WAIT_TIME, seconds, { [ATTR_SWARMSCOPE_ALLOCATION_RESOURCE_TYPE]: resource });
      }
      return undefined;
    },
    // That nobody has answered so far is no fault of the program that ends.
    onCut: reason === 'human' ? () => activity.end() : undefined,
  });
  return activity;
}
