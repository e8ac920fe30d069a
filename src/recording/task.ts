/** One attempt of a task: span, queue wait, roll-ups, metrics, membership in its batch. */
import { SpanKind } from '@opentelemetry/api';
import {
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_SWARMSCOPE_BATCH_ID,
  ATTR_SWARMSCOPE_OPERATION_NAME,
  ATTR_SWARMSCOPE_POOL_NAME,
  ATTR_SWARMSCOPE_QUEUE_NAME,
  ATTR_SWARMSCOPE_TASK_ATTEMPT_NUMBER,
  ATTR_SWARMSCOPE_TASK_DEPENDENCY_COUNT,
  ATTR_SWARMSCOPE_TASK_DEPENDENCY_IDS,
  ATTR_SWARMSCOPE_TASK_ID,
  ATTR_SWARMSCOPE_TASK_PRIORITY,
  ATTR_SWARMSCOPE_TASK_QUEUE_WAIT_TIME,
  ATTR_SWARMSCOPE_TASK_RESULT,
  ATTR_SWARMSCOPE_TASK_TYPE,
  ATTR_SWARMSCOPE_WORKER_ID,
  METRIC_SWARMSCOPE_QUEUE_WAIT_TIME,
  METRIC_SWARMSCOPE_TASK_DURATION,
  METRIC_SWARMSCOPE_TASK_RETRIES,
  METRIC_SWARMSCOPE_TASK_SUBMITTED,
  SWARMSCOPE_OPERATION_NAME_VALUE_RUN_TASK,
  SWARMSCOPE_TASK_RESULT_VALUE_ERROR,
  SWARMSCOPE_TASK_RESULT_VALUE_SUCCESS,
} from '../semconv/index.ts';
import type { Core } from './core.ts';
import { Barriers } from './barriers.ts';
import { joinMember, recordBatch } from './batch.ts';
import { boundedName } from './content.ts';
import { frameOfTraceparent, linksTo } from './frame.ts';
import { measureEstimated } from './estimate.ts';
import { emptyRollup, rollupAttributes } from './rollup.ts';
import type { Activity, SubmittedTask, TaskOptions, TaskState } from './types.ts';
import { randomId } from './random-id.ts';

export function submitTask(core: Core, typeName: string, poolName: string | undefined): SubmittedTask {
  const type = boundedName(typeName);
  const pool = poolName === undefined ? undefined : boundedName(poolName);
  const task: SubmittedTask = { type, submittedAt: core.now(), frame: core.frames.current(), cancel: () => core.tasks.unqueue(task) };
  core.tasks.queue(task, pool);
  core.measure(METRIC_SWARMSCOPE_TASK_SUBMITTED, 1, { [ATTR_SWARMSCOPE_TASK_TYPE]: type, [ATTR_SWARMSCOPE_POOL_NAME]: pool });
  return task;
}

export function startTask(core: Core, options: TaskOptions, fallbackType: string): Activity {
  const told = typeof options.parent === 'string' ? frameOfTraceparent(options.parent) : undefined;
  const parent = told ?? options.submitted?.frame ?? core.frames.current();
  const task: TaskState = {
    id: boundedName(options.id ?? randomId()),
    type: boundedName(options.type ?? options.submitted?.type ?? fallbackType),
    worker: options.worker === undefined ? parent?.task?.worker : boundedName(options.worker),
    rollup: emptyRollup(),
    outer: parent?.task,
  };
  const startTime = core.now();
  const place = options.mayBeBatch === true && parent?.batch === undefined ? barriersOf(core).join(parent) : undefined;
  const readyAt = options.readyAt ?? options.submitted?.submittedAt;
  const waited = readyAt === undefined ? undefined : Math.max(0, startTime - readyAt) / 1000;
  if (options.submitted !== undefined) core.tasks.unqueue(options.submitted);
  const estimated = measureEstimated(core, task.type, options.estimate);
  const activity: Activity = core.start({
    name: `run_task ${task.type}`,
    kind: SpanKind.INTERNAL,
    startTime,
    parent,
    isOwnTrace: core.settings.traceScope === 'task' && task.outer === undefined,
    links: linksTo(options.links),
    carries: { task, batch: undefined, isInTool: undefined },
    attributes: {
      ...options.attributes,
      ...estimated?.attributes,
      [ATTR_SWARMSCOPE_OPERATION_NAME]: SWARMSCOPE_OPERATION_NAME_VALUE_RUN_TASK,
      [ATTR_SWARMSCOPE_TASK_ID]: task.id,
      [ATTR_SWARMSCOPE_TASK_TYPE]: task.type,
      [ATTR_SWARMSCOPE_TASK_ATTEMPT_NUMBER]: options.attempt,
      [ATTR_SWARMSCOPE_TASK_PRIORITY]: options.priority,
      [ATTR_SWARMSCOPE_TASK_DEPENDENCY_COUNT]: options.dependencies?.length,
      [ATTR_SWARMSCOPE_TASK_DEPENDENCY_IDS]: options.dependencies,
      [ATTR_SWARMSCOPE_TASK_QUEUE_WAIT_TIME]: waited,
      [ATTR_SWARMSCOPE_BATCH_ID]: parent?.batch?.id,
      [ATTR_SWARMSCOPE_POOL_NAME]: options.pool,
      [ATTR_SWARMSCOPE_QUEUE_NAME]: options.queue,
      [ATTR_SWARMSCOPE_WORKER_ID]: options.worker,
      [ATTR_GEN_AI_AGENT_NAME]: parent?.agent?.name,
    },
    onEnd(end, seconds) {
      const result =
        end.attributes?.[ATTR_SWARMSCOPE_TASK_RESULT] ??
        (end.errorType === undefined ? SWARMSCOPE_TASK_RESULT_VALUE_SUCCESS : SWARMSCOPE_TASK_RESULT_VALUE_ERROR);
      core.tasks.end(task);
      core.profile.ended(task.id, task.rollup, end.endTime);
      core.trackers.tasksChanged(options.pool, -1, end.endTime);
      core.measure(METRIC_SWARMSCOPE_TASK_DURATION, seconds, {
        [ATTR_SWARMSCOPE_TASK_TYPE]: task.type,
        [ATTR_SWARMSCOPE_TASK_RESULT]: result,
        [ATTR_ERROR_TYPE]: end.errorType,
        [ATTR_SWARMSCOPE_POOL_NAME]: options.pool,
        [ATTR_GEN_AI_AGENT_NAME]: parent?.agent?.name,
      });
      const batch = place?.batch ?? parent?.batch;
      joinMember(batch, task, activity, startTime, end.endTime);
      place?.ended();
      return {
        ...estimated?.ended(seconds),
        [ATTR_SWARMSCOPE_BATCH_ID]: batch?.id,
        ...(core.hasThreads() ? {} : rollupAttributes(task.rollup)),
        [ATTR_SWARMSCOPE_TASK_RESULT]: result,
      };
    },
  });
  core.tasks.start(task, options.pool, startTime, parent?.agent?.name);
  core.profile.started(startTime);
  core.tasks.name(task, activity.spanId);
  core.trackers.tasksChanged(options.pool, 1, startTime);
  measureStart(core, options, task.type, waited);
  return activity;
}

const barriers = new WeakMap<Core, Barriers>();

function barriersOf(core: Core): Barriers {
  const known = barriers.get(core);
  if (known !== undefined) return known;
  const fresh = new Barriers({
    now: core.now,
    record: (batch, more, startTime, frame) => recordBatch(core, batch, more, startTime, frame),
  });
  barriers.set(core, fresh);
  return fresh;
}

function measureStart(core: Core, options: TaskOptions, type: string, waited: number | undefined): void {
  if (waited !== undefined && options.queue !== undefined) {
    core.measure(METRIC_SWARMSCOPE_QUEUE_WAIT_TIME, waited, {
      [ATTR_SWARMSCOPE_QUEUE_NAME]: options.queue,
      [ATTR_SWARMSCOPE_TASK_TYPE]: type,
    });
  }
  if (options.attempt !== undefined && options.attempt > 1) {
    core.measure(METRIC_SWARMSCOPE_TASK_RETRIES, 1, { [ATTR_SWARMSCOPE_TASK_TYPE]: type, [ATTR_ERROR_TYPE]: '_OTHER' });
  }
}
