/** A batch or superstep: what ran in it, how parallel it was, who released its barrier. */
import { SpanKind, type Link } from '@opentelemetry/api';
import {
  ATTR_ERROR_TYPE,
  ATTR_SWARMSCOPE_BATCH_ID,
  ATTR_SWARMSCOPE_BATCH_INDEX,
  ATTR_SWARMSCOPE_BATCH_INFERRED,
  ATTR_SWARMSCOPE_BATCH_PARALLELISM,
  ATTR_SWARMSCOPE_BATCH_SIZE,
  ATTR_SWARMSCOPE_BATCH_STRAGGLER_DELAY,
  ATTR_SWARMSCOPE_BATCH_STRAGGLER_TASK_ID,
  ATTR_SWARMSCOPE_OPERATION_NAME,
  ATTR_SWARMSCOPE_SCHEDULER_NAME,
  ATTR_SWARMSCOPE_SCHEDULER_STRATEGY,
  ATTR_SWARMSCOPE_TASK_TYPE,
  METRIC_SWARMSCOPE_BATCH_BARRIER_WAIT_TIME,
  METRIC_SWARMSCOPE_BATCH_DURATION,
  METRIC_SWARMSCOPE_BATCH_PARALLELISM,
  METRIC_SWARMSCOPE_BATCH_SIZE,
  METRIC_SWARMSCOPE_BATCH_STRAGGLER_DELAY,
  SWARMSCOPE_OPERATION_NAME_VALUE_RUN_BATCH,
} from '../semconv/index.ts';
import type { Core } from './core.ts';
import { randomId } from './random-id.ts';
import type { Activity, BatchMember, BatchOptions, BatchState, Frame, TaskState } from './types.ts';
import type { Attributes, EpochMs } from '../semconv/telemetry.ts';

/** Members whose times are kept; a batch of more still gets its size. */
const MAX_BATCH_MEMBERS = 10_000;
/** Links from a batch span found afterwards to the tasks in it. */
const MAX_LINKS = 128;

export function newBatch(schedulerName: string): BatchState {
  return { id: randomId(), schedulerName, members: [], overflow: 0 };
}

export function joinMember(batch: BatchState | undefined, task: TaskState, activity: Activity, startTime: EpochMs, endTime: EpochMs): void {
  if (batch === undefined) return;
  if (batch.members.length >= MAX_BATCH_MEMBERS) batch.overflow += 1;
  else batch.members.push({ id: task.id, type: task.type, startTime, endTime, traceId: activity.traceId, spanId: activity.spanId });
}

export function startBatch(core: Core, options: BatchOptions): Activity {
  const batch = newBatch(options.scheduler ?? 'batch');
  return openBatch(core, { batch, options, startTime: core.now(), frame: undefined, links: [] });
}

/** Makes the span of a batch whose barrier was only seen at its end. */
export function recordBatch(core: Core, batch: BatchState, options: BatchOptions, startTime: EpochMs, frame: Frame | undefined): void {
  const links = batch.members.slice(0, MAX_LINKS).map(({ traceId, spanId }): Link => ({ context: { traceId, spanId, traceFlags: 1 } }));
  openBatch(core, { batch, options, startTime, frame, links }).end();
}

interface BatchSpan {
  batch: BatchState;
  options: BatchOptions;
  startTime: EpochMs;
  frame: Frame | undefined;
  links: Link[];
}

function openBatch(core: Core, { batch, options, startTime, frame, links }: BatchSpan): Activity {
  return core.start({
    name: `run_batch ${batch.schedulerName}`,
    kind: SpanKind.INTERNAL,
    isFramework: true,
    startTime,
    parent: frame,
    links,
    carries: { batch },
    attributes: {
      [ATTR_SWARMSCOPE_OPERATION_NAME]: SWARMSCOPE_OPERATION_NAME_VALUE_RUN_BATCH,
      [ATTR_SWARMSCOPE_BATCH_ID]: batch.id,
      [ATTR_SWARMSCOPE_BATCH_INDEX]: options.index,
      [ATTR_SWARMSCOPE_BATCH_SIZE]: options.size,
      [ATTR_SWARMSCOPE_BATCH_INFERRED]: options.isInferred === true ? true : undefined,
      [ATTR_SWARMSCOPE_SCHEDULER_NAME]: batch.schedulerName,
      [ATTR_SWARMSCOPE_SCHEDULER_STRATEGY]: options.strategy,
    },
    onEnd: (end, seconds) => finish(core, batch, { endTime: end.endTime, seconds, errorType: end.errorType, declaredSize: options.size }),
  });
}

interface BatchEnd {
  endTime: EpochMs;
  seconds: number;
  errorType: string | undefined;
  declaredSize: number | undefined;
}

function finish(core: Core, batch: BatchState, end: BatchEnd): Attributes {
  const by = { [ATTR_SWARMSCOPE_SCHEDULER_NAME]: batch.schedulerName };
  const { members } = batch;
  // Tasks that run in other processes are known by the declaration only.
  const size = Math.max(members.length + batch.overflow, end.declaredSize ?? 0);
  core.measure(METRIC_SWARMSCOPE_BATCH_DURATION, end.seconds, { ...by, [ATTR_ERROR_TYPE]: end.errorType });
  if (size > 0) core.measure(METRIC_SWARMSCOPE_BATCH_SIZE, size, by);
  const straggler = lastOf(members);
  if (straggler === undefined) return { [ATTR_SWARMSCOPE_BATCH_SIZE]: size };
  for (const member of members) {
    const waited = Math.max(0, end.endTime - member.endTime) / 1000;
    core.measure(METRIC_SWARMSCOPE_BATCH_BARRIER_WAIT_TIME, waited, { ...by, [ATTR_SWARMSCOPE_TASK_TYPE]: member.type });
  }
  const worked = members.reduce((sum, member) => sum + (member.endTime - member.startTime), 0) / 1000;
  const parallelism = end.seconds > 0 ? worked / end.seconds : undefined;
  const delay = (straggler.endTime - medianEnd(members)) / 1000;
  if (parallelism !== undefined) core.measure(METRIC_SWARMSCOPE_BATCH_PARALLELISM, parallelism, by);
  core.measure(METRIC_SWARMSCOPE_BATCH_STRAGGLER_DELAY, delay, by);
  return {
    [ATTR_SWARMSCOPE_BATCH_SIZE]: size,
    [ATTR_SWARMSCOPE_BATCH_PARALLELISM]: parallelism,
    [ATTR_SWARMSCOPE_BATCH_STRAGGLER_TASK_ID]: straggler.id,
    [ATTR_SWARMSCOPE_BATCH_STRAGGLER_DELAY]: delay,
  };
}

function lastOf(members: readonly BatchMember[]): BatchMember | undefined {
  return members.reduce<BatchMember | undefined>(
    (last, member) => (last === undefined || member.endTime > last.endTime ? member : last),
    undefined,
  );
}

function medianEnd(members: readonly BatchMember[]): EpochMs {
  const ends = members.map((member) => member.endTime).sort((a, b) => a - b);
  return ends[Math.floor((ends.length - 1) / 2)] ?? 0;
}
