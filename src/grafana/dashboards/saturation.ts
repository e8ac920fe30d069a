/** The board of saturation: workers, queues, batches, context windows, rate limits and locks, each drawn with its limit. */
import * as names from '../../semconv/index.ts';
import { noneExpected, percentThresholds, stat, timeseries, type Board } from '../panel.ts';
import { orZero, overRange, queries } from '../query.ts';
import { budgets } from './saturation-budgets.ts';
import { limits, scope } from './saturation-limits.ts';
import { common, valuesOf } from './variables.ts';

const q = queries(scope);
const inAll = queries(overRange(scope));
const range = '$__range';
const pool = [names.ATTR_SWARMSCOPE_POOL_NAME];
const queue = [names.ATTR_SWARMSCOPE_QUEUE_NAME];
const scheduler = [names.ATTR_SWARMSCOPE_SCHEDULER_NAME];
const model = [names.ATTR_GEN_AI_REQUEST_MODEL];
const active = { [names.ATTR_SWARMSCOPE_WORKER_STATE]: names.SWARMSCOPE_WORKER_STATE_VALUE_ACTIVE };

export const saturation: Board = {
  uid: 'swarmscope-saturation',
  title: 'Saturation',
  description: 'What is full, and what waits for it. A usage is always drawn beside its limit.',
  variables: [
    ...common,
    valuesOf('pool', 'Pool', names.METRIC_SWARMSCOPE_WORKER_TIME, names.ATTR_SWARMSCOPE_POOL_NAME),
    valuesOf('model', 'Model', names.METRIC_GEN_AI_CLIENT_INFERENCE_DURATION, names.ATTR_GEN_AI_REQUEST_MODEL),
  ],
  rows: [
    {
      title: 'Is it OK?',
      panels: [
        stat({
          title: 'Fullest pool',
          description: 'Workers at work now as a share of the limit. Full is what you want, as long as nothing waits: look at the next number.',
          unit: 'percentunit',
          max: 1,
          noValue: 'no pool',
          queries: [{ expr: q.max(names.METRIC_SWARMSCOPE_WORKER_UTILIZATION), legend: 'pool' }],
        }),
        stat({
          title: 'Oldest in a queue',
          description: 'How long the first in line has waited by now. Longer than a task takes: the queue does not drain. Add workers or submit less.',
          unit: 's',
          noValue: 'nothing waits',
          thresholds: [
            { from: 0, color: 'green' },
            { from: 60, color: 'yellow' },
            { from: 600, color: 'red' },
          ],
          queries: [{ expr: q.max(names.METRIC_SWARMSCOPE_QUEUE_OLDEST_AGE), legend: 'oldest' }],
        }),
        stat({
          title: 'Fullest context (p95)',
          description:
            'Of the calls of the chosen time. Above 90 % models forget, refuse, or the app compacts: shorten histories or split the task.',
          unit: 'percentunit',
          max: 1,
          thresholds: percentThresholds,
          noValue: 'no known window',
          queries: [{ expr: `max(${inAll.quantile(0.95, names.METRIC_SWARMSCOPE_CONTEXT_UTILIZATION, { by: model })})`, legend: 'context' }],
        }),
        stat({
          title: 'Fullest rate limit',
          description: 'From the headers of the last answers. At 100 % the next call is refused: lower the limit of the pool before it is.',
          unit: 'percentunit',
          max: 1,
          thresholds: percentThresholds,
          noValue: 'no headers',
          queries: [{ expr: q.max(names.METRIC_SWARMSCOPE_RATE_LIMIT_UTILIZATION), legend: 'rate limit' }],
        }),
        stat({
          title: 'Context overflows',
          description:
            'Calls of the chosen time that were refused because the prompt was longer than the window. Each task with one needs a shorter history or a larger model.',
          unit: 'short',
          decimals: 0,
          thresholds: noneExpected,
          noValue: 'no call',
          queries: [
            {
              expr: orZero(
                q.total(names.METRIC_SWARMSCOPE_CONTEXT_OVERFLOWS, range),
                q.total(names.METRIC_GEN_AI_CLIENT_INFERENCE_DURATION, range),
              ),
              legend: 'overflows',
            },
          ],
          goTo: ['swarmscope-llm'],
        }),
        stat({
          title: 'Lock failures in git',
          description:
            'Commands that ended because another one held index.lock or a ref. Give each agent a worktree, or let one process do the writing.',
          unit: 'short',
          decimals: 0,
          thresholds: noneExpected,
          noValue: 'no git',
          queries: [
            {
              expr: orZero(
                q.total(names.METRIC_SWARMSCOPE_GIT_LOCK_FAILURES, range),
                q.total(names.METRIC_SWARMSCOPE_GIT_OPERATION_DURATION, range),
              ),
              legend: 'locks',
            },
          ],
          goTo: ['swarmscope-git'],
        }),
      ],
    },
    {
      title: 'Workers',
      panels: [
        timeseries({
          title: 'Workers by state',
          description: 'Idle workers beside a queue: tasks wait for something else than a worker (a dependency, a batch, a lock).',
          width: 8,
          unit: 'short',
          isStacked: true,
          queries: [
            { expr: q.sum(names.METRIC_SWARMSCOPE_WORKER_COUNT, { by: [names.ATTR_SWARMSCOPE_WORKER_STATE] }), legend: '{{swarmscope_worker_state}}' },
            { expr: q.sum(names.METRIC_SWARMSCOPE_WORKER_LIMIT), legend: 'limit', isLimit: true },
          ],
        }),
        timeseries({
          title: 'Utilisation by pool',
          description: 'Active workers as a share of the limit of each pool. One full and one idle: move workers from one to the other.',
          width: 8,
          unit: 'percentunit',
          max: 1,
          queries: [
            {
              expr: `${q.sum(names.METRIC_SWARMSCOPE_WORKER_COUNT, { by: pool, where: active })} / ${q.sum(names.METRIC_SWARMSCOPE_WORKER_LIMIT, { by: pool })}`,
              legend: '{{swarmscope_pool_name}}',
            },
            {
              expr: `${q.max(names.METRIC_SWARMSCOPE_WORKER_PEAK_COUNT, { by: pool })} / ${q.max(names.METRIC_SWARMSCOPE_WORKER_LIMIT, { by: pool })}`,
              legend: 'peak of {{swarmscope_pool_name}}',
            },
            { expr: 'vector(1)', legend: 'limit', isLimit: true },
          ],
        }),
        timeseries({
          title: 'Worker seconds per second by state',
          description: 'Exact also between two samples: what the pools did with their time. Much idle time beside a queue is a scheduler that holds work back.',
          width: 8,
          unit: 'short',
          isStacked: true,
          queries: [
            { expr: q.rate(names.METRIC_SWARMSCOPE_WORKER_TIME, { by: [names.ATTR_SWARMSCOPE_WORKER_STATE] }), legend: '{{swarmscope_worker_state}}' },
          ],
        }),
      ],
    },
    {
      title: 'Queues',
      panels: [
        timeseries({
          title: 'In the queue',
          description:
            'Tasks that wait, beside the capacity of queues that have one. Touching the line, new work is refused or blocks its maker.',
          unit: 'short',
          queries: [
            { expr: q.sum(names.METRIC_SWARMSCOPE_QUEUE_SIZE, { by: queue }), legend: '{{swarmscope_queue_name}}' },
            { expr: q.max(names.METRIC_SWARMSCOPE_QUEUE_PEAK_SIZE, { by: queue }), legend: 'peak of {{swarmscope_queue_name}}' },
            {
              expr: q.sum(names.METRIC_SWARMSCOPE_QUEUE_CAPACITY, { by: queue }),
              legend: 'capacity of {{swarmscope_queue_name}}',
              isLimit: true,
              needs: 'a queue with a capacity',
            },
          ],
        }),
        timeseries({
          title: 'Wait in the queue (p50, p95)',
          description: 'From ready to started. Far apart: priorities or bursts; both high: too few workers.',
          unit: 's',
          queries: [
            { expr: q.quantile(0.5, names.METRIC_SWARMSCOPE_QUEUE_WAIT_TIME, { by: queue }), legend: 'p50 {{swarmscope_queue_name}}' },
            { expr: q.quantile(0.95, names.METRIC_SWARMSCOPE_QUEUE_WAIT_TIME, { by: queue }), legend: 'p95 {{swarmscope_queue_name}}' },
          ],
        }),
        timeseries({
          title: 'Age of the oldest in line',
          description: 'Climbs by one second a second when nothing is taken out: the workers are busy with something long, or gone.',
          unit: 's',
          queries: [{ expr: q.max(names.METRIC_SWARMSCOPE_QUEUE_OLDEST_AGE, { by: queue }), legend: '{{swarmscope_queue_name}}' }],
        }),
        timeseries({
          title: 'Wait for a resource (p95)',
          description: 'What tasks waited for besides a worker: a GPU, a slot, a licence. The longest is what to buy, or to share better.',
          unit: 's',
          needs: 'a program that declares waits for resources',
          queries: [
            {
              expr: q.quantile(0.95, names.METRIC_SWARMSCOPE_ALLOCATION_WAIT_TIME, { by: [names.ATTR_SWARMSCOPE_ALLOCATION_RESOURCE_TYPE] }),
              legend: '{{swarmscope_allocation_resource_type}}',
            },
          ],
        }),
      ],
    },
    {
      title: 'Batches',
      panels: [
        timeseries({
          title: 'Parallelism in a batch beside its size',
          description:
            'Effective: task seconds per second of the batch. Far below the size: the batch waits for one of its members, or for workers.',
          unit: 'short',
          queries: [
            { expr: q.mean(names.METRIC_SWARMSCOPE_BATCH_PARALLELISM, { by: scheduler }), legend: 'parallelism {{swarmscope_scheduler_name}}' },
            { expr: q.mean(names.METRIC_SWARMSCOPE_BATCH_SIZE, { by: scheduler }), legend: 'size {{swarmscope_scheduler_name}}', isLimit: true },
          ],
        }),
        timeseries({
          title: 'Wait at the barrier (p95)',
          description: 'What finished tasks waited for the rest of their batch: time that workers stand idle. The task board shows who they waited for.',
          unit: 's',
          goTo: ['swarmscope-tasks'],
          queries: [
            {
              expr: q.quantile(0.95, names.METRIC_SWARMSCOPE_BATCH_BARRIER_WAIT_TIME, { by: scheduler }),
              legend: '{{swarmscope_scheduler_name}}',
            },
          ],
        }),
      ],
    },
    limits,
    budgets,
  ],
};
