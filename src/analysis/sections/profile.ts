/** How well the run used what it had: tools, context windows, workers. The same as `profiler.getSummary` says of one process. */
import * as names from '../../semconv/index.ts';
import type { ProfileSummary } from '../../semconv/profile.ts';
import type { RunFacts } from '../facts.ts';
import { parallelism } from './parallelism.ts';

export function profile(facts: RunFacts): ProfileSummary {
  const { peak, average } = parallelism(facts);
  const all = facts.tasks.map(({ row: { attributes } }) => ({
    offered: numberIn(attributes[names.ATTR_SWARMSCOPE_TASK_TOOLS_OFFERED_COUNT]),
    used: numberIn(attributes[names.ATTR_SWARMSCOPE_TASK_TOOLS_USED_COUNT]),
    unused: textsIn(attributes[names.ATTR_SWARMSCOPE_TASK_TOOLS_UNUSED_NAMES]),
    context: attributes[names.ATTR_SWARMSCOPE_TASK_CONTEXT_PEAK_UTILIZATION],
  }));
  const withTools = all.filter(({ offered, used }) => offered + used > 0);
  const shares = all.flatMap(({ context }) => (typeof context === 'number' ? [context] : []));
  const offered = withTools.reduce((sum, task) => sum + task.offered, 0);
  const unused = withTools.reduce((sum, task) => sum + task.unused.length, 0);
  const called = new Set(facts.tools.map(({ row: { attributes } }) => attributes[names.ATTR_GEN_AI_TOOL_NAME]));
  return {
    tasksWithToolTracking: withTools.length,
    tasksWithContextTracking: shares.length,
    peakParallelism: peak,
    toolUtilization: offered === 0 ? undefined : 1 - unused / offered,
    unusedTools: [...new Set(withTools.flatMap((task) => task.unused))].filter((name) => !called.has(name)).toSorted(),
    meanContextUtilization: shares.length === 0 ? undefined : shares.reduce((sum, share) => sum + share, 0) / shares.length,
    // Not by spreading: a run may have a hundred thousand tasks.
    peakContextUtilization: shares.length === 0 ? undefined : shares.reduce((most, share) => Math.max(most, share), 0),
    idleShare: average === undefined || peak === 0 ? undefined : Math.max(0, 1 - average / peak),
  };
}

const numberIn = (value: unknown): number => (typeof value === 'number' ? value : 0);
const textsIn = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
