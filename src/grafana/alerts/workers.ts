/** Alerts on worker pools that are full or idle beside a backlog, and on queues that are full, growing or starved. */
import * as names from '../../semconv/index.ts';
import { inRule, queries } from '../query.ts';
import type { AlertGroup, Recording } from './alert.ts';

const q = queries(inRule('10m'));
const byPool = ['service_name', names.ATTR_SWARMSCOPE_POOL_NAME];
const byQueue = ['service_name', names.ATTR_SWARMSCOPE_QUEUE_NAME];
const bySwarm = ['service_name'];
const active = { [names.ATTR_SWARMSCOPE_WORKER_STATE]: names.SWARMSCOPE_WORKER_STATE_VALUE_ACTIVE };
const waiting = `${q.sum(names.METRIC_SWARMSCOPE_QUEUE_SIZE, { by: bySwarm })} > 0`;

export const utilization: Recording = {
  record: 'swarmscope_pool:worker_utilization:ratio',
  expr: `${q.sum(names.METRIC_SWARMSCOPE_WORKER_COUNT, { by: byPool, where: active })} / ${q.sum(names.METRIC_SWARMSCOPE_WORKER_LIMIT, { by: byPool })}`,
};

const pool = (workers: string, limit: string, queue: string): Record<string, string> => ({
  [`${names.METRIC_SWARMSCOPE_WORKER_COUNT.prometheus}{service_name="s",swarmscope_pool_name="p",swarmscope_worker_state="active"}`]: workers,
  [`${names.METRIC_SWARMSCOPE_WORKER_LIMIT.prometheus}{service_name="s",swarmscope_pool_name="p"}`]: limit,
  [`${names.METRIC_SWARMSCOPE_QUEUE_SIZE.prometheus}{service_name="s",swarmscope_queue_name="q"}`]: queue,
});
const queueSeries = (size: string, capacity: string): Record<string, string> => ({
  [`${names.METRIC_SWARMSCOPE_QUEUE_SIZE.prometheus}{service_name="s",swarmscope_queue_name="q"}`]: size,
  [`${names.METRIC_SWARMSCOPE_QUEUE_CAPACITY.prometheus}{service_name="s",swarmscope_queue_name="q"}`]: capacity,
});
const waits = (below60: string, all: string): Record<string, string> =>
  Object.fromEntries(
    [
      ['20.48', below60],
      ['163.84', all],
      ['+Inf', all],
    ].map(([le, values]) => [
      `${names.METRIC_SWARMSCOPE_QUEUE_WAIT_TIME.prometheus}_bucket{service_name="s",swarmscope_queue_name="q",le="${le}"}`,
      values ?? '',
    ]),
  );

export const workers: AlertGroup = {
  name: 'swarmscope-workers',
  alerts: [
    {
      name: 'SwarmWorkerPoolSaturated',
      expr: `${utilization.record} >= 0.95 and on (service_name) (${waiting})`,
      for: '10m',
      severity: 'warning',
      resource: 'workers',
      summary: 'Worker pool {{ $labels.swarmscope_pool_name }} of {{ $labels.service_name }} is full and work is waiting',
      description:
        '{{ $value | humanizePercentage }} of the workers have been busy while tasks waited. Raise the limit, shed work, or find the slow step.',
      board: 'swarmscope-saturation',
      runbook: {
        meaning:
          'Every worker of the pool has work, and more tasks are ready than workers are free. The swarm is as fast as this pool lets it be.',
        causes: [
          'More work arrives than the pool can do.',
          'One step got slower: a model, a tool, a test run. Workers hold their slot while they wait for it.',
          'A rate limit makes workers wait inside of their tasks.',
        ],
        look: [
          'Saturation: workers by state, the wait in the queue.',
          'Tasks: which type grew in p95.',
          'LLM use and cost: duration and refused calls per model.',
        ],
        act: [
          'Raise the limit of the pool when the processor, the memory and the rate limits allow it.',
          'Else make the slow step faster, or take work away.',
        ],
      },
      cases: [
        { title: 'a full pool with a queue', series: pool('4x40', '4x40', '3x40'), at: '20m', fires: true },
        { title: 'a full pool without a queue', series: pool('4x40', '4x40', '0x40'), at: '20m', fires: false },
        { title: 'a pool with free workers', series: pool('2x40', '4x40', '3x40'), at: '20m', fires: false },
      ],
    },
    {
      name: 'SwarmWorkersIdleWithBacklog',
      expr: `${q.sum(names.METRIC_SWARMSCOPE_WORKER_COUNT, { by: bySwarm, where: active })} == 0 and on (service_name) (${waiting})`,
      for: '5m',
      severity: 'critical',
      resource: 'workers',
      summary: 'Nobody works in {{ $labels.service_name }} although tasks wait',
      description: 'No worker has been active for 5 minutes while the queue is not empty. The scheduler has stopped handing out work.',
      board: 'swarmscope-saturation',
      runbook: {
        meaning: 'There is work and there are workers, and they do not come together. The run will not end by itself.',
        causes: [
          'The queue was paused and not started again.',
          'A dependency that never resolves holds every waiting task.',
          'The scheduler died of an error that nobody saw.',
        ],
        look: [
          'Saturation: tasks in the queue, the age of the oldest.',
          'Overview: tasks by state.',
          '`swarmscope doctor` on the machine of the swarm.',
        ],
        act: [
          'Start the queue again, or end the run and look at the last failed task.',
          'Guard the scheduler loop: an error in it must end the run.',
        ],
      },
      cases: [
        { title: 'idle workers beside a queue', series: pool('0x40', '4x40', '3x40'), at: '10m', fires: true },
        { title: 'idle workers and nothing to do', series: pool('0x40', '4x40', '0x40'), at: '10m', fires: false },
      ],
    },
    {
      name: 'SwarmQueueWillOverflow',
      expr: [
        `(predict_linear(${names.METRIC_SWARMSCOPE_QUEUE_SIZE.prometheus}[30m], 3600) > on (service_name, swarmscope_queue_name, instance, job) ${names.METRIC_SWARMSCOPE_QUEUE_CAPACITY.prometheus})`,
        `and on (service_name, swarmscope_queue_name, instance, job) deriv(${names.METRIC_SWARMSCOPE_QUEUE_SIZE.prometheus}[30m]) > 0`,
        `and on (service_name, swarmscope_queue_name, instance, job) (${names.METRIC_SWARMSCOPE_QUEUE_SIZE.prometheus} / ${names.METRIC_SWARMSCOPE_QUEUE_CAPACITY.prometheus} > 0.5)`,
      ].join(' '),
      for: '10m',
      severity: 'warning',
      resource: 'queue',
      summary: 'Queue {{ $labels.swarmscope_queue_name }} of {{ $labels.service_name }} will be full within an hour',
      description: 'At the trend of the last 30 minutes it reaches {{ $value | printf "%.0f" }} tasks in an hour, above its capacity.',
      board: 'swarmscope-saturation',
      runbook: {
        meaning: 'More goes into the queue than comes out, and at this pace it is full within an hour.',
        causes: ['A burst that will pass.', 'Workers got slower or fewer.', 'Retries put the same work in again.'],
        look: ['Saturation: size beside capacity, worker seconds by state.', 'Tasks: submitted and ended per minute, repeated.'],
        act: ['Add workers, or slow the makers of tasks.', 'Stop retry loops: look at what fails first.'],
      },
      cases: [
        { title: 'a queue that grows towards its capacity', series: queueSeries('50+0.5x90', '100x90'), at: '60m', fires: true },
        { title: 'a long queue that does not grow', series: queueSeries('60x90', '100x90'), at: '60m', fires: false },
      ],
    },
    {
      name: 'SwarmQueueFull',
      expr: `${q.sum(names.METRIC_SWARMSCOPE_QUEUE_SIZE, { by: byQueue })} / ${q.sum(names.METRIC_SWARMSCOPE_QUEUE_CAPACITY, { by: byQueue })} > 0.95`,
      for: '5m',
      severity: 'critical',
      resource: 'queue',
      summary: 'Queue {{ $labels.swarmscope_queue_name }} of {{ $labels.service_name }} is full',
      description: 'It is {{ $value | humanizePercentage }} full: new tasks are refused, or block whoever makes them.',
      board: 'swarmscope-saturation',
      runbook: {
        meaning: 'The queue has reached its capacity. What wants in is refused or waits outside, where nobody sees it.',
        causes: ['Workers stand still (see SwarmWorkersIdleWithBacklog).', 'Far more work than workers.'],
        look: ['Saturation: size beside capacity, age of the oldest.'],
        act: ['Get the workers going, or raise the capacity on purpose.', 'Let makers of tasks wait for a free place instead of failing.'],
      },
      cases: [
        { title: 'a full queue', series: queueSeries('100x30', '100x30'), at: '10m', fires: true },
        { title: 'a half full queue', series: queueSeries('50x30', '100x30'), at: '10m', fires: false },
      ],
    },
    {
      name: 'SwarmQueueWaitHigh',
      expr: `${q.quantile(0.95, names.METRIC_SWARMSCOPE_QUEUE_WAIT_TIME, { by: byQueue })} > 60`,
      for: '10m',
      severity: 'warning',
      resource: 'queue',
      summary: 'Tasks wait long in queue {{ $labels.swarmscope_queue_name }} of {{ $labels.service_name }}',
      description: 'One in twenty has waited more than {{ $value | humanizeDuration }} before it started.',
      board: 'swarmscope-saturation',
      runbook: {
        meaning: 'Tasks are ready and do not start. Time passes that no agent uses.',
        causes: [
          'A pool that is too small for the work (see SwarmWorkerPoolSaturated).',
          'Priorities that starve some tasks.',
          'Bursts: all tasks of a superstep are added at once.',
        ],
        look: ['Saturation: wait in the queue p50 beside p95.', 'The report of a run (`swarmscope report`): queue wait by type.'],
        act: ['Raise the limit, or add smaller pools for short tasks.'],
      },
      cases: [
        { title: 'waits of two minutes', series: waits('0x60', '0+10x60'), at: '30m', fires: true },
        { title: 'short waits', series: waits('0+10x60', '0+10x60'), at: '30m', fires: false },
      ],
    },
    {
      name: 'SwarmQueueStarved',
      expr: `${q.max(names.METRIC_SWARMSCOPE_QUEUE_OLDEST_AGE, { by: byQueue })} > 1800`,
      for: '5m',
      severity: 'warning',
      resource: 'queue',
      summary: 'A task has waited for half an hour in queue {{ $labels.swarmscope_queue_name }} of {{ $labels.service_name }}',
      description: 'The first in line has waited {{ $value | humanizeDuration }}. Others overtake it, or nothing is taken out.',
      board: 'swarmscope-saturation',
      runbook: {
        meaning: 'One task is never chosen, or the queue stands still.',
        causes: ['A low priority beside a steady stream of high ones.', 'A paused queue.', 'A pool whose workers all hang.'],
        look: [
          'Saturation: age of the oldest; a line that climbs by one second a second means that nothing is taken out.',
          'Tasks: oldest running.',
        ],
        act: ['Age priorities, or give low ones a share.', 'End workers that hang (see SwarmTasksStuck).'],
      },
      cases: [
        {
          title: 'an hour in line',
          series: { [`${names.METRIC_SWARMSCOPE_QUEUE_OLDEST_AGE.prometheus}{service_name="s",swarmscope_queue_name="q"}`]: '0+60x90' },
          at: '50m',
          fires: true,
        },
        {
          title: 'a queue that moves',
          series: { [`${names.METRIC_SWARMSCOPE_QUEUE_OLDEST_AGE.prometheus}{service_name="s",swarmscope_queue_name="q"}`]: '30x90' },
          at: '50m',
          fires: false,
        },
      ],
    },
  ],
};
