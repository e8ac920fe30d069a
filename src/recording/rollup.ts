/** Sums of what happened inside a task; every enclosing task of this process gets its share. */
import {
  ATTR_SWARMSCOPE_TASK_CONTEXT_PEAK_UTILIZATION,
  ATTR_SWARMSCOPE_TASK_COST,
  ATTR_SWARMSCOPE_TASK_GIT_TIME,
  ATTR_SWARMSCOPE_TASK_INPUT_TOKENS,
  ATTR_SWARMSCOPE_TASK_LLM_CALLS,
  ATTR_SWARMSCOPE_TASK_LLM_TIME,
  ATTR_SWARMSCOPE_TASK_OUTPUT_TOKENS,
  ATTR_SWARMSCOPE_TASK_TOOL_TIME,
  ATTR_SWARMSCOPE_TASK_TOOLS_OFFERED_COUNT,
  ATTR_SWARMSCOPE_TASK_TOOLS_USED_COUNT,
  ATTR_SWARMSCOPE_TASK_WAIT_TIME,
} from '../semconv/index.ts';
import type { Rollup, TaskState } from './types.ts';
import type { Attributes } from '../semconv/telemetry.ts';

/** Distinct tool names kept per task: protects the app from a model that invents names. */
const MAX_TOOL_NAMES = 256;

export function emptyRollup(): Rollup {
  return {
    llmCalls: 0,
    llmSeconds: 0,
    toolSeconds: 0,
    gitSeconds: 0,
    waitSeconds: 0,
    inputTokens: 0,
    outputTokens: 0,
    cost: undefined,
    contextPeakUtilization: undefined,
    toolsOffered: new Set(),
    toolsUsed: new Set(),
  };
}

export function rollUp(task: TaskState | undefined, change: (rollup: Rollup) => void): void {
  for (let at = task; at !== undefined; at = at.outer) change(at.rollup);
}

export function addNames(set: Set<string>, names: Iterable<string>): void {
  for (const name of names) {
    if (set.size >= MAX_TOOL_NAMES) return;
    set.add(name);
  }
}

export function rollupAttributes(rollup: Rollup): Attributes {
  return {
    [ATTR_SWARMSCOPE_TASK_LLM_CALLS]: rollup.llmCalls,
    [ATTR_SWARMSCOPE_TASK_LLM_TIME]: rollup.llmSeconds,
    [ATTR_SWARMSCOPE_TASK_TOOL_TIME]: rollup.toolSeconds,
    [ATTR_SWARMSCOPE_TASK_GIT_TIME]: rollup.gitSeconds,
    [ATTR_SWARMSCOPE_TASK_WAIT_TIME]: rollup.waitSeconds,
    [ATTR_SWARMSCOPE_TASK_INPUT_TOKENS]: rollup.inputTokens,
    [ATTR_SWARMSCOPE_TASK_OUTPUT_TOKENS]: rollup.outputTokens,
    [ATTR_SWARMSCOPE_TASK_COST]: rollup.cost,
    [ATTR_SWARMSCOPE_TASK_CONTEXT_PEAK_UTILIZATION]: rollup.contextPeakUtilization,
    [ATTR_SWARMSCOPE_TASK_TOOLS_OFFERED_COUNT]: rollup.toolsOffered.size,
    [ATTR_SWARMSCOPE_TASK_TOOLS_USED_COUNT]: rollup.toolsUsed.size,
  };
}
