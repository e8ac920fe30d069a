/** Tasks not yet finished: how many by state, how old the oldest running one is, how many seem stuck. */
import {
  ATTR_OTEL_METRIC_OVERFLOW,
  ATTR_SWARMSCOPE_POOL_NAME,
  ATTR_SWARMSCOPE_TASK_STATE,
  ATTR_SWARMSCOPE_TASK_TYPE,
  METRIC_SWARMSCOPE_TASK_COUNT,
  METRIC_SWARMSCOPE_TASK_OLDEST_AGE,
  METRIC_SWARMSCOPE_TASK_STALLED,
  SWARMSCOPE_TASK_STATE_VALUE_RUNNING,
} from '../semconv/index.ts';
import type { Attributes, EpochMs } from '../semconv/telemetry.ts';
import { observe, type Gauge } from './gauge.ts';
import type { UnfinishedTask } from './state.ts';

/** A running task without a span start or end for this long is stalled: longer than healthy calls that users report. */
export const STALL_AFTER_MS = 300_000;
/** Groups shown as 0 after their last task ended, so that graphs fall to 0; beyond that, empty ones give way. */
const MAX_GROUPS = 1_000;

interface Group {
  readonly attributes: Attributes;
  readonly isRunning: boolean;
  readonly state: UnfinishedTask['state'];
  count: number;
  stalled: number;
  oldestStart: EpochMs;
}

export const tasks: Gauge = {
  name: 'tasks',
  where: 'every-process',
  start({ meter, state, now }) {
    const groups = new Map<string, Group>();
    return observe(meter, [METRIC_SWARMSCOPE_TASK_COUNT, METRIC_SWARMSCOPE_TASK_OLDEST_AGE, METRIC_SWARMSCOPE_TASK_STALLED], (report) => {
      const at = now();
      for (const group of groups.values()) Object.assign(group, { count: 0, stalled: 0, oldestStart: Infinity });
      for (const task of state.tasks()) countTask(groups, task, at);
      for (const { attributes, isRunning, state: taskState, count, stalled, oldestStart } of groups.values()) {
        report(METRIC_SWARMSCOPE_TASK_COUNT, count, { ...attributes, [ATTR_SWARMSCOPE_TASK_STATE]: taskState });
        if (!isRunning) continue;
        report(METRIC_SWARMSCOPE_TASK_STALLED, stalled, attributes);
        if (count > 0) report(METRIC_SWARMSCOPE_TASK_OLDEST_AGE, Math.max(0, at - oldestStart) / 1_000, attributes);
      }
    });
  },
};

function countTask(groups: Map<string, Group>, task: UnfinishedTask, at: EpochMs): void {
  const { type, pool, state } = task;
  const own = `${state}\0${type}\0${pool ?? ''}`;
  const hasRoom = groups.has(own) || groups.size < MAX_GROUPS || makeRoom(groups);
  const key = hasRoom ? own : state;
  let group = groups.get(key);
  if (group === undefined) {
    const isRunning = state === SWARMSCOPE_TASK_STATE_VALUE_RUNNING;
    group = {
      attributes: hasRoom
        ? { [ATTR_SWARMSCOPE_TASK_TYPE]: type, [ATTR_SWARMSCOPE_POOL_NAME]: pool }
        : { [ATTR_OTEL_METRIC_OVERFLOW]: true },
      isRunning,
      state,
      count: 0,
      stalled: 0,
      oldestStart: Infinity,
    };
    groups.set(key, group);
  }
  group.count++;
  group.oldestStart = Math.min(group.oldestStart, task.startedAt);
  if (at - task.lastActivityAt >= STALL_AFTER_MS) group.stalled++;
}

function makeRoom(groups: Map<string, Group>): boolean {
  for (const [key, { count }] of groups) if (count === 0) return groups.delete(key);
  return false;
}
