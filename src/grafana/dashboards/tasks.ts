/** The board of tasks: their rate, errors and durations, stragglers, and stuck tasks. */
import * as names from '../../semconv/index.ts';
import { bars, noneExpected, stat, table, timeseries, traces, type Board } from '../panel.ts';
import { narrowed, orZero, overRange, queries, showing, spansWhere } from '../query.ts';
import { DOTS, fromSpans } from './from-spans.ts';
import { common, valuesOf } from './variables.ts';

const scope = narrowed({ [names.ATTR_SWARMSCOPE_TASK_TYPE]: 'type' });
const q = queries(scope);
const inAll = queries(overRange(scope));
const range = '$__range';
const type = [names.ATTR_SWARMSCOPE_TASK_TYPE];
const legend = '{{swarmscope_task_type}}';
const scheduler = [names.ATTR_SWARMSCOPE_SCHEDULER_NAME];
const unsuccessful = { [names.ATTR_SWARMSCOPE_TASK_RESULT]: { not: names.SWARMSCOPE_TASK_RESULT_VALUE_SUCCESS } };
const ended = q.total(names.METRIC_SWARMSCOPE_TASK_DURATION, range);
const endedByType = q.total(names.METRIC_SWARMSCOPE_TASK_DURATION, range, { by: type });
const isTask = `span.${names.ATTR_SWARMSCOPE_OPERATION_NAME} = "run_task" && span.${names.ATTR_SWARMSCOPE_TASK_TYPE} =~ "$type"`;

export const tasks: Board = {
  uid: 'swarmscope-tasks',
  title: 'Tasks',
  description: 'What the swarm does, how well and how fast; what straggles and what is stuck.',
  variables: [...common, valuesOf('type', 'Task', names.METRIC_SWARMSCOPE_TASK_SUBMITTED, names.ATTR_SWARMSCOPE_TASK_TYPE)],
  // Seconds in the demo, minutes with real agents.
  choices: [{ name: 'slow', label: 'Slow is above', options: ['5s', '30s', '2m', '10m', '1h'] }],
  rows: [
    {
      title: 'Is it OK?',
      panels: [
        stat({
          title: 'Tasks ended',
          description: 'In the chosen time, whatever their result. None while some run: look at the age of the oldest.',
          unit: 'short',
          decimals: 0,
          noValue: 'none',
          queries: [{ expr: ended, legend: 'ended' }],
        }),
        stat({
          title: 'Not successful',
          description: 'Failed, timed out or cancelled in the chosen time. The table below says of what type, the traces say why.',
          unit: 'short',
          decimals: 0,
          thresholds: noneExpected,
          noValue: 'no task ended',
          queries: [
            { expr: orZero(q.total(names.METRIC_SWARMSCOPE_TASK_DURATION, range, { where: unsuccessful }), ended), legend: 'not successful' },
          ],
        }),
        stat({
          title: 'Repeated',
          description: 'Attempts after the first, in the chosen time: work and money spent twice. Bound them, and repeat only what can succeed.',
          unit: 'short',
          decimals: 0,
          noValue: 'no task ended',
          queries: [{ expr: orZero(q.total(names.METRIC_SWARMSCOPE_TASK_RETRIES, range), ended), legend: 'retries' }],
        }),
        stat({
          title: 'Running',
          description: 'Tasks that have started and not ended, now. None while some wait: no worker takes them.',
          unit: 'short',
          noValue: 'none reported',
          queries: [
            { expr: q.sum(names.METRIC_SWARMSCOPE_TASK_COUNT, { where: { [names.ATTR_SWARMSCOPE_TASK_STATE]: 'running' } }), legend: 'running' },
          ],
        }),
        stat({
          title: 'Oldest running',
          description: 'How long the oldest task has run by now. Many times the p95 of its type: look at what it waits for.',
          unit: 's',
          noValue: 'none runs',
          queries: [{ expr: q.max(names.METRIC_SWARMSCOPE_TASK_OLDEST_AGE), legend: 'oldest' }],
        }),
        stat({
          title: 'Stuck',
          description:
            'Tasks in which nothing has happened for too long. A span reaches Tempo when it ends: what a stuck task was doing is told by `swarmscope report` on its machine.',
          unit: 'short',
          thresholds: noneExpected,
          noValue: 'none runs',
          queries: [{ expr: q.sum(names.METRIC_SWARMSCOPE_TASK_STALLED), legend: 'stuck' }],
        }),
      ],
    },
    {
      title: 'Rate, errors, duration',
      panels: [
        timeseries({
          title: 'Submitted and ended per minute',
          description: 'Submitted above ended for long: the backlog grows. Add workers, or submit less.',
          unit: 'short',
          queries: [
            { expr: `60 * ${q.rate(names.METRIC_SWARMSCOPE_TASK_SUBMITTED)}`, legend: 'submitted' },
            { expr: `60 * ${q.rate(names.METRIC_SWARMSCOPE_TASK_DURATION)}`, legend: 'ended' },
          ],
        }),
        timeseries({
          title: 'Not successful per minute, by reason',
          description: 'By the type of the error. One reason only: mend that; many at once: look at what they share (a model, a tool, the machine).',
          unit: 'short',
          isStacked: true,
          needs: 'a task that fails',
          queries: [
            {
              expr: `60 * ${q.rate(names.METRIC_SWARMSCOPE_TASK_DURATION, { by: [names.ATTR_SWARMSCOPE_TASK_RESULT, names.ATTR_ERROR_TYPE], where: unsuccessful })}`,
              legend: '{{swarmscope_task_result}} {{error_type}}',
            },
          ],
        }),
        timeseries({
          title: 'Duration (p50)',
          description: 'The usual task of each type. It climbs: each task got larger or slower; it stays while the p95 climbs: some straggle.',
          unit: 's',
          queries: [{ expr: q.quantile(0.5, names.METRIC_SWARMSCOPE_TASK_DURATION, { by: type }), legend }],
        }),
        timeseries({
          title: 'Duration (p95)',
          description: `The slow ones of each type. Far above the p50: stragglers. ${DOTS}`,
          unit: 's',
          queries: [
            { expr: q.quantile(0.95, names.METRIC_SWARMSCOPE_TASK_DURATION, { by: type }), legend },
            fromSpans(scope, { [names.ATTR_SWARMSCOPE_TASK_TYPE]: { not: '' } }),
          ],
        }),
        table({
          title: 'By type, in the chosen time',
          description: 'How many, how many not successful, mean duration, and the time that went into each type: start with the largest.',
          unit: 'short',
          queries: [
            { expr: endedByType, legend: 'ended' },
            {
              expr: orZero(q.total(names.METRIC_SWARMSCOPE_TASK_DURATION, range, { by: type, where: unsuccessful }), endedByType),
              legend: 'not successful',
            },
            {
              expr: `${q.totalSum(names.METRIC_SWARMSCOPE_TASK_DURATION, range, { by: type })} / (${endedByType} > 0)`,
              legend: 'mean duration',
              unit: 's',
            },
            { expr: q.totalSum(names.METRIC_SWARMSCOPE_TASK_DURATION, range, { by: type }), legend: 'total duration', unit: 's' },
          ],
        }),
      ],
    },
    {
      title: 'Stragglers',
      panels: [
        timeseries({
          title: 'How long the slowest held the others up',
          description: 'Mean delay by the straggler beside the mean duration of a batch. Near it: split the straggler, or start it first.',
          unit: 's',
          queries: [
            { expr: q.mean(names.METRIC_SWARMSCOPE_BATCH_STRAGGLER_DELAY, { by: scheduler }), legend: 'straggler {{swarmscope_scheduler_name}}' },
            {
              expr: q.mean(names.METRIC_SWARMSCOPE_BATCH_DURATION, { by: scheduler }),
              legend: 'batch {{swarmscope_scheduler_name}}',
              isLimit: true,
            },
          ],
          goTo: ['swarmscope-saturation'],
        }),
        bars({
          title: 'Slowest types against their usual',
          description: 'p95 as a multiple of p50, over the chosen time. Above 4: look for what the slow ones have in common.',
          unit: 'short',
          decimals: 1,
          queries: [
            {
              expr: `${inAll.quantile(0.95, names.METRIC_SWARMSCOPE_TASK_DURATION, { by: type })} / ${inAll.quantile(0.5, names.METRIC_SWARMSCOPE_TASK_DURATION, { by: type })}`,
              legend,
            },
          ],
        }),
        traces({
          title: 'Slow tasks',
          description: 'Above what is chosen as slow, newest first; each opens with everything that happened in it.',
          traceql: showing(spansWhere(`${isTask} && duration > $slow`), names.ATTR_SWARMSCOPE_TASK_TYPE, names.ATTR_SWARMSCOPE_TASK_RESULT),
        }),
      ],
    },
    {
      title: 'Stuck and failed',
      panels: [
        timeseries({
          title: 'Age of the oldest running task',
          description: 'By type. A line that only climbs is one task that does not end: its worker is lost until somebody ends it.',
          unit: 's',
          queries: [{ expr: q.max(names.METRIC_SWARMSCOPE_TASK_OLDEST_AGE, { by: type }), legend }],
        }),
        timeseries({
          title: 'Stuck tasks',
          description: 'By type and pool: which workers are lost. End their processes; the tasks count as failed and the swarm goes on.',
          unit: 'short',
          queries: [
            {
              expr: q.sum(names.METRIC_SWARMSCOPE_TASK_STALLED, { by: [...type, names.ATTR_SWARMSCOPE_POOL_NAME] }),
              legend: `${legend} {{swarmscope_pool_name}}`,
            },
          ],
        }),
        traces({
          title: 'Tasks that failed',
          description: 'Newest first; the failed span in each is the reason.',
          traceql: showing(spansWhere(`${isTask} && status = error`), names.ATTR_SWARMSCOPE_TASK_TYPE, names.ATTR_ERROR_TYPE),
          needs: 'a task that fails',
        }),
      ],
    },
  ],
};
