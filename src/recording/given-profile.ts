/** What a program gives to the profiler by hand: a part of the profile, and an event, so that the report of the run has it. */
import {
  ATTR_SWARMSCOPE_PROFILE_TASKS_COMPLETED,
  ATTR_SWARMSCOPE_PROFILE_TASKS_PENDING,
  ATTR_SWARMSCOPE_PROFILE_WORKERS_ACTIVE,
  ATTR_SWARMSCOPE_TASK_CONTEXT_PEAK_UTILIZATION,
  ATTR_SWARMSCOPE_TASK_ID,
  ATTR_SWARMSCOPE_TASK_TOOLS_OFFERED_COUNT,
  ATTR_SWARMSCOPE_TASK_TOOLS_UNUSED_NAMES,
  ATTR_SWARMSCOPE_TASK_TOOLS_USED_NAMES,
  ATTR_SWARMSCOPE_WORKER_ID,
  EVENT_PREFIX,
  EVENT_SWARMSCOPE_PROFILE_RECORDED,
} from '../semconv/index.ts';
import type { Attributes } from '../semconv/telemetry.ts';
import type { Core } from './core.ts';
import { tell } from './events/emit.ts';
import type { GivenProfile, TaskProfile } from './profile.ts';

const KIND = EVENT_SWARMSCOPE_PROFILE_RECORDED.slice(EVENT_PREFIX.length);
/** Names on one event; protects the program from a task with tools without end. */
const MAX_NAMES = 200;

/** Why it was not taken; undefined where it was. */
export function recordGivenProfile(core: Core, given: GivenProfile): string | undefined {
  const taken = core.profile.record(given);
  if (typeof taken === 'string') return taken;
  const attributes = taken === undefined ? ofWorkers(given) : ofTask(given, taken);
  tell(core, { kind: KIND, frame: core.frames.current() ?? core.ownRun.frame(), attributes });
  return undefined;
}

function ofTask({ taskId, workerId }: GivenProfile, { offered, used, contextShare }: TaskProfile): Attributes {
  const tools = {
    [ATTR_SWARMSCOPE_TASK_TOOLS_OFFERED_COUNT]: offered.size,
    [ATTR_SWARMSCOPE_TASK_TOOLS_USED_NAMES]: [...used].slice(0, MAX_NAMES),
    [ATTR_SWARMSCOPE_TASK_TOOLS_UNUSED_NAMES]: [...offered].filter((name) => !used.has(name)).slice(0, MAX_NAMES),
  };
  return {
    [ATTR_SWARMSCOPE_TASK_ID]: String(taskId),
    [ATTR_SWARMSCOPE_WORKER_ID]: typeof workerId === 'string' && workerId !== '' ? workerId : undefined,
    [ATTR_SWARMSCOPE_TASK_CONTEXT_PEAK_UTILIZATION]: contextShare,
    ...(offered.size + used.size === 0 ? {} : tools),
  };
}

function ofWorkers({ activeWorkers, pendingTasks, completedTasks }: GivenProfile): Attributes {
  return {
    [ATTR_SWARMSCOPE_PROFILE_WORKERS_ACTIVE]: Number(activeWorkers),
    [ATTR_SWARMSCOPE_PROFILE_TASKS_PENDING]: numberOf(pendingTasks),
    [ATTR_SWARMSCOPE_PROFILE_TASKS_COMPLETED]: numberOf(completedTasks),
  };
}

const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
