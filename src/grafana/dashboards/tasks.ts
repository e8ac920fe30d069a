/** Tasks: rate, errors, duration; what straggles, what is stuck. */
import {
  ATTR_ERROR_TYPE,
  ATTR_SWARMSCOPE_OPERATION_NAME,
  ATTR_SWARMSCOPE_TASK_RESULT,
  ATTR_SWARMSCOPE_TASK_STATE,
  ATTR_SWARMSCOPE_TASK_TYPE,
  METRIC_SWARMSCOPE_TASK_COUNT,
  METRIC_SWARMSCOPE_TASK_DURATION,
  METRIC_SWARMSCOPE_TASK_OLDEST_AGE,
  METRIC_SWARMSCOPE_TASK_RETRIES,
  METRIC_SWARMSCOPE_TASK_STALLED,
  METRIC_SWARMSCOPE_TASK_SUBMITTED,
  SWARMSCOPE_TASK_RESULT_VALUE_SUCCESS,
} from '../../semconv/index.ts';
import { bars, noneExpected, stat, table, timeseries, traces, type Board } from '../panel.ts';
import { onDashboard, queries } from '../query.ts';
import { common } from './variables.ts';

const q = queries(onDashboard);
const type = [ATTR_SWARMSCOPE_TASK_TYPE];
const legend = '{{swarmscope_task_type}}';
const unsuccessful = { [ATTR_SWARMSCOPE_TASK_RESULT]: { not: SWARMSCOPE_TASK_RESULT_VALUE_SUCCESS } };
const isTask = `span.${ATTR_SWARMSCOPE_OPERATION_NAME} = "run_task"`;

export const tasks: Board = {
  uid: 'swarmscope-tasks',
  title: 'Tasks',
  description: 'What the swarm does, how well and how fast; what straggles and what is stuck.',
  variables: [
    ...common,
    { name: 'type', label: 'Task', query: `label_values(${METRIC_SWARMSCOPE_TASK_DURATION.prometheus}_count, swarmscope_task_type)` },
  ],
  rows: [
    {
      title: 'Is it OK?',
      panels: [
        stat({
          title: 'Tasks ended',
          description: 'In the chosen time, whatever their result.',
          unit: 'short',
          decimals: 0,
          noValue: '0',
          queries: [{ expr: q.increase(METRIC_SWARMSCOPE_TASK_DURATION, '$__range'), legend: 'ended' }],
        }),
        stat({
          title: 'Not successful',
          description: 'Failed, timed out, cancelled or skipped in the chosen time. The table below says of what type, the traces say why.',
          unit: 'short',
          decimals: 0,
          thresholds: noneExpected,
          noValue: '0',
          queries: [{ expr: q.increase(METRIC_SWARMSCOPE_TASK_DURATION, '$__range', { where: unsuccessful }), legend: 'not successful' }],
        }),
        stat({
          title: 'Repeated',
          description: 'Attempts after the first, in the chosen time: work and money spent twice.',
          unit: 'short',
          decimals: 0,
          noValue: '0',
          queries: [{ expr: q.increase(METRIC_SWARMSCOPE_TASK_RETRIES, '$__range'), legend: 'retries' }],
        }),
        stat({
          title: 'Running',
          description: 'Tasks that have started and not ended.',
          unit: 'short',
          noValue: '0',
          queries: [
            { expr: q.sum(METRIC_SWARMSCOPE_TASK_COUNT, { where: { [ATTR_SWARMSCOPE_TASK_STATE]: 'running' } }), legend: 'running' },
          ],
        }),
        stat({
          title: 'Oldest running',
          description: 'How long the oldest task has run. Many times the p95 of its type: look at what it waits for.',
          unit: 's',
          noValue: 'none runs',
          queries: [{ expr: q.max(METRIC_SWARMSCOPE_TASK_OLDEST_AGE), legend: 'oldest' }],
        }),
        stat({
          title: 'Stuck',
          description: 'Tasks in which nothing has happened for too long.',
          unit: 'short',
          thresholds: noneExpected,
          noValue: '0',
          queries: [{ expr: q.sum(METRIC_SWARMSCOPE_TASK_STALLED), legend: 'stuck' }],
        }),
      ],
    },
    {
      title: 'Rate, errors, duration',
      panels: [
        timeseries({
          title: 'Submitted and ended per minute',
          description: 'Submitted above ended for long: the backlog grows.',
          unit: 'short',
          queries: [
            { expr: `60 * ${q.rate(METRIC_SWARMSCOPE_TASK_SUBMITTED)}`, legend: 'submitted' },
            { expr: `60 * ${q.rate(METRIC_SWARMSCOPE_TASK_DURATION)}`, legend: 'ended' },
          ],
        }),
        timeseries({
          title: 'Not successful per minute, by reason',
          description: 'By the type of the error.',
          unit: 'short',
          isStacked: true,
          needs: 'a task that fails',
          queries: [
            {
              expr: `60 * ${q.rate(METRIC_SWARMSCOPE_TASK_DURATION, { by: [ATTR_SWARMSCOPE_TASK_RESULT, ATTR_ERROR_TYPE], where: unsuccessful })}`,
              legend: '{{swarmscope_task_result}} {{error_type}}',
            },
          ],
        }),
        timeseries({
          title: 'Duration (p50)',
          description: 'The usual task of each type.',
          unit: 's',
          queries: [
            {
              expr: q.quantile(0.5, METRIC_SWARMSCOPE_TASK_DURATION, {
                by: type,
                where: { [ATTR_SWARMSCOPE_TASK_TYPE]: { like: '$type' } },
              }),
              legend,
            },
          ],
        }),
        timeseries({
          title: 'Duration (p95)',
          description: 'The slow ones of each type. Far above the p50: stragglers.',
          unit: 's',
          queries: [
            {
              expr: q.quantile(0.95, METRIC_SWARMSCOPE_TASK_DURATION, {
                by: type,
                where: { [ATTR_SWARMSCOPE_TASK_TYPE]: { like: '$type' } },
              }),
              legend,
            },
          ],
        }),
        table({
          title: 'By type, in the chosen time',
          description: 'How many, how many not successful, mean duration, and the lane seconds that went into each type.',
          unit: 'short',
          queries: [
            { expr: q.increase(METRIC_SWARMSCOPE_TASK_DURATION, '$__range', { by: type }), legend: 'ended', isInstant: true },
            {
              expr: q.increase(METRIC_SWARMSCOPE_TASK_DURATION, '$__range', { by: type, where: unsuccessful }),
              legend: 'not successful',
              isInstant: true,
            },
            {
              expr: `${q.sumIncrease(METRIC_SWARMSCOPE_TASK_DURATION, '$__range', { by: type })} / ${q.increase(METRIC_SWARMSCOPE_TASK_DURATION, '$__range', { by: type })}`,
              legend: 'mean (s)',
              isInstant: true,
            },
            { expr: q.sumIncrease(METRIC_SWARMSCOPE_TASK_DURATION, '$__range', { by: type }), legend: 'lane seconds', isInstant: true },
          ],
        }),
      ],
    },
    {
      title: 'Stragglers and stuck tasks',
      panels: [
        timeseries({
          title: 'Age of the oldest running task',
          description: 'By type. A line that only climbs is one task that does not end.',
          unit: 's',
          queries: [{ expr: q.max(METRIC_SWARMSCOPE_TASK_OLDEST_AGE, { by: type }), legend }],
        }),
        bars({
          title: 'Slowest types against their usual',
          description: 'p95 as a multiple of p50 in the chosen window. Above 4: look for what the slow ones have in common.',
          unit: 'short',
          decimals: 1,
          queries: [
            {
              expr: `${q.quantile(0.95, METRIC_SWARMSCOPE_TASK_DURATION, { by: type })} / ${q.quantile(0.5, METRIC_SWARMSCOPE_TASK_DURATION, { by: type })}`,
              legend,
            },
          ],
        }),
        traces({
          title: 'Slow tasks',
          description: 'Tasks above ten seconds, newest first; each opens with everything that happened in it.',
          width: 12,
          traceql: `{ ${isTask} && duration > 10s }`,
          needs: 'tasks above ten seconds',
        }),
        traces({
          title: 'Tasks that failed',
          description: 'Each opens at the span that failed.',
          width: 12,
          traceql: `{ ${isTask} && status = error }`,
          needs: 'a task that fails',
        }),
      ],
    },
  ],
};
