/** How well the run used what it had: tools, context windows, workers. The same as `profiler.getSummary` says of one process. */
import * as names from '../../semconv/index.ts';
import type { ProfileSummary } from '../../semconv/profile.ts';
import type { RunFacts } from '../facts.ts';
import type { LogRow } from '../model.ts';
import { parallelism } from './parallelism.ts';

type Attributes = LogRow['attributes'];

interface TaskProfile {
  offered: number;
  used: number;
  unused: readonly string[];
  context: number | undefined;
  /** Where the program gave them. */
  usedNames: readonly string[];
}

/** What was seen of a task wins over what the program gave by hand, which fills what nobody saw. */
export function profile(facts: RunFacts): ProfileSummary {
  const { peak, average } = parallelism(facts);
  const { byTask, workers } = givenIn(facts.data.logs);
  const seen = facts.tasks.map(({ row: { attributes } }) => {
    const task = taskOf(attributes);
    const id = attributes[names.ATTR_SWARMSCOPE_TASK_ID];
    const given = typeof id === 'string' ? byTask.get(id) : undefined;
    if (typeof id === 'string') byTask.delete(id);
    if (given === undefined) return task;
    const tools = hasTools(task) ? task : given;
    return { ...tools, context: task.context ?? given.context };
  });
  const all = [...seen, ...byTask.values()];
  const withTools = all.filter(hasTools);
  const shares = all.flatMap(({ context }) => context ?? []);
  const offered = withTools.reduce((sum, task) => sum + task.offered, 0);
  const unused = withTools.reduce((sum, task) => sum + task.unused.length, 0);
  const called = new Set<unknown>(facts.tools.map(({ row: { attributes } }) => attributes[names.ATTR_GEN_AI_TOOL_NAME]));
  for (const { usedNames } of withTools) for (const name of usedNames) called.add(name);
  const isGiven = facts.tasks.length === 0 && workers.most > 0;
  return {
    tasksWithToolTracking: withTools.length,
    tasksWithContextTracking: shares.length,
    peakParallelism: isGiven ? workers.most : peak,
    toolUtilization: offered === 0 ? undefined : 1 - unused / offered,
    unusedTools: [...new Set(withTools.flatMap((task) => task.unused))].filter((name) => !called.has(name)).toSorted(),
    meanContextUtilization: shares.length === 0 ? undefined : shares.reduce((sum, share) => sum + share, 0) / shares.length,
    // Not by spreading: a run may have a hundred thousand tasks.
    peakContextUtilization: shares.length === 0 ? undefined : shares.reduce((most, share) => Math.max(most, share), 0),
    idleShare: isGiven ? 1 - workers.mean / workers.most : idleShare(average, peak),
  };
}

function idleShare(average: number | undefined, peak: number): number | undefined {
  return average === undefined || peak === 0 ? undefined : Math.max(0, 1 - average / peak);
}

interface Given {
  /** By id; each event has all that was given of its task up to then. */
  readonly byTask: Map<string, TaskProfile>;
  readonly workers: { readonly most: number; readonly mean: number };
}

function givenIn(logs: readonly LogRow[]): Given {
  const byTask = new Map<string, TaskProfile>();
  let most = 0;
  let sum = 0;
  let times = 0;
  for (const { eventName, attributes } of logs) {
    if (eventName !== names.EVENT_SWARMSCOPE_PROFILE_RECORDED) continue;
    const id = attributes[names.ATTR_SWARMSCOPE_TASK_ID];
    const active = attributes[names.ATTR_SWARMSCOPE_PROFILE_WORKERS_ACTIVE];
    if (typeof active === 'number') {
      most = Math.max(most, active);
      sum += active;
      times += 1;
    } else if (typeof id === 'string') byTask.set(id, taskOf(attributes));
  }
  return { byTask, workers: { most, mean: times === 0 ? 0 : sum / times } };
}

const hasTools = ({ offered, used }: TaskProfile): boolean => offered + used > 0;

function taskOf(attributes: Attributes): TaskProfile {
  const context = attributes[names.ATTR_SWARMSCOPE_TASK_CONTEXT_PEAK_UTILIZATION];
  const usedNames = textsIn(attributes[names.ATTR_SWARMSCOPE_TASK_TOOLS_USED_NAMES]);
  return {
    offered: numberIn(attributes[names.ATTR_SWARMSCOPE_TASK_TOOLS_OFFERED_COUNT]),
    used: usedNames.length + numberIn(attributes[names.ATTR_SWARMSCOPE_TASK_TOOLS_USED_COUNT]),
    unused: textsIn(attributes[names.ATTR_SWARMSCOPE_TASK_TOOLS_UNUSED_NAMES]),
    context: typeof context === 'number' ? context : undefined,
    usedNames,
  };
}

const numberIn = (value: unknown): number => (typeof value === 'number' ? value : 0);
const textsIn = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
