/** Alerts on tasks and batches: stuck tasks, failing tasks, and batches that wait for one straggler. */
import * as names from '../../semconv/index.ts';
import { inRule, queries } from '../query.ts';
import type { AlertGroup, Recording } from './alert.ts';

const by = ['service_name'];
const unsuccessful = { [names.ATTR_SWARMSCOPE_TASK_RESULT]: ['failure', 'error', 'timeout'] };
/** Share of tasks that may fail before somebody should look. */
const BUDGET = 0.05;

function failedShare(window: string): Recording {
  const q = queries(inRule(window));
  return {
    record: `swarmscope:task_failure:ratio_rate${window}`,
    expr: `${q.rate(names.METRIC_SWARMSCOPE_TASK_DURATION, { by, where: unsuccessful })} / ${q.rate(names.METRIC_SWARMSCOPE_TASK_DURATION, { by })}`,
  };
}

export const failedShares: readonly Recording[] = ['5m', '30m', '1h', '6h'].map(failedShare);
const share = (window: string): string => `swarmscope:task_failure:ratio_rate${window}`;
const q10 = queries(inRule('10m'));
const q1h = queries(inRule('1h'));
const scheduler = ['service_name', names.ATTR_SWARMSCOPE_SCHEDULER_NAME];
const type = ['service_name', names.ATTR_SWARMSCOPE_TASK_TYPE];

const ended = (failed: string, good: string): Record<string, string> => ({
  [`${names.METRIC_SWARMSCOPE_TASK_DURATION.prometheus}_count{service_name="s",swarmscope_task_type="t",swarmscope_task_result="error"}`]: failed,
  [`${names.METRIC_SWARMSCOPE_TASK_DURATION.prometheus}_count{service_name="s",swarmscope_task_type="t",swarmscope_task_result="success"}`]: good,
});
const batches = (delay: string, duration: string): Record<string, string> => ({
  [`${names.METRIC_SWARMSCOPE_BATCH_STRAGGLER_DELAY.prometheus}_sum{service_name="s",swarmscope_scheduler_name="q"}`]: delay,
  [`${names.METRIC_SWARMSCOPE_BATCH_DURATION.prometheus}_sum{service_name="s",swarmscope_scheduler_name="q"}`]: duration,
});
const gauge = (metric: { readonly prometheus: string }, values: string): Record<string, string> => ({
  [`${metric.prometheus}{service_name="s",swarmscope_task_type="t",swarmscope_pool_name="p"}`]: values,
});
const older = (age: string, bucket: string): Record<string, string> => ({
  ...gauge(names.METRIC_SWARMSCOPE_TASK_OLDEST_AGE, age),
  [`${names.METRIC_SWARMSCOPE_TASK_DURATION.prometheus}_bucket{service_name="s",swarmscope_task_type="t",swarmscope_task_result="success",le="10.24"}`]:
    bucket,
  [`${names.METRIC_SWARMSCOPE_TASK_DURATION.prometheus}_bucket{service_name="s",swarmscope_task_type="t",swarmscope_task_result="success",le="+Inf"}`]:
    bucket,
});

const burnRunbook = {
  meaning: 'More tasks fail than the swarm can bear. Failed work is paid for and mostly done again.',
  causes: [
    'A model or a tool fails.',
    'A change in a prompt or in the repository breaks one kind of task.',
    'A full context window or a rate limit ends tasks early.',
  ],
  look: ['Tasks: not successful per minute by reason, by type; the list of failed tasks.', 'LLM use and cost: failed attempts by reason.'],
  act: ['Open a failed task: the failed span in it is the reason.', 'Stop the type that fails until it is mended; keep the others going.'],
} as const;

export const tasks: AlertGroup = {
  name: 'swarmscope-tasks',
  alerts: [
    {
      name: 'SwarmTasksStuck',
      expr: `${q10.sum(names.METRIC_SWARMSCOPE_TASK_STALLED, { by: type })} > 0`,
      for: '5m',
      severity: 'critical',
      resource: 'tasks',
      summary: 'Tasks of type {{ $labels.swarmscope_task_type }} are stuck in {{ $labels.service_name }}',
      description: 'In {{ $value }} of them nothing has happened for five minutes: an agent hangs.',
      board: 'swarmscope-tasks',
      runbook: {
        meaning:
          'A task runs and shows no sign of life: no call, no tool, no git command begins or ends. Its worker is lost until somebody ends it.',
        causes: [
          'A CLI waits for a human who is not there (a prompt, a permission, a login).',
          'A request without a timeout.',
          'A process that waits for itself: a lock, a full pipe.',
        ],
        look: [
          'Tasks: age of the oldest; its trace shows what was begun and not ended.',
          'The live line of `swarmscope run`, or `swarmscope report` of the run so far.',
        ],
        act: [
          'End the process of that worker; the task counts as failed and the swarm goes on.',
          'Give calls and children a timeout, and run CLIs with their flags for unattended use.',
        ],
      },
      cases: [
        { title: 'a task without a sign of life', series: gauge(names.METRIC_SWARMSCOPE_TASK_STALLED, '1x30'), at: '10m', fires: true },
        { title: 'no stuck task', series: gauge(names.METRIC_SWARMSCOPE_TASK_STALLED, '0x30'), at: '10m', fires: false },
      ],
    },
    {
      name: 'SwarmTaskTooOld',
      expr: `${q1h.max(names.METRIC_SWARMSCOPE_TASK_OLDEST_AGE, { by: type })} > 600 and on (service_name, swarmscope_task_type) ${q1h.max(names.METRIC_SWARMSCOPE_TASK_OLDEST_AGE, { by: type })} > 10 * ${queries(inRule('6h')).quantile(0.95, names.METRIC_SWARMSCOPE_TASK_DURATION, { by: type })}`,
      for: '5m',
      severity: 'warning',
      resource: 'tasks',
      summary: 'A task of type {{ $labels.swarmscope_task_type }} in {{ $labels.service_name }} runs far longer than its kind',
      description: 'It has run for {{ $value | humanizeDuration }}: more than ten times the p95 of its type.',
      board: 'swarmscope-tasks',
      runbook: {
        meaning: 'One task lives, but takes ten times what its kind takes. It may go round in circles at your expense.',
        causes: [
          'An agent that repeats a failing tool.',
          'A task that is much larger than the others.',
          'Waits for a rate limit, again and again.',
        ],
        look: ['Agents and hand-offs: turns of an agent.', 'The trace of the task: is the same tool called with the same result?'],
        act: ['Bound the turns of an agent and the time of a task.', 'Split large tasks.'],
      },
      cases: [
        { title: 'an hour where ten seconds are usual', series: older('0+60x90', '0+1x90'), at: '70m', fires: true },
        { title: 'an age that is usual', series: older('8x90', '0+1x90'), at: '70m', fires: false },
      ],
    },
    {
      name: 'SwarmTaskFailuresFast',
      expr: `${share('5m')} > ${14.4 * BUDGET} and ${share('1h')} > ${14.4 * BUDGET} and on (service_name) ${queries(inRule('5m')).increase(names.METRIC_SWARMSCOPE_TASK_DURATION, '5m', { by })} > 3`,
      for: '2m',
      severity: 'critical',
      resource: 'tasks',
      summary: 'Most tasks of {{ $labels.service_name }} fail',
      description: '{{ $value | humanizePercentage }} of the tasks of the last minutes failed.',
      board: 'swarmscope-tasks',
      runbook: burnRunbook,
      cases: [
        { title: 'nine of ten fail', series: ended('0+9x120', '0+1x120'), at: '70m', fires: true },
        { title: 'one of a hundred fails', series: ended('0+1x120', '0+99x120'), at: '70m', fires: false },
      ],
    },
    {
      name: 'SwarmTaskFailuresSlow',
      expr: `${share('30m')} > ${6 * BUDGET} and ${share('6h')} > ${6 * BUDGET} and on (service_name) ${queries(inRule('30m')).increase(names.METRIC_SWARMSCOPE_TASK_DURATION, '30m', { by })} > 10`,
      for: '15m',
      severity: 'warning',
      resource: 'tasks',
      summary: 'Many tasks of {{ $labels.service_name }} fail',
      description: '{{ $value | humanizePercentage }} of the tasks of the last half hour failed.',
      board: 'swarmscope-tasks',
      runbook: burnRunbook,
      cases: [
        { title: 'four of ten fail', series: ended('0+4x400', '0+6x400'), at: '390m', fires: true },
        { title: 'one of ten fails', series: ended('0+1x400', '0+9x400'), at: '390m', fires: false },
      ],
    },
    {
      name: 'SwarmRetryStorm',
      expr: `${q10.rate(names.METRIC_SWARMSCOPE_TASK_RETRIES, { by })} / ${q10.rate(names.METRIC_SWARMSCOPE_TASK_DURATION, { by })} > 0.5 and on (service_name) ${q10.increase(names.METRIC_SWARMSCOPE_TASK_RETRIES, '10m', { by })} > 10`,
      for: '10m',
      severity: 'warning',
      resource: 'tasks',
      summary: 'Every second task of {{ $labels.service_name }} is a repetition',
      description: '{{ $value | humanizePercentage }} of the tasks that ended had been tried before.',
      board: 'swarmscope-tasks',
      runbook: {
        meaning: 'The swarm is busy with doing again what it did before. It looks like work and brings little.',
        causes: [
          'Retries without a bound or without a pause.',
          'A failure that repeating cannot mend.',
          'A reviewer, a test or a merge that sends the same work back again and again.',
        ],
        look: ['Tasks: repeated, not successful by reason.'],
        act: ['Retry only what can succeed the second time, with a growing pause and a bound.'],
      },
      cases: [
        {
          title: 'as many retries as tasks',
          series: {
            ...ended('0+5x60', '0+5x60'),
            [`${names.METRIC_SWARMSCOPE_TASK_RETRIES.prometheus}{service_name="s",swarmscope_task_type="t"}`]: '0+9x60',
          },
          at: '40m',
          fires: true,
        },
        {
          title: 'a retry now and then',
          series: {
            ...ended('0+1x60', '0+9x60'),
            [`${names.METRIC_SWARMSCOPE_TASK_RETRIES.prometheus}{service_name="s",swarmscope_task_type="t"}`]: '0+1x60',
          },
          at: '40m',
          fires: false,
        },
      ],
    },
    {
      name: 'SwarmBatchStragglers',
      expr: `${q1h.sumRate(names.METRIC_SWARMSCOPE_BATCH_STRAGGLER_DELAY, { by: scheduler })} / ${q1h.sumRate(names.METRIC_SWARMSCOPE_BATCH_DURATION, { by: scheduler })} > 0.5`,
      for: '10m',
      severity: 'warning',
      resource: 'batch',
      summary: 'Batches of {{ $labels.service_name }} wait half of their time for one task',
      description: '{{ $value | humanizePercentage }} of the batches’ time is the delay by their slowest member.',
      board: 'swarmscope-tasks',
      runbook: {
        meaning: 'A barrier waits for its slowest member while the other workers have nothing to do.',
        causes: [
          'Tasks of very different sizes in one superstep.',
          'The longest task starts last.',
          'One member meets a rate limit or a lock.',
        ],
        look: ['Tasks: how long the slowest held the others up.', 'The report of a run names the straggler of each batch.'],
        act: ['Start the longest first, split it, or let the next superstep begin without it.'],
      },
      cases: [
        { title: 'a straggler that takes most of each batch', series: batches('0+8x120', '0+10x120'), at: '80m', fires: true },
        { title: 'even batches', series: batches('0+1x120', '0+10x120'), at: '80m', fires: false },
      ],
    },
  ],
};
