/** What a task was estimated to take, beside what it took. */
import { SharedUsage } from '../config/process-usage.ts';
import {
  ATTR_SWARMSCOPE_TASK_CPU_TIME,
  ATTR_SWARMSCOPE_TASK_ESTIMATE_CPU_RATIO,
  ATTR_SWARMSCOPE_TASK_ESTIMATE_CPU_TIME,
  ATTR_SWARMSCOPE_TASK_ESTIMATE_MEMORY,
  ATTR_SWARMSCOPE_TASK_ESTIMATE_MEMORY_RATIO,
  ATTR_SWARMSCOPE_TASK_ESTIMATE_RATIO,
  ATTR_SWARMSCOPE_TASK_ESTIMATE_WALL_TIME,
  ATTR_SWARMSCOPE_TASK_MEMORY_PEAK_USAGE,
  ATTR_SWARMSCOPE_TASK_SHARED_COUNT,
  ATTR_SWARMSCOPE_TASK_TYPE,
  METRIC_SWARMSCOPE_TASK_CPU_TIME,
  METRIC_SWARMSCOPE_TASK_MEMORY_PEAK_USAGE,
  type MetricSpec,
} from '../semconv/index.ts';
import type { Attributes } from '../semconv/telemetry.ts';

/** What a task is thought to take; what is left out is not compared. */
export interface TaskEstimate {
  readonly wallClockSeconds?: number | undefined;
  readonly cpuTimeSeconds?: number | undefined;
  readonly peakMemoryBytes?: number | undefined;
}

/** Of all tasks with an estimate: those at work at the same time share the CPU of the process. */
const shared = new SharedUsage();

interface Measuring {
  measure(spec: MetricSpec, value: number, attributes: Attributes): void;
  count(name: string): void;
}

export interface Estimated {
  readonly attributes: Attributes;
  /** What it took, by the end of the task. */
  ended(seconds: number): Attributes;
}

/** undefined: nothing was estimated, and nothing is measured. A number that is none is left out and counted. */
export function measureEstimated(core: Measuring, type: string, given: TaskEstimate | undefined): Estimated | undefined {
  if (typeof given !== 'object' || given === null) return undefined;
  const amount = (value: number | undefined): number | undefined => {
    if (value === undefined || (typeof value === 'number' && Number.isFinite(value) && value > 0)) return value;
    core.count('task.bad-estimate');
    return undefined;
  };
  const wallSeconds = amount(given.wallClockSeconds);
  const estimatedCpuSeconds = amount(given.cpuTimeSeconds);
  const estimatedBytes = amount(given.peakMemoryBytes);
  const attributes = {
    [ATTR_SWARMSCOPE_TASK_ESTIMATE_WALL_TIME]: wallSeconds,
    [ATTR_SWARMSCOPE_TASK_ESTIMATE_CPU_TIME]: estimatedCpuSeconds,
    [ATTR_SWARMSCOPE_TASK_ESTIMATE_MEMORY]: estimatedBytes,
  };
  const end = shared.begin();
  return {
    attributes,
    ended(seconds) {
      const { cpuSeconds, peakMemoryBytes, sharedBy } = end();
      const of = { [ATTR_SWARMSCOPE_TASK_TYPE]: type };
      core.measure(METRIC_SWARMSCOPE_TASK_CPU_TIME, cpuSeconds, of);
      core.measure(METRIC_SWARMSCOPE_TASK_MEMORY_PEAK_USAGE, peakMemoryBytes, of);
      return {
        [ATTR_SWARMSCOPE_TASK_CPU_TIME]: cpuSeconds,
        [ATTR_SWARMSCOPE_TASK_MEMORY_PEAK_USAGE]: peakMemoryBytes,
        [ATTR_SWARMSCOPE_TASK_SHARED_COUNT]: sharedBy,
        [ATTR_SWARMSCOPE_TASK_ESTIMATE_RATIO]: ratio(seconds, wallSeconds),
        [ATTR_SWARMSCOPE_TASK_ESTIMATE_CPU_RATIO]: ratio(cpuSeconds, estimatedCpuSeconds),
        [ATTR_SWARMSCOPE_TASK_ESTIMATE_MEMORY_RATIO]: ratio(peakMemoryBytes, estimatedBytes),
      };
    },
  };
}

/** What it took, as a multiple of what was estimated. */
function ratio(actual: number, estimated: number | undefined): number | undefined {
  return estimated === undefined ? undefined : actual / estimated;
}
