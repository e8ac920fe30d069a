/** A run (workflow) and its phases. */
import { SpanKind } from '@opentelemetry/api';
import {
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_WORKFLOW_NAME,
  ATTR_SWARMSCOPE_OPERATION_NAME,
  ATTR_SWARMSCOPE_PHASE_NAME,
  ATTR_SWARMSCOPE_RUN_ID,
  ATTR_SWARMSCOPE_RUN_INFERRED,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW,
  METRIC_GEN_AI_INVOKE_WORKFLOW_DURATION,
  METRIC_SWARMSCOPE_PHASE_DURATION,
  SWARMSCOPE_OPERATION_NAME_VALUE_RUN_PHASE,
} from '../semconv/index.ts';
import type { RunKind } from './app-sdk.ts';
import { boundedName } from './content.ts';
import type { Core } from './core.ts';
import type { OpenActivity } from './open-activity.ts';
import { randomId } from './random-id.ts';
import { phaseEnded, phaseStarted } from './snapshots/index.ts';
import type { Activity } from './types.ts';

/** `own`: nobody declared it, and it lasts as long as its process. */
export function startRun(core: Core, name: string, own?: RunKind): OpenActivity {
  const runId = own?.runId ?? (core.settings.runId !== '' ? core.settings.runId : randomId());
  const activity = core.start({
    name: `invoke_workflow ${name}`,
    kind: SpanKind.INTERNAL,
    isRun: true,
    startTime: own?.startTime,
    ids: own === undefined ? undefined : core.plannedRun(),
    carries: { runId },
    // Its end is that of its process: no fault by itself.
    onCut: own === undefined ? undefined : (errorType) => activity.end({ errorType: core.ownRun.errorType(errorType) }),
    attributes: {
      [ATTR_SWARMSCOPE_RUN_INFERRED]: own === undefined ? undefined : true,
      [ATTR_GEN_AI_OPERATION_NAME]: GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW,
      [ATTR_GEN_AI_WORKFLOW_NAME]: name,
      [ATTR_SWARMSCOPE_RUN_ID]: runId,
    },
    onEnd(end, seconds) {
      core.measure(METRIC_GEN_AI_INVOKE_WORKFLOW_DURATION, seconds, {
        [ATTR_GEN_AI_WORKFLOW_NAME]: name,
        [ATTR_ERROR_TYPE]: end.errorType,
      });
      return undefined;
    },
  });
  return activity;
}

/** A graph or chain of a library, somewhere in a run. */
export function startWorkflow(core: Core, given: string): Activity {
  const name = boundedName(given);
  const by = { [ATTR_GEN_AI_WORKFLOW_NAME]: name };
  return core.start({
    name: `invoke_workflow ${name}`,
    kind: SpanKind.INTERNAL,
    isFramework: true,
    attributes: { ...by, [ATTR_GEN_AI_OPERATION_NAME]: GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW },
    onEnd({ errorType }, seconds) {
      core.measure(METRIC_GEN_AI_INVOKE_WORKFLOW_DURATION, seconds, { ...by, [ATTR_ERROR_TYPE]: errorType });
      return undefined;
    },
  });
}

/** Its end is a snapshot of its name. */
export function startPhase(core: Core, name: string): Activity {
  const activity: OpenActivity = core.start({
    name: `run_phase ${name}`,
    kind: SpanKind.INTERNAL,
    isFramework: true,
    attributes: { [ATTR_SWARMSCOPE_OPERATION_NAME]: SWARMSCOPE_OPERATION_NAME_VALUE_RUN_PHASE, [ATTR_SWARMSCOPE_PHASE_NAME]: name },
    onEnd({ errorType }, seconds) {
      core.measure(METRIC_SWARMSCOPE_PHASE_DURATION, seconds, { [ATTR_SWARMSCOPE_PHASE_NAME]: name, [ATTR_ERROR_TYPE]: errorType });
      phaseEnded(core, activity, activity.frame);
      return undefined;
    },
  });
  phaseStarted(core, activity, name);
  return activity;
}
