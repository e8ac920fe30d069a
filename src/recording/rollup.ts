/** Sums of what happened inside a task, for its span; every enclosing task of this process gets its share. */
import { cutText } from '../semconv/cut-text.ts';
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
  ATTR_SWARMSCOPE_TASK_TOOLS_UNUSED_NAMES,
  ATTR_SWARMSCOPE_TASK_TOOLS_USED_COUNT,
  ATTR_SWARMSCOPE_TASK_WAIT_TIME,
} from '../semconv/index.ts';
import type { Attributes } from '../semconv/telemetry.ts';

/** Distinct tool names kept per task: protects the app from a model that invents names. */
const MAX_TOOL_NAMES = 256;

export interface Rollup {
  /** A child process or a thread worked in the task too. */
  isPartial: boolean;
  /** Activities inside the task that have not ended. */
  open: number;
  gitsStarted: number;
  gitsEnded: number;
  llmCalls: number;
  llmSeconds: number;
  toolSeconds: number;
  gitSeconds: number;
  waitSeconds: number;
  /** These two stay undefined until a call reported some. */
  inputTokens: number | undefined;
  outputTokens: number | undefined;
  /** USD; stays undefined until a priced call was seen. */
  cost: number | undefined;
  contextPeakUtilization: number | undefined;
  toolsOffered: Set<string>;
  toolsUsed: Set<string>;
}

/** A task, as far as its sums go. */
interface Summed {
  readonly rollup: Rollup;
  readonly outer: Summed | undefined;
}

export function emptyRollup(): Rollup {
  return {
    isPartial: false,
    open: 0,
    gitsStarted: 0,
    gitsEnded: 0,
    llmCalls: 0,
    llmSeconds: 0,
    toolSeconds: 0,
    gitSeconds: 0,
    waitSeconds: 0,
    inputTokens: undefined,
    outputTokens: undefined,
    cost: undefined,
    contextPeakUtilization: undefined,
    toolsOffered: new Set(),
    toolsUsed: new Set(),
  };
}

export function rollUp(task: Summed | undefined, change: (rollup: Rollup) => void): void {
  for (let at = task; at !== undefined; at = at.outer) change(at.rollup);
}

/** As on a span. */
const MAX_NAME_CHARACTERS = 512;

export function addNames(set: Set<string>, names: Iterable<string>): void {
  for (const name of names) {
    if (set.size >= MAX_TOOL_NAMES) return;
    set.add(cutText(name, MAX_NAME_CHARACTERS));
  }
}

/**
 * None where something is missing: work in another process or a thread, which only a reader of the whole trace can add,
 * or work that is still under way. Git tells when it has ended, to the root of the run alone.
 */
export function rollupAttributes(rollup: Rollup): Attributes {
  if (rollup.isPartial || rollup.open > 0) return {};
  // What no call reported is not known; without a call it is nothing.
  const known = (sum: number | undefined): number | undefined => (rollup.llmCalls === 0 ? 0 : sum);
  return {
    [ATTR_SWARMSCOPE_TASK_LLM_CALLS]: rollup.llmCalls,
    [ATTR_SWARMSCOPE_TASK_LLM_TIME]: rollup.llmSeconds,
    [ATTR_SWARMSCOPE_TASK_TOOL_TIME]: rollup.toolSeconds,
    [ATTR_SWARMSCOPE_TASK_GIT_TIME]: rollup.gitsEnded === rollup.gitsStarted ? rollup.gitSeconds : undefined,
    [ATTR_SWARMSCOPE_TASK_WAIT_TIME]: rollup.waitSeconds,
    [ATTR_SWARMSCOPE_TASK_INPUT_TOKENS]: known(rollup.inputTokens),
    [ATTR_SWARMSCOPE_TASK_OUTPUT_TOKENS]: known(rollup.outputTokens),
    [ATTR_SWARMSCOPE_TASK_COST]: rollup.cost,
    [ATTR_SWARMSCOPE_TASK_CONTEXT_PEAK_UTILIZATION]: rollup.contextPeakUtilization,
    [ATTR_SWARMSCOPE_TASK_TOOLS_OFFERED_COUNT]: rollup.toolsOffered.size,
    [ATTR_SWARMSCOPE_TASK_TOOLS_USED_COUNT]: rollup.toolsUsed.size,
    [ATTR_SWARMSCOPE_TASK_TOOLS_UNUSED_NAMES]: unusedOf(rollup),
  };
}

/** Absent where all were used. */
function unusedOf({ toolsOffered, toolsUsed }: Rollup): string[] | undefined {
  const unused = [...toolsOffered].filter((name) => !toolsUsed.has(name));
  return unused.length === 0 ? undefined : unused;
}
